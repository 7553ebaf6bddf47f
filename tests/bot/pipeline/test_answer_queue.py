"""Several people ask at once: who is answered when, and what those who wait are told."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.pipeline.answer_queue import AnswerQueue
from bot.pipeline.core import CoreOptions
from bot.testing import ScriptedModel, chat
from plugins.memory import MemoryPlugin
from tests.emulators.patience import PATIENCE

KEY = "The spare key to the cabin is under the blue flowerpot."
WHERE = "Where is the spare key to the cabin?"


async def test_turns_go_round_between_people() -> None:
    queue, order, told = AnswerQueue(1), list[str](), dict[str, list[str]]()
    gates = {name: asyncio.Event() for name in ("ann 1", "ann 2", "ann 3", "bob 1")}

    async def ask(name: str) -> None:
        async with queue.turn(name.split(maxsplit=1)[0], told.setdefault(name, []).append):
            order.append(name)
            await gates[name].wait()

    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        for name in gates:
            group.create_task(ask(name))
            await asyncio.sleep(0)
        for name in ("ann 1", "bob 1", "ann 2", "ann 3"):
            while order[-1] != name:  # noqa: ASYNC110 (the tasks share no event)
                await asyncio.sleep(0)
            gates[name].set()
    assert order == ["ann 1", "bob 1", "ann 2", "ann 3"]
    assert told["ann 1"] == []
    assert told["bob 1"] == ["One answer is before yours…"]
    assert told["ann 3"][-1] == "One answer is before yours…"
    assert "3 answers are before yours…" in told["ann 3"]


async def test_who_gives_up_waiting_leaves_the_queue() -> None:
    queue = AnswerQueue(1)

    async def wait() -> None:
        async with queue.turn("eve", lambda _: None):
            raise AssertionError("it was somebody else's turn")

    async with queue.turn("ann", lambda _: None):
        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
    async with asyncio.timeout(PATIENCE), queue.turn("bob", lambda _: None):
        assert waiting.cancelled()


async def test_who_waits_for_the_model_is_told_and_answered_after(tmp_path: Path) -> None:
    answer = "Under the blue flowerpot [1]."
    model = ScriptedModel(answer, answer)
    async with chat(tmp_path, plugins=[MemoryPlugin()], model=model, options=CoreOptions(answers_at_once=1)) as ann:
        bob = ann.as_person("Bob")
        for who in (ann, bob):
            await who.says(KEY)
        model.hold, model.held = asyncio.Event(), asyncio.Event()
        await ann.core.deliver(ann.message(WHERE))
        await model.held.wait()
        await bob.core.deliver(bob.message(WHERE))
        async with asyncio.timeout(PATIENCE):
            while "One answer is before yours…" not in ann.adapter.growth:  # noqa: ASYNC110 (the platform is a list)
                await asyncio.sleep(0.01)
        assert len(model.prompts) == 1
        model.hold.set()
        await ann.core.idle()
        said = [(sent.conversation.id, "flowerpot" in sent.reply.text) for sent in ann.adapter.sent[2:]]
        assert said == [("direct-ann", True), ("direct-bob", True)]
