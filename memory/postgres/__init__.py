"""The engine on PostgreSQL with pgvector: the same facets as `memory.sqlite`, for several machines on one database."""
