from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from memory import Conversation, Memory
from memory.embedders.hashing import HashingEmbedder


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
