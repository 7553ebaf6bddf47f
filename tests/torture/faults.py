"""Takes the disk away while messages are stored, and turns the clock back."""

from __future__ import annotations

import asyncio
import os
import random
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from memory import Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder
from memory.errors import StorageError
from tests.memory.sayings import said

FULL, CLOCKS = 20, 20
_OPEN_AS_NOBODY = """
import asyncio, os, sys
from pathlib import Path
from memory import Memory
from memory.embedders.hashing import HashingEmbedder

async def main():
    for user in (0, 65534):  # the first time imports what lies where nobody else may read
        os.setuid(user)
        async with Memory.open(Path(sys.argv[1]), HashingEmbedder()):
            pass
        print("opened", user)

asyncio.run(main())
"""
_CLEAR = ("full", "can't be written", "disk reports an error")


def count() -> str:
    """Try each fault some times; return how often. Raises AssertionError where something was lost or unclear."""
    for _ in range(FULL):
        with tempfile.TemporaryDirectory(prefix="scrubjay-full-") as folder:
            command = [sys.executable, "-m", "tests.torture.faults", folder, str(random.randrange(400_000, 4_000_000))]
            subprocess.run(command, check=True)  # noqa: S603 (our own program)
    for _ in range(CLOCKS):
        with tempfile.TemporaryDirectory(prefix="scrubjay-clock-") as folder:
            asyncio.run(_turn_back(Path(folder) / "memory.db"))
    done = [f"{FULL} full disks", f"{CLOCKS} clocks"]
    if os.getuid() == 0:
        with tempfile.TemporaryDirectory(prefix="scrubjay-read-only-") as folder:
            _read_only(Path(folder))
        done.append("1 read-only folder")
    return ", ".join(done)


async def fill(path: Path, most_bytes: int) -> None:
    """Store until no file may grow any more, then let them grow, and look whether all that was confirmed is there."""
    confirmed: list[str] = []
    async with Memory.open(path, HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("test", "1")
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, hard))
        try:
            while True:
                event = f"event {len(confirmed)}"
                await memory.delivery.receive(place, said(event * 50, len(confirmed), event_id=event), event)
                confirmed.append(event)
        except StorageError as error:
            told = str(error)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        await memory.delivery.receive(place, said("after", 1_000_000, event_id="after"), "after")
    assert any(words in told for words in _CLEAR), told
    await _check(path, [*confirmed, "after"])


async def _turn_back(path: Path) -> None:
    """Store messages whose times jump back by an hour now and then."""
    confirmed: list[str] = []
    at = 100_000
    async with Memory.open(path, HashingEmbedder()) as memory, memory.embeddings.embed_in_background():
        place = await memory.conversations.ensure("test", "1")
        for number in range(50):
            at += random.choice([1, 1, 1, -60])
            await memory.delivery.receive(place, said(f"text {number}", at, event_id=str(number)), str(number))
            confirmed.append(str(number))
    await _check(path, confirmed)


def _read_only(folder: Path) -> None:
    """Open a memory as a user who may not write it; root may write everything."""
    path = folder / "data" / "memory.db"
    asyncio.run(_turn_back(path))
    before = path.read_bytes()
    folder.chmod(0o755)
    path.parent.chmod(0o555)
    path.chmod(0o444)
    command = [sys.executable, "-c", _OPEN_AS_NOBODY, str(path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 (our own program)
    assert done.stdout.split() == ["opened", "0"], done.stdout
    assert "StorageError" in done.stderr, done.stderr
    assert path.read_bytes() == before


async def _check(path: Path, confirmed: list[str]) -> None:
    async with Memory.open(path, HashingEmbedder()) as memory:
        assert await memory.upkeep.check() == []
        passages = await memory.passages.select(Scope.all(), Selection(everything=True), limit=1_000_000)
        found = Counter(passage.event_id for passage in passages)
    assert all(found[event] == 1 for event in confirmed), "what was confirmed is there once"


if __name__ == "__main__":
    asyncio.run(fill(Path(sys.argv[1]) / "memory.db", int(sys.argv[2])))
