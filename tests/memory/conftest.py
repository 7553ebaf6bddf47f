from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from memory import Conversation, Memory
from memory.embedders.hashing import HashingEmbedder
from tests.memory.postgres import server as postgres


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "memory.db"


@pytest.fixture
async def memory(path: Path) -> AsyncIterator[Memory]:
    async with Memory.open(path, HashingEmbedder()) as opened:
        yield opened


@pytest.fixture
async def place(memory: Memory) -> Conversation:
    return await memory.conversations.ensure("test", "1", title="The trip")


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """The address of a PostgreSQL that all workers of a test run share."""
    base = tmp_path_factory.getbasetemp()
    with postgres.start((base if worker_id == "master" else base.parent) / "postgres") as address:
        yield address
