"""Which storage engine keeps a memory: the only module that knows there is SQLite.

Another engine, such as PostgreSQL, would be a folder beside `memory.sqlite` that implements `memory.engine`, and a
choice here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from memory.engine import Engine
from memory.ledger import Ledger


def open_engine(path: Path, *, search_cache_mb: int) -> AbstractAsyncContextManager[Engine]:
    """Open or create the database at `path`, migrated to the newest layout. Raises StorageError.

    Up to `search_cache_mb` megabytes of memory may go into making searches faster.
    """
    from memory.sqlite import opening  # noqa: PLC0415 (only what opens a memory needs the time it takes)

    return opening.open_engine(path, search_cache_mb)


@asynccontextmanager
async def open_ledger(path: Path) -> AsyncIterator[Ledger]:
    """Open the ledger at `path` alone: the memory beside it takes an embedding model. Raises StorageError."""
    from memory.sqlite import opening  # noqa: PLC0415 (as above)

    async with opening.open_access_tables(path) as tables:
        yield Ledger(tables)


def restore_backup(source: Path, target: Path, aside: Path) -> bool:
    """Copy the backup `source` to `target`, whose database is moved to `aside`; say whether there was one. Blocking.

    Raises StorageError, and changes nothing, when `source` is not a sound database of Scrubjay's or `target` is in use.
    """
    from memory.sqlite import restore  # noqa: PLC0415 (as above)

    return restore.put_in_place(source, target, aside)


def describe_database() -> str:
    """Return the database library in use with its version, having tried what the memory needs of it. Blocking.

    Raises StorageError where full-text or vector search does not work.
    """
    from memory.sqlite import opening  # noqa: PLC0415 (as above)

    return opening.describe_library()
