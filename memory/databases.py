"""Which storage engine keeps a memory: the only module that knows that there are several.

Without an address it is SQLite, in a file; `postgresql://…` names a database on a server.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from memory.addresses import StoreAddress
from memory.engine import AccessTables, Engine
from memory.engine.transfer import Transfer
from memory.errors import StorageError
from memory.ledger import Ledger
from memory.server_conditions import ServerCondition


def open_engine(store: Path | StoreAddress, *, search_cache_mb: int) -> AbstractAsyncContextManager[Engine]:
    """Open the database, migrated to the newest layout; a file is made where there is none. Raises StorageError.

    Up to `search_cache_mb` megabytes of memory may go into making searches of a file faster.
    """
    address = _address_of(store)
    if address.server is None:
        from memory.sqlite import opening  # noqa: PLC0415 (only what opens a memory needs the time it takes)

        return opening.open_engine(address.path, search_cache_mb)
    _require_driver()
    from memory.postgres import opening as server  # noqa: PLC0415 (as above)

    return server.open_engine(address.server, address.path.parent)


@asynccontextmanager
async def open_ledger(store: Path | StoreAddress) -> AsyncIterator[Ledger]:
    """Open the ledger alone: the memory beside it takes an embedding model. Raises StorageError."""
    async with _open_access_tables(_address_of(store)) as tables:
        yield Ledger(tables)


def _open_access_tables(address: StoreAddress) -> AbstractAsyncContextManager[AccessTables]:
    if address.server is None:
        from memory.sqlite import opening  # noqa: PLC0415 (as above)

        return opening.open_access_tables(address.path)
    _require_driver()
    from memory.postgres import opening as server  # noqa: PLC0415 (as above)

    return server.open_access_tables(address.server, address.path.parent)


@asynccontextmanager
async def open_move(
    source: StoreAddress, target: StoreAddress, *, afresh: bool
) -> AsyncIterator[tuple[Transfer, Transfer]]:
    """Open the memory that is to be moved, and where to; it counts as there when the block ends. Raises StorageError.

    `afresh` drops what an earlier move, broken off, has left there.
    """
    async with _open_source(source) as here, _open_target(target, str(source), afresh=afresh) as there:
        yield here, there


def _open_source(address: StoreAddress) -> AbstractAsyncContextManager[Transfer]:
    if address.server is None:
        from memory.sqlite import transfer  # noqa: PLC0415 (as above)

        return transfer.open_source(address.path)
    _require_driver()
    from memory.postgres import transfer as server  # noqa: PLC0415 (as above)

    return server.open_source(address.server, address.path.parent)


def _open_target(address: StoreAddress, source: str, *, afresh: bool) -> AbstractAsyncContextManager[Transfer]:
    if address.server is None:
        from memory.sqlite import transfer  # noqa: PLC0415 (as above)

        return transfer.open_target(address.path, afresh=afresh)
    _require_driver()
    from memory.postgres import transfer as server  # noqa: PLC0415 (as above)

    return server.open_target(address.server, address.path.parent, source, afresh=afresh)


async def inspect_server(address: str) -> list[ServerCondition]:
    """Look at the server that keeps a memory, without opening that. Raises StorageError when nothing can be asked."""
    _require_driver()
    from memory.postgres import inspection  # noqa: PLC0415 (as above)

    return await inspection.inspect(address)


def _address_of(store: Path | StoreAddress) -> StoreAddress:
    return StoreAddress(store) if isinstance(store, Path) else store


def _require_driver() -> None:
    try:
        import asyncpg  # noqa: F401, PLC0415 (an extra)
    except ImportError as error:
        raise StorageError("a memory on PostgreSQL needs the package asyncpg: scrubjay extras add postgres") from error


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
