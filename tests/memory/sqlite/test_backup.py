from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from memory import Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder
from memory.errors import StorageError
from memory.sqlite.backup import back_up
from memory.sqlite.vectors import nearest
from tests.memory.sayings import add, found, rows, said, texts
from tests.memory.sqlite_store import store_of

pytestmark = pytest.mark.sqlite_only


async def test_a_backup_made_while_others_write_is_whole(memory: Memory, tmp_path: Path) -> None:
    place = await memory.conversations.ensure("test", "1")
    await add(memory, place, *(said(f"zeppelin {n}", n) for n in range(50)))
    writing = [asyncio.create_task(add(memory, place, said(f"more {n}", 100 + n))) for n in range(50)]
    await memory.upkeep.back_up(tmp_path / "copy.db")
    await asyncio.gather(*writing)
    async with Memory.open(tmp_path / "copy.db", HashingEmbedder()) as copy:
        assert await copy.upkeep.check() == []
        kept = await texts(copy)
        assert kept == (await texts(memory))[: len(kept)]
        assert len(kept) >= 50
        assert await found(copy, "which zeppelin?") != []
    assert len(await texts(memory)) == 100


async def test_a_backup_never_replaces_a_file_and_leaves_nothing_half_written(memory: Memory, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    await asyncio.to_thread(taken.write_text, "precious")
    with pytest.raises(StorageError, match="exists already"):
        await memory.upkeep.back_up(taken)
    with pytest.raises(StorageError, match="no-such-folder"):
        await memory.upkeep.back_up(tmp_path / "no-such-folder" / "copy.db")
    assert await asyncio.to_thread(taken.read_text) == "precious"
    assert [file.name for file in tmp_path.iterdir() if "part" in file.name] == []  # noqa: ASYNC240 (a moment)


def test_a_backup_of_what_is_no_database_is_an_error(tmp_path: Path) -> None:
    source = tmp_path / "source.db"
    source.write_text("no database, " * 100)
    with pytest.raises(StorageError):
        back_up(source, tmp_path / "copy.db")
    assert [file.name for file in tmp_path.iterdir()] == ["source.db"]


async def test_the_nearest_vectors_are_the_same_in_a_backup_of_a_memory_with_gaps(
    memory: Memory, tmp_path: Path
) -> None:
    """The search table keeps its vectors in chunks by number; a copy must not number them anew."""
    place = await memory.conversations.ensure("test", "1")
    ids = await add(memory, place, *(said(f"zeppelin {n} flies to town {n * 7 % 1000}", n * 200) for n in range(2500)))
    await memory.embeddings.embed_pending()
    for doomed in (ids[:600], ids[600:1100]):  # the whole first chunk, by two small forgettings
        await memory.forget(Scope.all(), Selection(passage_ids=tuple(doomed)))
    assert rows(memory.folder / "memory.db", "SELECT min(chunk_id) FROM bits_1_chunks") == [(2,)]
    await memory.upkeep.back_up(tmp_path / "copy.db")
    question = HashingEmbedder().embed_query("zeppelin 2222 flies to town 554")
    async with Memory.open(tmp_path / "copy.db", HashingEmbedder()) as copy:
        async with store_of(memory).reading() as here, store_of(copy).reading() as there:
            expected = await nearest(here, 1, question, None, 20)
            assert await nearest(there, 1, question, None, 20) == expected
            assert ids[2222] in expected
        assert np.isfinite(question).all()
        assert await copy.upkeep.check() == []
