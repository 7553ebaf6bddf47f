"""Two bots on one platform and one database: each message and each reply is worked on by one of them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapter import Delivery
from bot.events import Conversation, Feedback, MessageDeleted, Reply
from bot.pipeline.core import CoreOptions
from bot.testing import START, FakeAdapter, ScriptedModel, chat
from memory import Scope, Selection
from tests.emulators.patience import PATIENCE

HOTEL = "we booked the hotel in Lisbon for June"
WHEN = "for when is the hotel in Lisbon booked?"


class InParts(FakeAdapter):
    """A platform that takes each word as a message of its own."""

    async def send(self, conversation: Conversation, reply: Reply, *, reply_to: str | None = None) -> tuple[str, ...]:
        (first,) = await super().send(conversation, reply, reply_to=reply_to)
        return tuple(f"{first}/{number}" for number in range(len(reply.text.split())))


async def test_a_bot_that_starts_leaves_alone_what_another_is_answering(tmp_path: Path) -> None:
    model = ScriptedModel("In June [1].")
    model.hold = asyncio.Event()
    async with chat(tmp_path, model=model) as ann:
        await ann.says(HOTEL)
        await ann.core.deliver(ann.message(WHEN))
        await model.held.wait()
        async with chat(tmp_path, model=ScriptedModel("Twice [1]."), first_minute=10) as second:
            assert second.adapter.sent == []
        model.hold.set()
        await ann.core.idle()
        assert ann.adapter.sent[-1].reply.text.startswith("In June\n")
        assert await ann.memory.delivery.list_waiting() == []


async def test_a_bot_sends_what_another_that_is_gone_could_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    options = CoreOptions(resend_seconds=0.02)
    async with chat(tmp_path, options=options) as staying:
        platform = FakeAdapter()
        serving = asyncio.create_task(staying.core.serve([platform]))
        down = FakeAdapter()
        down.down = True
        async with chat(tmp_path, adapter=down, first_minute=10) as leaving:
            await leaving.says("hello there")
            await asyncio.sleep(0.1)
            assert platform.sent == []
        async with asyncio.timeout(PATIENCE):
            while not platform.sent:  # noqa: ASYNC110 (the other bot moves on)
                await asyncio.sleep(0.01)
        platform.hang_up()
        await serving
        assert len(platform.sent) == 1
        assert await staying.memory.delivery.list_unsent() == []
    assert "could not be sent" in caplog.text


async def test_a_judgement_and_a_deletion_of_any_part_of_a_reply_are_of_the_reply(tmp_path: Path) -> None:
    async with chat(tmp_path, adapter=InParts(), model=ScriptedModel("In June [1].")) as ann:
        await ann.says(HOTEL)
        await ann.says(WHEN)
        parts = ann.adapter.sent[-1].ids[0]
        judged = Feedback(ann.place, ann.sender, f"{parts}/2", 1, START)
        for each in (judged, replace(judged, message_id=f"{parts}/0", value=-1)):
            assert await ann.core.deliver(each) is Delivery.ACCEPTED
        assert [each.value for each in await ann.memory.judgements.select(Scope.all())] == [-1]
        assert await ann.core.deliver(MessageDeleted(ann.place, (f"{parts}/1",))) is Delivery.ACCEPTED
        assert await ann.memory.passages.select(Scope.all(), Selection(matching="In June")) == []
