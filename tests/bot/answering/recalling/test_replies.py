"""The reply to what somebody asked before stands behind it, though it holds none of the question's words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.answering.answer import Answerer
from bot.answering.recalling.replies import add_replies
from bot.answering.records import Question
from bot.models.extractive import ExtractiveModel
from memory import Entry, Memory, Recollection, Scope, Selection
from memory.embedders.hashing import HashingEmbedder

BEGAN = datetime(2025, 3, 30, 10, tzinfo=UTC)
ROOM = (
    ("Phil", "Jo willst du mein Zimmer? Die Mya will es doch nicht"),
    ("Jona", "Ok, aber wie viel kostet das nochmal? Würde auch auf Ben warten"),
    ("Phil", "700"),
    ("Phil", "wird ab Sommer aber weniger"),
)


@pytest.fixture
async def memory(tmp_path: Path) -> AsyncIterator[Memory]:
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as opened:
        yield opened


async def recall_first(memory: Memory, said: Sequence[tuple[str, str]], gap: timedelta) -> list[Recollection]:
    """Keep what was said, and return the first message of it as what was recalled."""
    chat = await memory.conversations.ensure("test", "1", title="Chat")
    await memory.passages.add(chat, [Entry(text, BEGAN + n * gap, who) for n, (who, text) in enumerate(said)])
    first = (await memory.passages.select(Scope.all(), Selection(everything=True), limit=100))[-1]
    return [Recollection(first, score=1.0, relevance=0.6)]


async def replied(
    memory: Memory, *said: tuple[str, str], gap: timedelta = timedelta(minutes=5), scope: Scope | None = None
) -> list[str]:
    found = await add_replies(memory, await recall_first(memory, said, gap), scope or Scope.all(), frozenset())
    return [each.passage.text for each in found]


async def test_a_reply_stands_behind_what_it_replies_to_and_so_does_the_reply_to_that(memory: Memory) -> None:
    assert await replied(memory, *ROOM) == [ROOM[0][1], ROOM[1][1], "700"]


async def test_who_asks_adds_a_word_before_somebody_replies(memory: Memory) -> None:
    said = ("Ann", "what does the bell say?"), ("Ann", "I'm downstairs"), ("Bob", "Zekl")
    assert await replied(memory, *said) == ["what does the bell say?", "Zekl"]


@pytest.mark.parametrize(
    ("said", "gap"),
    [
        ((("Ann", "the bell says Zekl"), ("Bob", "thanks")), timedelta(minutes=1)),
        ((("Ann", "what does the bell say?"), ("Ann", "never mind")), timedelta(minutes=1)),
        ((("Ann", "what does the bell say?"), ("Bob", "Zekl")), timedelta(days=2)),
        ((("Ann", "what does the bell say?"),), timedelta(minutes=1)),
    ],
)
async def test_what_asks_nothing_or_has_no_reply_in_time_stands_alone(
    memory: Memory, said: tuple[tuple[str, str], ...], gap: timedelta
) -> None:
    assert await replied(memory, *said, gap=gap) == [said[0][1]]


async def test_no_reply_is_read_that_the_asker_may_not_see_or_that_is_left_out(memory: Memory) -> None:
    first = await recall_first(memory, ROOM, timedelta(minutes=5))
    assert await add_replies(memory, first, Scope.of_conversation(10_000), frozenset()) == first
    reply = (await memory.passages.select(Scope.all(), Selection(everything=True), limit=100))[-2]
    assert await add_replies(memory, first, Scope.all(), frozenset({reply.id})) == first


async def test_what_was_recalled_already_is_not_added_again(memory: Memory) -> None:
    (first,) = await recall_first(memory, ROOM, timedelta(minutes=5))
    reply = (await memory.passages.select(Scope.all(), Selection(everything=True), limit=100))[-2]
    both = [first, Recollection(reply, score=0.5, relevance=0.5)]
    assert [each.passage.text for each in await add_replies(memory, both, Scope.all(), frozenset())] == [
        ROOM[0][1],
        ROOM[1][1],
        "700",
    ]


async def test_a_price_that_was_asked_back_for_is_quoted(memory: Memory) -> None:
    await recall_first(memory, ROOM, timedelta(minutes=5))
    asked = Question("was kostet Phils Zimmer?", Scope.all(), BEGAN + timedelta(days=9))
    answer = await Answerer(memory, ExtractiveModel()).answer(asked)
    assert '"700"' in answer.text
