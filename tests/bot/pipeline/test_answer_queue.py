"""Several people ask at once: who is answered when, and what those who wait are told."""

from __future__ import annotations

import asyncio
import itertools
import sys
from itertools import pairwise
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


async def wait_in_line(queue: AnswerQueue, people: int) -> list[list[str]]:
    """Let as many people wait at once, and return what each of them is told until all are answered."""
    told: list[list[str]] = [[] for _ in range(people)]

    async def ask(number: int) -> None:
        async with queue.turn(str(number % (people // 2)), told[number].append):
            await asyncio.sleep(0)

    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        for number in range(people):
            group.create_task(ask(number))
    return told


async def test_who_is_far_behind_is_told_of_every_tenth_step_and_nobody_twice_of_the_same() -> None:
    told = await wait_in_line(AnswerQueue(1), 80)
    assert told[0] == []
    assert told[-1][-2:] == ["2 answers are before yours…", "One answer is before yours…"]
    assert all(first != then for each in told for first, then in pairwise(each))
    assert max(len(each) for each in told) <= 20 + 80 // 10 + 1


async def test_a_long_line_costs_no_more_than_sorting_it_at_each_turn() -> None:
    def calls_for(people: int) -> int:
        count = itertools.count()
        sys.setprofile(lambda *_: next(count))
        try:
            asyncio.run(wait_in_line(AnswerQueue(2), people))
        finally:
            sys.setprofile(None)
        return next(count)

    small, large = [await asyncio.to_thread(calls_for, people) for people in (40, 160)]
    assert large < 30 * small, "four times as many take sixteen times as long; it was 64 times"


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
        # Written one after the other; which of two chats is sent its answer first, nobody promises.
        said = sorted((sent.conversation.id, "flowerpot" in sent.reply.text) for sent in ann.adapter.sent[2:])
        assert said == [("direct-ann", True), ("direct-bob", True)]
