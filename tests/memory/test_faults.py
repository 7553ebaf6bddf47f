"""What a disk, a file system and other programs can do to the database."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from memory import Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder
from memory.errors import NewerSchemaError, StorageError
from memory.sqlite.database import connect
from memory.sqlite.migrations import read_migrations
from tests.memory.sayings import EVERYTHING, add, rows, said, texts
from tests.memory.sqlite_store import store_of

ROOT = Path(__file__).parents[2]


async def fill(path: Path, *entries: str) -> None:
    async with Memory.open(path, HashingEmbedder()) as memory:
        await add(
            memory, await memory.conversations.ensure("test", "1"), *(said(text, n) for n, text in enumerate(entries))
        )


def open_and_close(path: Path) -> None:
    async def opened() -> None:
        async with Memory.open(path, HashingEmbedder()):
            pass

    asyncio.run(opened())


def test_a_file_that_is_no_database_is_named_and_left_as_it_is(path: Path) -> None:
    path.write_bytes(b"Dear diary, today I met a jay.\n" * 500)
    before = path.read_bytes()
    with pytest.raises(StorageError, match=r"memory\.db is not a Scrubjay database"):
        open_and_close(path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_database_whose_beginning_is_damaged_is_told_with_how_to_restore_it(path: Path) -> None:
    asyncio.run(fill(path, "the tent is torn"))
    data = path.read_bytes()
    for damaged in (b"\0" * 100 + data[100:], data[:68] + b"\0" * 4 + data[72:]):
        path.write_bytes(damaged)
        with pytest.raises(StorageError, match=r"damaged.*scrubjay restore FILE"):
            open_and_close(path)


def test_a_damaged_page_is_found_in_a_moment(path: Path) -> None:
    asyncio.run(fill(path, *(f"the tent number {number} is torn" for number in range(500))))
    data = bytearray(path.read_bytes())
    pages = len(data) // 4096
    data[(pages - 2) * 4096 : (pages - 1) * 4096] = b"\xff" * 4096
    path.write_bytes(data)

    async def check_briefly() -> list[str]:
        async with Memory.open(path, HashingEmbedder()) as memory:
            return await memory.upkeep.check_briefly()

    assert asyncio.run(check_briefly()) != []


LEAVES_ITS_LOG = """
import asyncio, os, sys
from pathlib import Path
from memory import Memory
from memory.embedders.hashing import HashingEmbedder
from tests.memory.sayings import said

async def main():
    async with Memory.open(Path(sys.argv[1]), HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("test", "1")
        for number in range(20):
            await memory.passages.add(place, [said(f"text {number}", number)])
        os._exit(9)

asyncio.run(main())
"""


def test_a_log_that_was_cut_after_a_kill_is_told_with_how_much_is_gone(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root = Path(__file__).parents[2]
    for cut in (False, True):
        subprocess.run([sys.executable, "-c", LEAVES_ITS_LOG, str(path)], cwd=root, check=False)  # noqa: S603 (our own program)
        log = path.with_name(f"{path.name}-wal")
        if cut:
            with log.open("r+b") as file:
                file.truncate(log.stat().st_size // 2)
        open_and_close(path)
        assert ("was cut short: between 1 and " in caplog.text) is cut


def test_another_program_s_database_is_left_as_it_is(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE bookmarks (url)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(StorageError, match="another program"):
        open_and_close(path)
    assert path.read_bytes() == before


def test_a_database_from_a_newer_version_is_left_as_it_is(path: Path) -> None:
    asyncio.run(fill(path, "kept"))
    newer = connect(path)
    newer.execute(f"PRAGMA user_version = {len(read_migrations()) + 1}")
    newer.close()
    before = path.read_bytes()
    with pytest.raises(NewerSchemaError, match="upgrade Scrubjay"):
        open_and_close(path)
    assert path.read_bytes() == before


def test_a_damaged_database_is_said_to_be_damaged(path: Path) -> None:
    asyncio.run(fill(path, *(f"text {n}" for n in range(500))))
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * 10)
    with pytest.raises(StorageError, match="damaged; restore a backup"):
        asyncio.run(read_all(path))


async def read_all(path: Path) -> None:
    async with Memory.open(path, HashingEmbedder()) as memory:
        await memory.passages.select(Scope.all(), EVERYTHING)


@pytest.mark.parametrize("where", ["file/memory.db", "folder"])
def test_a_place_that_can_t_hold_a_database_is_named(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").write_text("a file")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StorageError, match=r"file|folder"):
        open_and_close(tmp_path / where)


def test_an_empty_file_becomes_a_database(path: Path) -> None:
    path.touch()
    asyncio.run(fill(path, "kept"))
    assert "kept" in rows(path, "SELECT text FROM passages")[0]


async def test_a_database_that_another_process_keeps_locked_says_so_and_serves_reads(path: Path) -> None:
    async with Memory.open(path, HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("test", "1")
        await add(memory, place, said("before"))
        await store_of(memory)._writer.execute("PRAGMA busy_timeout = 200")  # instead of half a minute
        other = connect(path)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="locked by another process"):
            await add(memory, place, said("refused", 1))
        assert await texts(memory) == ["before"]
        other.execute("ROLLBACK")
        other.close()
        await add(memory, place, said("after", 2))
        assert await texts(memory) == ["before", "after"]
        assert await memory.upkeep.check() == []


async def test_a_full_disk_refuses_the_write_and_keeps_all_that_was_confirmed(path: Path) -> None:
    async with Memory.open(path, HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("test", "1")
        await add(memory, place, said("confirmed", event_id="1"))
        pages = rows(path, "PRAGMA page_count")[0][0]
        await store_of(memory).write(lambda c: c.execute(f"PRAGMA max_page_count = {pages + 20}"))
        big = [said(f"{n} " + "much text " * 500, n) for n in range(100)]
        outcomes = await asyncio.gather(
            memory.passages.add(place, big),
            memory.passages.add(place, [said("small", 200)]),
            return_exceptions=True,
        )
        assert any(isinstance(each, StorageError) and "full; free some space" in str(each) for each in outcomes)
        assert await memory.upkeep.check() == []
        assert (await texts(memory))[0] == "confirmed"
        assert len(await texts(memory)) == 1 + (not isinstance(outcomes[1], BaseException))
        assert (await memory.forget(Scope.all(), Selection(matching="confirmed"))).passages == 1
        await store_of(memory).write(lambda c: c.execute("PRAGMA max_page_count = 4294967294"))
        assert len(await memory.passages.add(await memory.conversations.ensure("test", "1"), big)) == 100
        assert await memory.upkeep.check() == []


LIMITED = """
import asyncio, resource, signal, sys
from pathlib import Path
from memory import Memory
from memory.embedders.hashing import HashingEmbedder
from memory.errors import StorageError
from tests.memory.sayings import add, said

async def main():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    async with Memory.open(Path(sys.argv[1]), HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("test", "1")
        resource.setrlimit(resource.RLIMIT_FSIZE, (900_000, resource.RLIM_INFINITY))
        for n in range(10_000):
            try:
                await add(memory, place, said(f"{n} " + "much text " * 50, n, event_id=str(n)))
            except StorageError as error:
                print("refused:", error)
                break
            print("stored", n)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        await add(memory, place, said("there is room again", 20_000))

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits on files are a Unix matter")
async def test_a_quota_that_is_used_up_loses_nothing_that_was_confirmed(path: Path) -> None:
    status, said_there = await run(LIMITED, str(path))
    assert status == 0, said_there
    assert "refused: " in said_there
    assert "the disk reports an error" in said_there
    stored = said_there.count("stored ")
    assert stored > 10
    async with Memory.open(path, HashingEmbedder()) as memory:
        assert await memory.upkeep.check() == []
        assert len(await texts(memory)) == stored + 1


READ_ONLY = """
import asyncio, os, sys
from pathlib import Path
from memory import Memory
from memory.embedders.hashing import HashingEmbedder
from memory.errors import StorageError

async def opened(path):
    async with Memory.open(Path(path), HashingEmbedder()):
        pass

asyncio.run(opened(sys.argv[2]))  # all that is imported late is there before the rights go
if os.geteuid() == 0:
    os.setuid(65534)
try:
    asyncio.run(opened(sys.argv[1]))
except StorageError as error:
    print(error)
    sys.exit(5)
"""


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that others can read but not write, the system's nobody among them."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions there are another matter")
@pytest.mark.parametrize("holds", ["a database", "nothing"])
def test_a_folder_that_may_only_be_read_is_an_error_that_says_so(
    shared_folder: Path, tmp_path: Path, holds: str
) -> None:
    path = shared_folder / "memory.db"
    if holds == "a database":
        asyncio.run(fill(path, "kept"))
        path.chmod(0o444)
    shared_folder.chmod(0o555)
    status, said_there = asyncio.run(run(READ_ONLY, str(path), str(tmp_path / "warm.db")))
    shared_folder.chmod(0o755)
    assert status == 5, said_there
    assert "memory.db can't be" in said_there
    assert "permissions" in said_there or "may be written" in said_there


async def run(script: str, *arguments: str) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, *arguments, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await process.communicate()
    return process.returncode, output.decode()
