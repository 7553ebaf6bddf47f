from __future__ import annotations

import asyncio
import sys
from collections import Counter
from pathlib import Path

import pytest

from bot.jobs.due import AT_ONCE
from memory import Memory
from memory.embedders.hashing import HashingEmbedder
from tests.plugins.reminders.killed_bot import REMINDERS

ROOT = Path(__file__).parent.parent.parent.parent
KILLS = 3


def sent(folder: Path) -> list[str]:
    path = folder / "sent"
    return path.read_text().splitlines() if path.exists() else []


async def run_bot(folder: Path, task: str) -> asyncio.subprocess.Process:
    command = [sys.executable, "-m", "tests.plugins.reminders.killed_bot", str(folder), task]
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT)


@pytest.mark.slow
async def test_a_bot_killed_while_it_reminds_loses_no_reminder_and_repeats_at_most_those_in_flight(
    tmp_path: Path,
) -> None:
    assert await (await run_bot(tmp_path, "plan")).wait() == 0
    for kill in range(1, KILLS + 1):
        bot = await run_bot(tmp_path, "remind")
        while bot.returncode is None and len(sent(tmp_path)) < kill * REMINDERS // (KILLS + 2):  # noqa: ASYNC110 (another process moves on)
            await asyncio.sleep(0.002)
        assert bot.returncode is None, "the bot ended by itself before it could be killed"
        bot.kill()
        await bot.wait()
    assert await (await run_bot(tmp_path, "remind")).wait() == 0

    counted = Counter(sent(tmp_path))
    assert set(counted) == {f"⏰ do thing {number}" for number in range(REMINDERS)}
    assert sum(counted.values()) - REMINDERS <= KILLS * AT_ONCE  # those that were being sent side by side
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as memory:
        assert await memory.delivery.list_unsent() == []
        assert await memory.jobs.select("reminders") == []
        assert await memory.upkeep.check() == []
