"""What the memory raises.

MemoryStoreError
├── StorageError          the file can't be opened, read or written
│   ├── NewerSchemaError  a newer version of Scrubjay wrote it
│   └── RecordRefused     this one record can't be stored, others can
│       └── RecordOrphaned  what it belongs to is forgotten by now: a SourceForgotten, too
├── SourceForgotten       what is to be kept was made from something that is forgotten by now
├── TakenOver             another process has taken over what is being handled here
├── ValueRefused          a plugin's value or key is too large, or there are too many
└── EmbedderError         text could not be turned into vectors
"""

from __future__ import annotations


class MemoryStoreError(Exception):
    """The root of everything the memory raises on purpose; the message says what to do."""


class StorageError(MemoryStoreError):
    """Raised when the database can't be opened, read or written (locked, full, read-only, not a database)."""


class NewerSchemaError(StorageError):
    """Raised on opening a database that a newer version of Scrubjay has migrated."""


class RecordRefused(StorageError):  # noqa: N818 (said as such)
    """Raised when the database can't take this one record: it would fail each time, while others are stored."""


class SourceForgotten(MemoryStoreError):  # noqa: N818 (said as such)
    """Raised when what is to be kept was made from a passage that has been forgotten meanwhile."""


class RecordOrphaned(RecordRefused, SourceForgotten):
    """Raised when the conversation, person or message that a record belongs to has been forgotten meanwhile."""


class TakenOver(MemoryStoreError):  # noqa: N818 (said as such)
    """Raised when another process handles a message by now: this one had lost its connection, and passed for dead."""


class ValueRefused(MemoryStoreError):  # noqa: N818 (said as such)
    """Raised when what a plugin wants to keep is too large, or too much."""


class EmbedderError(MemoryStoreError):
    """Raised when an embedding model can't be loaded, or yields something other than a vector."""
