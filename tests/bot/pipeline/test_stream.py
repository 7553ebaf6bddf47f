from __future__ import annotations

import asyncio
from functools import partial

import pytest

from bot.adapter import Limits
from bot.events import Reply
from bot.pipeline.stream import PacedStream
from tests.emulators.patience import PATIENCE


class Recorder:
    """A platform's stream that takes its time."""

    def __init__(self, seconds: float = 0.0, *, broken: bool = False) -> None:
        self.shown: list[str] = []
        self.begun = asyncio.Event()
        self.ended = asyncio.Event()
        self._seconds = seconds
        self._broken = broken

    async def grow(self, text: str) -> None:
        self.begun.set()
        try:
            await self._show(text)
        finally:
            self.ended.set()

    async def _show(self, text: str) -> None:
        await asyncio.sleep(self._seconds)
        if self._broken:
            raise ConnectionError
        self.shown.append(text)

    async def finish(self, reply: Reply) -> tuple[str, ...]:
        self.shown.append(reply.text)
        return ("1",)

    async def fail(self, text: str) -> None:
        self.shown.append(text)


async def test_what_is_written_faster_than_the_platform_allows_is_shown_less_often() -> None:
    recorder = Recorder()
    async with PacedStream(recorder, Limits(100, edit_seconds_direct=0.01), "direct") as paced:
        for at in range(3):
            for number in range(1, 11):  # without a pause in which the platform could show any but the last
                paced.grow("x" * (10 * at + number))
            async with asyncio.timeout(PATIENCE):
                while len(recorder.shown) <= at:  # noqa: ASYNC110 (the stream shows it beside this)
                    await asyncio.sleep(0.001)
    assert recorder.shown == ["x" * 10, "x" * 20, "x" * 30]


async def test_of_a_text_that_has_to_be_worked_out_only_what_is_shown_is() -> None:
    recorder, worked_out = Recorder(), []

    def work_out(number: int) -> str:
        worked_out.append(number)
        return "x" * number

    async with PacedStream(recorder, Limits(10_000, edit_seconds_direct=60), "direct") as paced:
        for number in range(1, 5000):
            paced.grow(partial(work_out, number))
            await asyncio.sleep(0)
    assert [len(text) for text in recorder.shown] == worked_out
    assert len(worked_out) == 1


async def test_groups_have_a_pace_of_their_own() -> None:
    recorder = Recorder()
    limits = Limits(100, edit_seconds_direct=0, edit_seconds_group=60)
    async with PacedStream(recorder, limits, "group") as paced:
        for number in range(1, 20):
            paced.grow("x" * number)
            await asyncio.sleep(0.002)
    assert len(recorder.shown) == 1


async def test_nothing_overtakes_the_final_text() -> None:
    recorder = Recorder(seconds=0.05)
    async with PacedStream(recorder, Limits(100, edit_seconds_direct=0), "direct") as paced:
        paced.grow("half")
        await recorder.begun.wait()
    await recorder.finish(Reply("whole"))
    await recorder.ended.wait()
    assert recorder.shown == ["half", "whole"]


async def test_a_platform_that_refuses_an_edit_does_not_stop_the_reply(caplog: pytest.LogCaptureFixture) -> None:
    recorder = Recorder(broken=True)
    async with PacedStream(recorder, Limits(100, edit_seconds_direct=0), "direct") as paced:
        for text in ("half", "half and more"):
            recorder.ended.clear()
            paced.grow(text)
            await recorder.ended.wait()
    assert caplog.text.count("it goes on") == 2


async def test_a_growing_text_stays_within_the_limit() -> None:
    recorder = Recorder()
    async with PacedStream(recorder, Limits(10, edit_seconds_direct=0), "direct") as paced:
        paced.grow("x" * 50)
        await recorder.begun.wait()
    assert recorder.shown == ["x" * 9 + "…"]
