from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot import Context, Plugin, command
from bot.errors import AccessDenied
from bot.pipeline.core import CoreOptions
from bot.pipeline.histories import OwnHistories
from bot.testing import chat
from memory import Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder
from tests.loop_time import let_pass

DEADLINE = 600.0


class Digger(Plugin):
    """Works for longer than the deadline, and shows how far it is, or does not."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    @command("dig", "dig, and tell how deep")
    async def dig(self, context: Context) -> str:
        async with context.growing() as grow:
            for metre in range(4):
                let_pass(DEADLINE / 2, self._monkeypatch)
                grow(f"{metre} m")
                await asyncio.sleep(0.01)
        return "Water!"

    @command("sulk", "dig, and tell nobody")
    async def sulk(self, context: Context) -> str:
        async with context.growing():
            let_pass(DEADLINE, self._monkeypatch)
            await asyncio.sleep(DEADLINE)
        return "Water!"


async def test_work_that_shows_how_far_it_is_may_take_longer_than_the_deadline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chat(tmp_path, plugins=[Digger(monkeypatch)], options=CoreOptions(deadline=DEADLINE, grace=1)) as ann:
        assert await ann.says("/dig") == ["Water!"]
        assert "1 m" in ann.adapter.growth


async def test_work_that_shows_nothing_is_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with chat(tmp_path, plugins=[Digger(monkeypatch)], options=CoreOptions(deadline=DEADLINE, grace=1)) as ann:
        (reply,) = await ann.says("/sulk")
        assert "took too long" in reply


async def test_an_importer_in_a_chat_reaches_nobody_else_s_memory(tmp_path: Path) -> None:
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as memory:
        ann, bo = await memory.people.ensure("test", "ann", "Ann"), await memory.people.ensure("test", "bo", "Bo")
        theirs = await memory.conversations.ensure("test", "bo", owner_id=bo.id)
        group = await memory.conversations.ensure("test", "group", kind="group")
        own = OwnHistories(memory, ann)

        for place in (theirs, group):
            with pytest.raises(AccessDenied):
                await own.add(place, [])
        with pytest.raises(AccessDenied):
            await own.conversation("test", "bo", owner_id=bo.id)
        assert await own.conversations(Scope.all()) == []
        assert await own.passages(Scope.all(), Selection(everything=True)) == []
