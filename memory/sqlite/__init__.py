"""Everything that knows SQLite's SQL."""
