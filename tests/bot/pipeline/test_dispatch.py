from __future__ import annotations

import asyncio
from collections import defaultdict
from functools import partial

import pytest

from bot.pipeline.dispatch import Lanes
from memory.errors import RecordRefused, StorageError

Item = tuple[str, int]


async def test_a_lane_keeps_its_order_while_others_run_beside_it() -> None:
    handled: list[Item] = []
    first_is_stuck, others_are_done = asyncio.Event(), asyncio.Event()

    async def handle(item: Item) -> None:
        if item == ("a", 0):
            await first_is_stuck.wait()
        handled.append(item)
        if item == ("b", 2):
            others_are_done.set()

    async with Lanes(handle) as lanes:
        for number in range(3):
            lanes.put("a", ("a", number))
            lanes.put("b", ("b", number))
        await others_are_done.wait()
        assert handled == [("b", 0), ("b", 1), ("b", 2)]
        first_is_stuck.set()
        await lanes.idle()
    assert handled[3:] == [("a", 0), ("a", 1), ("a", 2)]


async def test_what_can_not_be_fetched_yet_is_fetched_later_and_nothing_overtakes_it() -> None:
    handled: list[str] = []
    failures = [StorageError("away"), StorageError("still away")]

    async def handle(item: str) -> None:
        handled.append(item)

    async def fetch() -> str:
        if failures:
            raise failures.pop()
        return "stored"

    async def refuse() -> str:
        raise RecordRefused("it can't be read at all")

    async with Lanes(handle, pause=0) as lanes:
        lanes.put_waiting("a", refuse)
        lanes.put_waiting("a", fetch)
        lanes.put("a", "given")
        await lanes.idle()
    assert handled == ["stored", "given"]


async def test_a_full_lane_leaves_what_is_stored_where_it_is_until_its_turn() -> None:
    handled: list[str] = []
    fetched: list[int] = []
    go = asyncio.Event()

    async def handle(item: str) -> None:
        await go.wait()
        handled.append(item)

    async def fetch(number: int) -> str | None:
        fetched.append(number)
        return None if number == 4 else f"stored {number}"

    async with Lanes(handle, length=2) as lanes:
        lanes.put("a", "first", fetch=partial(fetch, 0))
        await asyncio.sleep(0)  # it is taken, and there is room for two
        for number in range(1, 6):
            lanes.put("a", f"given {number}", fetch=partial(fetch, number))
        lanes.put("b", "another lane", fetch=partial(fetch, 6))
        lanes.put("a", "stored nowhere")
        assert fetched == []
        go.set()
        await lanes.idle()
    assert fetched == [3, 4, 5]
    assert [each for each in handled if each != "another lane"] == [
        "first", "given 1", "given 2", "stored 3", "stored 5", "stored nowhere"
    ]  # fmt: skip


async def test_a_message_that_fails_does_not_stop_its_lane(caplog: pytest.LogCaptureFixture) -> None:
    handled: list[int] = []

    async def handle(item: int) -> None:
        if item == 1:
            raise RuntimeError("broken")
        handled.append(item)

    async with Lanes(handle) as lanes:
        for number in range(3):
            lanes.put("a", number)
        await lanes.idle()
    assert handled == [0, 2]
    assert "broken" in caplog.text


async def test_a_thousand_conversations_are_cheap_and_vanish_when_idle() -> None:
    handled: dict[str, list[int]] = defaultdict(list)

    async def handle(item: Item) -> None:
        await asyncio.sleep(0)
        handled[item[0]].append(item[1])

    async with Lanes(handle, length=5) as lanes:
        for number in range(20):
            for conversation in range(1000):
                lanes.put(str(conversation), (str(conversation), number))
        await lanes.idle()
        assert lanes.open == 0
    assert all(numbers == list(range(20)) for numbers in handled.values())
    assert len(handled) == 1000
    assert len(asyncio.all_tasks()) == 1


async def test_closing_lets_the_one_in_flight_finish_and_drops_the_rest() -> None:
    handled: list[int] = []
    begun = asyncio.Event()

    async def handle(item: int) -> None:
        begun.set()
        await asyncio.sleep(0.02)
        handled.append(item)

    async with Lanes(handle, grace=60) as lanes:
        lanes.put("a", 0)
        lanes.put("a", 1)
        await begun.wait()
    assert handled == [0]


async def test_closing_cancels_what_does_not_end() -> None:
    cancelled = asyncio.Event()

    async def handle(_: int) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    async with Lanes(handle, length=1, grace=0.01) as lanes:
        lanes.put("a", 0)
        await asyncio.sleep(0)
        lanes.put("a", 1)
    assert cancelled.is_set()
