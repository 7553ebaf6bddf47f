"""Each thing that a server may lack or refuse is told in one sentence that says what to do, and loses nothing."""

from __future__ import annotations

import asyncio
import logging
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import pytest

from memory import Memory
from memory.addresses import StoreAddress
from memory.embedders.hashing import HashingEmbedder
from memory.errors import StorageError
from memory.postgres.connection import Connection, Work
from memory.postgres.errors import explain
from memory.postgres.store import CONNECTIONS, Store
from tests.memory.postgres import server
from tests.memory.sayings import add, said


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the user whom a server runs as can enter, with a path short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="scrubjay-pg-", ignore_cleanup_errors=True) as made:
        yield Path(made)


@pytest.fixture
async def guest(new_database: str) -> AsyncIterator[str]:
    """The address of an empty database for somebody who is no superuser, and owns it."""
    name = new_database.partition("?")[0].rpartition("/")[2]
    role = f"guest_of_{name}"
    connection = await asyncpg.connect(new_database)
    await connection.execute("DROP SCHEMA scrubjay CASCADE")
    await connection.execute(f"CREATE ROLE {role} LOGIN")
    await connection.execute(f"ALTER DATABASE {name} OWNER TO {role}")
    yield new_database.replace("postgres:@", f"{role}@", 1)
    await connection.execute(f"ALTER DATABASE {name} OWNER TO CURRENT_USER")
    await connection.execute(f"DROP OWNED BY {role}")
    await connection.execute(f"DROP ROLE {role}")
    await connection.close()


async def refusal(address: str, folder: Path) -> str:
    with pytest.raises(StorageError) as caught:
        async with Store.open(address, folder):
            pass
    return str(caught.value)


async def run_as_superuser(address: str, *statements: str) -> None:
    connection = await asyncpg.connect(address)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def test_a_server_without_pgvector_is_told_what_to_install(new_database: str, tmp_path: Path) -> None:
    name = new_database.partition("?")[0].rpartition("/")[2]
    await run_as_superuser(
        new_database,
        "DROP SCHEMA scrubjay CASCADE",
        "DROP EXTENSION vector",
        f"ALTER DATABASE {name} SET extension_control_path = '/nowhere'",
    )
    assert "has no pgvector; install it beside the server" in await refusal(new_database, tmp_path)


async def test_who_may_not_make_the_extension_is_told_who_may(guest: str, new_database: str, tmp_path: Path) -> None:
    await run_as_superuser(new_database, "DROP EXTENSION vector")
    assert "run `CREATE EXTENSION vector` in this database as a superuser" in await refusal(guest, tmp_path)


async def test_an_owner_without_other_rights_can_use_the_memory(guest: str, tmp_path: Path) -> None:
    async with Store.open(guest, tmp_path) as store:
        assert await store.read("SELECT 1 FROM people") == []


async def test_who_may_not_use_the_tables_is_told_whose_rights_are_needed(
    guest: str, new_database: str, tmp_path: Path
) -> None:
    async with Store.open(new_database, tmp_path):
        pass
    assert "give it the rights of the tables' owner" in await refusal(guest, tmp_path)


def test_a_server_whose_name_is_not_known_is_told_so() -> None:
    said = explain(socket.gaierror(-2, "Name or service not known"), "postgresql://jay:secret@db.exmaple/scrubjay")
    assert "postgresql://jay@db.exmaple/scrubjay is not found: no machine of that name is known here" in str(said)


async def test_an_old_server_is_told_its_version(folder: Path, tmp_path: Path) -> None:
    with server.start_own(folder / "old", version=16) as old:
        said = await refusal(str(old.get_uri()), tmp_path)
    assert "runs PostgreSQL 16; Scrubjay needs 18 or newer" in said


async def test_a_wrong_password_is_told_and_not_shown(folder: Path, tmp_path: Path) -> None:
    hba = "local all postgres trust\nlocal all all scram-sha-256\n"
    with server.start_own(folder / "own", hba=hba) as own:
        address = str(own.get_uri())
        await run_as_superuser(address, "CREATE ROLE jay LOGIN PASSWORD 'right'")
        said = await refusal(address.replace("postgres:@", "jay:secret@", 1), tmp_path)
    assert "refuses the password; check the address in [memory] store" in said
    assert "secret" not in said


async def test_a_server_without_a_free_connection_is_told_so(guest: str, new_database: str, tmp_path: Path) -> None:
    name = new_database.partition("?")[0].rpartition("/")[2]
    await run_as_superuser(new_database, f"ALTER DATABASE {name} CONNECTION LIMIT 0")
    said = await refusal(guest, tmp_path)
    await run_as_superuser(new_database, f"ALTER DATABASE {name} CONNECTION LIMIT -1")
    assert "has no connection left; raise its max_connections" in said


async def test_a_replica_that_has_the_memory_refuses_what_is_written(new_database: str, tmp_path: Path) -> None:
    name = new_database.partition("?")[0].rpartition("/")[2]
    await run_as_superuser(new_database, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    async with Store.open(new_database, tmp_path) as store:
        with pytest.raises(StorageError, match="it is a replica; name the primary"):
            await store.write(_note)


class Heard(logging.Handler):
    """Keeps the first record of a log, and says when it is there."""

    def __init__(self) -> None:
        super().__init__()
        self.first: asyncio.Future[logging.LogRecord] = asyncio.get_running_loop().create_future()

    def emit(self, record: logging.LogRecord) -> None:
        if not self.first.done():
            self.first.set_result(record)


async def test_what_waits_for_its_vector_on_a_replica_is_told_in_one_line(new_database: str, tmp_path: Path) -> None:
    store = StoreAddress(tmp_path / "memory.db", new_database)
    async with Memory.open(store, HashingEmbedder()) as memory:
        await add(memory, await memory.conversations.ensure("test", "1"), said("a zeppelin"))
    name = new_database.partition("?")[0].rpartition("/")[2]
    await run_as_superuser(new_database, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    log, heard = logging.getLogger("memory.embedders.queue"), Heard()
    log.addHandler(heard)
    try:
        async with Memory.open(store, HashingEmbedder()) as memory, memory.embeddings.embed_in_background():
            record = await asyncio.wait_for(heard.first, 60)
    finally:
        log.removeHandler(heard)
    assert "it is a replica; name the primary in [memory] store" in record.getMessage()
    assert not record.exc_info


async def test_a_write_that_meets_a_primary_turned_replica_goes_to_the_next(new_database: str, tmp_path: Path) -> None:
    name = new_database.partition("?")[0].rpartition("/")[2]
    state = "SELECT pg_backend_pid(), current_setting('transaction_read_only')"
    administrator = await asyncpg.connect(new_database)
    try:
        await administrator.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        async with Store.open(new_database, tmp_path) as store:
            before = await store.read(state)
            await administrator.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
            assert await store.read(state) == before  # the connection that it has still can't write
            await store.write(_note)
            after = await store.read(state)
    finally:
        await administrator.close()
    assert (before[0][1], after[0][1]) == ("on", "off")


async def test_of_several_servers_none_of_which_takes_writes_that_is_told(new_database: str, tmp_path: Path) -> None:
    name, host = new_database.partition("?")[0].rpartition("/")[2], new_database.rpartition("host=")[2]
    await run_as_superuser(new_database, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    assert "no server there is a primary" in await refusal(f"{new_database},{host}", tmp_path)


async def test_a_pool_that_stays_in_use_is_told_and_serves_again(database: str, tmp_path: Path) -> None:
    async with Store.open(database, tmp_path) as store:
        async with AsyncExitStack() as lent:
            for _ in range(CONNECTIONS):
                await lent.enter_async_context(store.reading())
            store.patience = 0.1
            with pytest.raises(StorageError, match=f"all {CONNECTIONS} connections of this process have been in use"):
                await store.write(_note)
        store.patience = 60
        await store.write(_note)
        assert await count_notes(store) == 1


async def test_a_connection_that_is_lost_in_a_transaction_does_it_again_once(database: str, tmp_path: Path) -> None:
    tries: list[int] = []

    async def note_and_break_off(connection: Connection) -> None:
        await _note(connection)
        tries.append(1)
        if len(tries) == 1:
            await connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    async with Store.open(database, tmp_path) as store:
        await store.write(note_and_break_off)
        assert (len(tries), await count_notes(store)) == (2, 1)


async def test_a_transaction_that_others_stand_in_the_way_of_is_run_again(database: str, tmp_path: Path) -> None:
    meet = asyncio.Barrier(2)
    tries: list[str] = []

    def count_and_add(name: str) -> Work[None]:
        async def work(connection: Connection) -> None:
            await connection.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
            count = await connection.fetch_value("SELECT count(*) FROM people")
            tries.append(name)
            if tries.count(name) == 1:
                await meet.wait()
            await connection.execute(
                "INSERT INTO people (platform, external_id, name) VALUES ('test', $1, $2)", name, f"number {count}"
            )

        return work

    async with Store.open(database, tmp_path) as store:
        await asyncio.gather(store.write(count_and_add("a")), store.write(count_and_add("b")))
        assert len(tries) == 3
        assert {row[0] for row in await store.read("SELECT name FROM people")} == {"number 0", "number 1"}


async def _note(connection: Connection) -> None:
    await connection.execute("INSERT INTO people (platform, external_id, name) VALUES ('test', 'a', 'Ann')")


async def count_notes(store: Store) -> int:
    ((count,),) = await store.read("SELECT count(*) FROM people")
    return int(count)
