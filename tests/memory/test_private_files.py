"""What the memory writes is for its owner alone from the first byte, whatever the umask; older folders are closed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from memory import Memory
from memory.databases import restore_backup
from memory.embedders.hashing import HashingEmbedder
from memory.private_files import close_to_others, readable_by_others, write_whole
from tests.memory.sayings import said

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights otherwise")


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_the_database_its_log_its_backup_and_what_is_restored_are_private(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with Memory.open(folder / "memory.db", HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("test", "1")
        await memory.passages.add(place, [said("the tent is torn", 1)])
        assert {path.name for path in folder.iterdir()} >= {"memory.db", "memory.db-wal", "memory.db-shm"}
        assert {path.name: rights(path) for path in folder.rglob("*") if rights(path) & 0o077} == {}
        await memory.upkeep.back_up(tmp_path / "kept.db")
    assert rights(folder) == 0o700
    assert rights(tmp_path / "kept.db") == 0o600
    restore_backup(tmp_path / "kept.db", tmp_path / "other" / "memory.db", tmp_path / "other" / "aside.db")
    assert rights(tmp_path / "other") == 0o700
    assert rights(tmp_path / "other" / "memory.db") == 0o600


def test_an_older_folder_is_found_open_and_closed_but_for_what_is_not_private(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    for name in ("memory.db", "kept/1/note.txt", "models/llama.gguf"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    found = readable_by_others(folder, besides=frozenset({"models"}))
    assert {path.name for path in found} == {"data", "memory.db", "kept", "1", "note.txt"}
    assert close_to_others(found) == 0
    assert readable_by_others(folder, besides=frozenset({"models"})) == []
    assert rights(folder / "models" / "llama.gguf") & 0o077


def test_a_new_file_is_there_only_once_it_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "export.jsonl"
    with pytest.raises(UnicodeEncodeError), write_whole(file) as part:
        part.write_text("half \ud800", "utf-8")
    assert list(tmp_path.iterdir()) == []
    with write_whole(file) as part:
        part.write_text("whole", "utf-8")
    assert file.read_text("utf-8") == "whole"
    with pytest.raises(FileExistsError), write_whole(file):
        pass
    assert file.read_text("utf-8") == "whole"
