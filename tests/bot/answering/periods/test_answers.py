"""What was said on a day that a question names is shown where nothing answers the question."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answering.answer import Answerer
from bot.answering.records import Answer, Question
from bot.models.extractive import ExtractiveModel
from memory import Entry, Memory, Scope
from memory.embedders.hashing import HashingEmbedder

NOW = datetime(2025, 5, 1, tzinfo=UTC)
SAID = (
    ("In code", datetime(2025, 2, 10, 12, 33, tzinfo=UTC)),
    ("Ne wegen Streik", datetime(2025, 2, 10, 13, tzinfo=UTC)),
)


@pytest.fixture
async def memory(tmp_path: Path) -> AsyncIterator[Memory]:
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as opened:
        chat = await opened.conversations.ensure("test", "1", title="Chat")
        await opened.passages.add(chat, [Entry(text, at, "Phil") for text, at in SAID])
        yield opened


async def answered(memory: Memory, text: str, scope: Scope | None = None) -> Answer:
    return await Answerer(memory, ExtractiveModel()).answer(Question(text, scope or Scope.all(), NOW))


@pytest.mark.parametrize(
    ("question", "closest", "day"),
    [
        ("why was nobody at university on 10 February?", "Closest to it:", "10 February 2025:"),
        ("warum war am 10. Februar niemand in der Uni?", "Am nächsten kommt dem:", "10. Februar 2025:"),
    ],
)
async def test_the_day_is_shown_with_its_sources(memory: Memory, question: str, closest: str, day: str) -> None:
    answer = await answered(memory, question)
    assert answer.abstained
    assert answer.text.splitlines()[1:] == [closest, day, "12:33 Phil: In code [1]", "13:00 Phil: Ne wegen Streik [2]"]
    assert [each.text for each in answer.sources] == [text for text, _ in SAID]
    assert len(answer.cited) == len(answer.drawn_from) == 2


@pytest.mark.parametrize(
    "question",
    [
        "why was nobody at university on 11 February?",
        "why was nobody at university in February?",
        "why will nobody be at university on 10 February 2026?",
        "why was nobody at university?",
    ],
)
async def test_without_such_a_day_or_anything_said_on_it_nothing_is_added(memory: Memory, question: str) -> None:
    answer = await answered(memory, question)
    assert answer.abstained
    assert "Streik" not in answer.text


async def test_a_day_that_the_asker_may_not_read_is_not_shown(memory: Memory) -> None:
    answer = await answered(memory, "why was nobody at university on 10 February?", Scope.of_conversation(10_000))
    assert answer.sources == ()
    assert "Streik" not in answer.text
