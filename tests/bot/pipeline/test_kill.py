from __future__ import annotations

import asyncio
import random
import sys
from collections import Counter
from pathlib import Path

import pytest

from memory import Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder
from tests.bot.pipeline.killed_bot import MESSAGES

ROOT = Path(__file__).parents[3]
KILLS = 4


async def lines_of(path: Path) -> list[str]:
    return (await asyncio.to_thread(path.read_text)).splitlines() if path.exists() else []  # noqa: ASYNC240 (a stat)


async def run_bot(folder: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bot.pipeline.killed_bot", str(folder), cwd=ROOT
    )


@pytest.mark.slow
async def test_a_bot_killed_at_any_moment_loses_nothing_it_acknowledged_and_stores_nothing_twice(
    tmp_path: Path,
) -> None:
    kills = 0
    moments = random.Random(7)
    while kills < KILLS:
        before = len(await lines_of(tmp_path / "acknowledged"))
        bot = await run_bot(tmp_path)
        target = before + moments.randint(2, 8)
        while bot.returncode is None and len(await lines_of(tmp_path / "acknowledged")) < target:  # noqa: ASYNC110 (another process moves on)
            await asyncio.sleep(0.003)
        await asyncio.sleep(moments.random() * 0.02)
        assert bot.returncode is None, "the bot ended by itself before it could be killed"
        bot.kill()
        await bot.wait()
        kills += 1
    assert await (await run_bot(tmp_path)).wait() == 0

    acknowledged, sent = await lines_of(tmp_path / "acknowledged"), Counter(await lines_of(tmp_path / "sent"))
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as memory:
        await memory.embeddings.embed_pending()
        everything = Selection(everything=True, kinds=("message",))
        stored = [passage.event_id for passage in await memory.passages.select(Scope.all(), everything, limit=1000)]
        answers = Selection(everything=True, kinds=("answer",))
        replies = [passage.reply_to for passage in await memory.passages.select(Scope.all(), answers, limit=1000)]
        assert await memory.delivery.list_waiting() == []
        assert await memory.delivery.list_unsent() == []
        assert await memory.upkeep.check() == []
    assert len(stored) == len(set(stored)) == MESSAGES
    assert set(acknowledged) == set(stored)
    assert sorted(map(str, replies)) == sorted(map(str, stored))
    assert sent.keys() == set(stored)
    assert sum(sent.values()) <= MESSAGES + KILLS  # at most the reply in flight goes out again
