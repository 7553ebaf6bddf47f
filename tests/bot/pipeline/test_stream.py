from __future__ import annotations

import asyncio
import re
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapter import Limits
from bot.events import Reply
from bot.pipeline.stream import PacedStream, clip, split

utf16 = {"length": lambda text: len(text.encode("utf-16-le")) // 2}


def test_a_short_text_is_one_part() -> None:
    assert split("hello", 10) == ["hello"]
    assert split("", 10) == []


def test_a_long_text_is_cut_between_paragraphs() -> None:
    first, second = "a " * 30, "b " * 30
    assert split(f"{first}\n\n{second}", 100) == [first.strip(), second.strip()]


def test_a_paragraph_too_long_is_cut_at_lines_then_sentences_then_words() -> None:
    assert split("one line\nanother line", 14) == ["one line", "another line"]
    assert split("One sentence. And another.", 26) == ["One sentence. And another."]
    assert split("One sentence. And another one.", 28) == ["One sentence.", "And another one."]
    assert split("words and words and", 12) == ["words and", "words and"]


def test_a_code_fence_that_is_cut_is_closed_and_opened_again() -> None:
    code = "\n".join(f"line {number}" for number in range(40))
    parts = split(f"```python\n{code}\n```", 120)
    assert len(parts) > 2
    assert all(part.startswith("```python\n") and part.endswith("\n```") for part in parts)
    inside = "\n".join(part.removeprefix("```python\n").removesuffix("\n```") for part in parts)
    assert inside == code


def test_a_fence_that_fits_into_the_next_part_is_not_cut() -> None:
    text = f"{'word ' * 12}\n\n```\na\n\nb\n```"
    assert split(text, 72) == [("word " * 12).strip(), "```\na\n\nb\n```"]


@given(st.text(alphabet="ab \n`~é😀.", max_size=300), st.integers(24, 60))
def test_no_part_is_over_the_limit_and_nothing_is_lost(text: str, limit: int) -> None:
    parts = split(text, limit, utf16["length"])
    assert all(utf16["length"](part) <= limit for part in parts)
    assert all(part.strip() for part in parts)
    assert letters(text) == letters("".join(parts))


def letters(text: str) -> str:
    return re.sub(r"[^abé😀.]", "", text)


def test_clipping_marks_what_is_missing() -> None:
    assert clip("hello", 5) == "hello"
    assert clip("hello!", 5) == "hell…"


class Recorder:
    """A platform's stream that takes its time."""

    def __init__(self, seconds: float = 0.0, *, broken: bool = False) -> None:
        self.shown: list[str] = []
        self._seconds = seconds
        self._broken = broken

    async def grow(self, text: str) -> None:
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
    async with PacedStream(recorder, Limits(100, edit_seconds_direct=0.1), "direct") as paced:
        for number in range(1, 101):
            paced.grow("x" * number)
            await asyncio.sleep(0.002)
    assert 2 <= len(recorder.shown) <= 6
    assert recorder.shown == sorted(recorder.shown)


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


def test_splitting_measures_no_more_of_a_long_text_than_it_has_to() -> None:
    measured = 0

    def length(text: str) -> int:
        nonlocal measured
        measured += len(text)
        return len(text)

    def work(size: int) -> int:
        nonlocal measured
        measured = 0
        assert len(split("words and more\n\n" * (size // 16), 1000, length)) > size // 1000
        return measured

    assert work(160_000) < 11 * work(16_000)


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
        await asyncio.sleep(0.01)
    await recorder.finish(Reply("whole"))
    await asyncio.sleep(0.1)
    assert recorder.shown == ["half", "whole"]


async def test_a_platform_that_refuses_an_edit_does_not_stop_the_reply(caplog: pytest.LogCaptureFixture) -> None:
    recorder = Recorder(broken=True)
    async with PacedStream(recorder, Limits(100, edit_seconds_direct=0), "direct") as paced:
        paced.grow("half")
        await asyncio.sleep(0.01)
        paced.grow("half and more")
        await asyncio.sleep(0.01)
    assert "it goes on" in caplog.text


async def test_a_growing_text_stays_within_the_limit() -> None:
    recorder = Recorder()
    async with PacedStream(recorder, Limits(10, edit_seconds_direct=0), "direct") as paced:
        paced.grow("x" * 50)
        await asyncio.sleep(0.01)
    assert recorder.shown == ["x" * 9 + "…"]
