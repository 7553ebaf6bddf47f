from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from memory import ConversationRecord, Memory
from memory.addresses import StoreAddress
from memory.embedders.hashing import HashingEmbedder
from tests.memory.postgres import server as postgres


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what goes through the memory's parts on both engines; what looks into the file is marked `sqlite_only`."""
    if "engine" in metafunc.fixturenames:
        is_of_one = metafunc.definition.get_closest_marker("sqlite_only") or "path" in metafunc.fixturenames
        metafunc.parametrize("engine", ["sqlite"] if is_of_one else ["sqlite", "postgres"])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of a memory that is SQLite's."""
    return tmp_path / "memory.db"


@pytest.fixture
def database(worker_database: str) -> str:
    """The address of a database with the newest layout and nothing in it."""
    postgres.empty_database(worker_database)
    return worker_database


@pytest.fixture
def new_database(postgres_server: str) -> Iterator[str]:
    """The address of a database that a test may spoil."""
    made = postgres.make_database(postgres_server)
    yield made
    postgres.drop_database(postgres_server, made)


@pytest.fixture
def store(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> StoreAddress:
    """Where a memory is kept, by one engine and then by the other."""
    server = request.getfixturevalue("database") if engine == "postgres" else None
    return StoreAddress(tmp_path / "memory.db", server)


@pytest.fixture
async def memory(store: StoreAddress) -> AsyncIterator[Memory]:
    async with Memory.open(store, HashingEmbedder()) as opened:
        yield opened


@pytest.fixture
async def place(memory: Memory) -> ConversationRecord:
    return await memory.conversations.ensure("test", "1", title="The trip")


@pytest.fixture(scope="session")
def postgres_server(testrun_uid: str) -> Iterator[str]:
    """The address of a PostgreSQL that all workers of a test run share.

    Its folder is not pytest's, which shuts out the user that the server runs as when another run begins.
    """
    with postgres.start(Path(tempfile.gettempdir()) / f"scrubjay-postgres-{testrun_uid[:12]}") as address:
        yield address


@pytest.fixture(scope="session")
def worker_database(postgres_server: str) -> Iterator[str]:
    """The address of the database that the tests of one worker share, one after another."""
    made = postgres.make_database(postgres_server)
    yield made
    postgres.drop_database(postgres_server, made)
