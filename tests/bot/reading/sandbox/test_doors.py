"""Hostile code in a reading child, as root and as anybody: every door is closed."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from bot.errors import FileUnreadable
from bot.reading.child import in_child
from bot.reading.child_limits import ChildAccess
from bot.reading.pieces import Piece, ReadItem
from bot.reading.sandbox.landlock import find_version
from tests.bot.reading.sandbox import hostile_reader
from tests.bot.reading.sandbox.hostile_reader import Doors

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux has what this tests"),
    pytest.mark.skipif(sys.platform == "linux" and find_version() < 1, reason="this kernel has no Landlock"),
]
ROOT = Path(__file__).parents[4]


async def try_doors(folder: Path) -> dict[str, str]:
    """Let hostile code try every door from a folder with a database in it; return what came of each."""
    (folder / "memory.db").write_text("what was said", "utf-8")
    file = folder / "report.txt"
    file.write_text("a report", "utf-8")
    async with await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        doors = Doors(str(folder / "memory.db"), str(folder), port, os.getpid())
        said = [item async for item in in_child(hostile_reader.try_doors, file, doors)]
    found = [item.text.split("\n", 2) for item in said if isinstance(item, Piece)]
    assert sorted(os.listdir(folder)) == ["memory.db", "report.txt"]  # noqa: PTH208 (a moment)
    assert file.read_text("utf-8") == "a report"
    return {name: outcome for name, outcome, _ in found}


AS_SOMEBODY_ELSE = """
import ctypes, os, pathlib
user, group = os.getuid(), os.getgid()
assert ctypes.CDLL(None).unshare(0x10000000) == 0
pathlib.Path("/proc/self/setgroups").write_text("deny")
pathlib.Path("/proc/self/uid_map").write_text(f"1000 {user} 1")
pathlib.Path("/proc/self/gid_map").write_text(f"1000 {group} 1")
import asyncio, json, sys
from tests.bot.reading.sandbox.test_doors import try_doors
print(json.dumps(asyncio.run(try_doors(pathlib.Path(sys.argv[1])))))
"""
"""Goes on as user 1000, of a namespace in which that is who we are, before a library starts a thread."""


ALL_CLOSED = dict.fromkeys(hostile_reader.NAMES, "closed")


async def test_every_door_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRUBJAY_SECRET", "SECRET")
    assert await try_doors(tmp_path) == ALL_CLOSED


@pytest.mark.skipif(sys.platform == "linux" and os.getuid() != 0, reason="the test before this one was of that kind")
async def test_every_door_is_closed_to_what_is_not_root(tmp_path: Path) -> None:
    bot = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", AS_SOMEBODY_ELSE, str(tmp_path)),
        cwd=ROOT,
        env={**os.environ, "SCRUBJAY_SECRET": "SECRET"},
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await bot.communicate()
    came_of = json.loads(told)
    del came_of["start threads without end"]  # the system knows who this is, and counts no thread of root's
    assert came_of == dict.fromkeys(came_of, "closed")
    assert len(came_of) == len(ALL_CLOSED) - 1


async def read(function: object, tmp_path: Path, access: ChildAccess | None = None) -> list[ReadItem]:
    file = tmp_path / "report.txt"
    file.write_text("a report", "utf-8")
    return [item async for item in in_child(function, file, None, access=access)]  # type: ignore[arg-type]  # readers all


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="only x86 has them")
async def test_the_second_set_of_numbers_ends_the_process(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="its reader crashed"):
        await read(hostile_reader.use_the_numbers_of_x32, tmp_path)


async def test_a_fork_bomb_in_a_reader_that_may_start_processes_comes_to_an_end(tmp_path: Path) -> None:
    (told,) = await read(hostile_reader.start_processes_without_end, tmp_path, ChildAccess(processes=4))
    assert isinstance(told, Piece)
    assert int(told.text) <= 5 * (64 + 4 * (os.cpu_count() or 1))


async def test_a_folder_that_a_reader_is_given_may_be_read(tmp_path: Path) -> None:
    other = tmp_path / "model"
    other.mkdir()
    (other / "weights").write_text("weights", "utf-8")
    file = tmp_path / "report.txt"
    file.write_text(str(other / "weights"), "utf-8")
    with pytest.raises(FileUnreadable, match="PermissionError"):
        [item async for item in in_child(hostile_reader.read_what_it_names, file, None)]
    access = ChildAccess(readable=(str(other),))
    assert [item async for item in in_child(hostile_reader.read_what_it_names, file, None, access=access)] == [
        Piece("weights")
    ]
