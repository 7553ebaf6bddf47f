"""What the memory raises.

MemoryStoreError
├── StorageError          the file can't be opened, read or written
│   └── NewerSchemaError  a newer version of Scrubjay wrote it
├── EmbedderError         text could not be turned into vectors
└── UnknownIdError        nothing with that id in the scope
"""

from __future__ import annotations


class MemoryStoreError(Exception):
    """The root of everything the memory raises on purpose; the message says what to do."""


class StorageError(MemoryStoreError):
    """Raised when the database can't be opened, read or written (locked, full, read-only, not a database)."""


class NewerSchemaError(StorageError):
    """Raised on opening a database that a newer version of Scrubjay has migrated."""


class EmbedderError(MemoryStoreError):
    """Raised when an embedding model can't be loaded, or yields something that is no vector."""


class UnknownIdError(MemoryStoreError):
    """Raised when an id is asked for that does not exist within the scope."""
