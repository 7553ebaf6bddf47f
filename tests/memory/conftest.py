from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from memory import ConversationRecord, Memory
from memory.addresses import StoreAddress
from memory.embedders.hashing import HashingEmbedder


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
