"""Several real processes on one database: nothing lost, nothing doubled, nothing done twice."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from memory import Memory, Scope
from memory.embedders.hashing import HashingEmbedder
from tests.memory.sayings import EVERYTHING, add, rows, said

ROOT = Path(__file__).parents[2]

WRITING = """
import asyncio, sys
from pathlib import Path
from memory import Memory
from memory.embedders.hashing import HashingEmbedder
from tests.memory.sayings import add, said

async def main(path, name):
    async with Memory.open(Path(path), HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("test", "1")
        for start in range(0, 60, 3):
            shared = [said(f"shared {n}", n, event_id=f"shared {n}") for n in range(start, start + 3)]
            own = [said(f"{name} {n}", n) for n in range(start, start + 3)]
            await asyncio.gather(add(memory, place, *shared), add(memory, place, *own))

asyncio.run(main(*sys.argv[1:]))
"""

EMBEDDING = """
import asyncio, sys
from pathlib import Path
from memory import Memory
from tests.memory.embedders_for_tests import Slow

async def main(path, mine, other):
    embedder = Slow(0.05)
    async with Memory.open(Path(path), embedder) as memory:
        Path(mine).touch()
        while not Path(other).exists():  # a machine under load starts one process much later
            await asyncio.sleep(0.01)
        done = await memory.embeddings.embed_pending()
        print(done, len(embedder.texts), memory.embeddings._model)

asyncio.run(main(*sys.argv[1:]))
"""


async def together(script: str, *commands: tuple[str, ...]) -> list[str]:
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", script, *arguments, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=asyncio.subprocess.PIPE,
        )
        for arguments in commands
    ]  # fmt: skip
    outputs = await asyncio.gather(*(process.communicate() for process in processes))
    assert [process.returncode for process in processes] == [0] * len(processes)
    return [output.decode() for output, _ in outputs]


async def test_processes_that_write_at_once_from_the_first_moment_lose_and_double_nothing(path: Path) -> None:
    """The database does not exist yet: they create it at the same time, too."""
    names = ["one", "two", "three"]
    await together(WRITING, *((str(path), name) for name in names))
    async with Memory.open(path, HashingEmbedder()) as memory:
        stored = sorted(each.text for each in await memory.passages.select(Scope.all(), EVERYTHING, limit=9999))
        assert stored == sorted(f"{name} {n}" for name in ["shared", *names] for n in range(60))
        assert len(await memory.conversations.summarize(Scope.all())) == 1
        assert await memory.upkeep.check() == []


async def test_the_embedding_queue_is_worked_by_several_processes_and_nothing_is_done_twice(path: Path) -> None:
    async with Memory.open(path, HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("test", "1")
        await add(memory, place, *(said(str(n), n) for n in range(2000)))
    one, other = str(path.with_name("one")), str(path.with_name("other"))
    outputs = [line.split() for line in await together(EMBEDDING, (str(path), one, other), (str(path), other, one))]
    assert sum(int(done) for done, _, _ in outputs) == 2000
    assert sum(int(embedded) for _, embedded, _ in outputs) == 2000
    assert all(int(done) > 0 for done, _, _ in outputs), "both had a part in it"
    assert len({model for _, _, model in outputs}) == 1
    assert rows(path, "SELECT name, serving FROM embedding_models") == [("slow", 1)]
    async with Memory.open(path, HashingEmbedder()) as memory:
        assert await memory.upkeep.check() == []
