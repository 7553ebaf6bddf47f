"""Reaches the SQLite store behind an open memory, for tests that look at what is stored."""

from __future__ import annotations

from memory import Memory
from memory.sqlite.store import Store
from memory.sqlite.upkeep import SqliteUpkeep


def store_of(memory: Memory) -> Store:
    assert isinstance(memory.upkeep, SqliteUpkeep)
    return memory.upkeep._store
