from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.commands.transfer import every_passage
from memory import Entry, Memory, Scope
from memory.embedders.hashing import HashingEmbedder

START = datetime(2024, 5, 3, tzinfo=UTC)


@pytest.mark.parametrize("seconds", [0, 0.4, 1, 7])
async def test_every_passage_comes_once_and_in_order_however_many_share_a_moment(
    tmp_path: Path, seconds: float
) -> None:
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("console", "chat")
        moments = [START + timedelta(seconds=int(number * seconds)) for number in range(57)]
        stored = await memory.passages.add(place, [Entry(f"message {moment}", moment) for moment in moments])
        found = [passage async for passage in every_passage(memory, Scope.all(), page=10)]
        assert [passage.id for passage in found] == [each.id for each in stored]


async def test_what_is_outside_the_scope_does_not_come(tmp_path: Path) -> None:
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as memory:
        here = await memory.conversations.ensure("console", "here")
        there = await memory.conversations.ensure("console", "there")
        await memory.passages.add(here, [Entry("seen", START)])
        await memory.passages.add(there, [Entry("hidden", START)])
        found = [passage.text async for passage in every_passage(memory, Scope.of_conversation(here.id))]
        assert found == ["seen"]
