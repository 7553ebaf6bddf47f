"""After forgotten words were looked for in the database's files, other processes still know that it is used."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from memory import Entry, Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder

VISIT = """
import sys
from memory.sqlite.database import connect
from pathlib import Path
connection = connect(Path(sys.argv[1]))
connection.execute("UPDATE conversations SET title = 'seen'")
connection.commit()
connection.close()
"""
NOW = datetime(2026, 5, 3, 12, tzinfo=UTC)


async def test_a_process_that_comes_and_goes_does_not_take_the_log_of_one_that_has_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "memory.db"
    async with Memory.open(path, HashingEmbedder()) as memory:
        home = await memory.conversations.ensure("test", "here", owner_id=None)
        for number in range(3):
            entry = Entry(f"the gate opens with zugspitze471{number}", NOW, "Ann", event_id=str(number))
            await memory.passages.add(home, [entry])
        for number in range(2):
            receipt = await memory.forget(Scope.all(), Selection(matching=f"zugspitze471{number}"), verify=True)
            assert receipt.verified
            visitor = await asyncio.create_subprocess_exec(sys.executable, "-c", VISIT, str(path))
            assert await visitor.wait() == 0
            assert path.with_name("memory.db-wal").exists()
            await memory.passages.add(home, [Entry(f"after visit {number}", NOW, "Ann", event_id=f"new {number}")])
    async with Memory.open(path, HashingEmbedder()) as memory:
        kept = await memory.passages.select(Scope.all(), Selection(everything=True), newest_first=False)
        assert {each.text for each in kept} == {"after visit 0", "after visit 1", "the gate opens with zugspitze4712"}
        assert await memory.upkeep.check() == []
