"""How much was written is counted, for whom and for which time it is asked; other questions are left to recall."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answering.answer import Answerer
from bot.answering.records import Answer, Question
from bot.models.extractive import ExtractiveModel
from memory import Entry, Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder

NOW = datetime(2024, 7, 1, 12, tzinfo=UTC)


def day(month: int, number: int) -> datetime:
    return datetime(2024, month, number, 9, tzinfo=UTC)


@pytest.fixture
async def memory(tmp_path: Path) -> AsyncIterator[Memory]:
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as opened:
        trip = await opened.conversations.ensure("whatsapp", "trip", title="Lisbon trip", kind="group")
        said = [("Mara", 4, 28), ("Mara", 5, 2), ("Mara", 5, 3), ("Tom", 5, 3), ("Jo Ann", 6, 9), ("Jo Ann", 6, 10)]
        await opened.passages.add(trip, [Entry(f"words of {who} {n}", day(m, n), who) for who, m, n in said])
        await opened.passages.add(trip, [Entry("Tom joined", day(4, 27), "", kind="system")])
        await opened.passages.add(trip, [Entry("an answer", day(6, 11), "Scrubjay", kind="answer")])
        yield opened


async def answered(memory: Memory, text: str, scope: Scope | None = None) -> Answer:
    return await Answerer(memory, ExtractiveModel()).answer(Question(text, scope or Scope.all(), NOW))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("how many messages did Mara write?", "Mara: 3 messages (28 April – 3 May 2024)"),
        ("How many texts has Tom sent so far?", "Tom: 1 message (3 May 2024)"),
        ("how many messages did Mara write in May?", "Mara: 2 messages (May 2024)"),
        ("how many messages did Jo Ann write in May?", "Jo Ann: 0 messages (May 2024)"),
        ("wie viele Nachrichten hat Mara im Mai geschrieben?", "Mara: 2 Nachrichten (Mai 2024)"),
        ("¿cuántos mensajes escribió Mara?", "Mara: 3 mensajes (28 de abril – 3 de mayo de 2024)"),
        ("combien de messages a écrit Mara ?", "Mara: 3 messages (28 avril – 3 mai 2024)"),
        ("quanti messaggi ha scritto Tom?", "Tom: 1 messaggio (3 maggio 2024)"),
        ("quantas mensagens enviou Tom?", "Tom: 1 mensagem (3 de maio de 2024)"),
        ("hoeveel berichten heeft Tom gestuurd?", "Tom: 1 bericht (3 mei 2024)"),
    ],
)
async def test_the_messages_of_somebody_are_counted(memory: Memory, question: str, expected: str) -> None:
    answer = await answered(memory, question)
    assert answer.text == expected
    assert not answer.abstained


async def test_all_messages_are_counted_by_person(memory: Memory) -> None:
    told = "6 messages (28 April – 10 June 2024)\nMara: 3\nJo Ann: 2\nTom: 1"
    assert (await answered(memory, "how many messages are there?")).text == told
    assert (await answered(memory, "how many messages did we exchange in this chat altogether?")).text == told


@pytest.mark.parametrize("question", ["who writes the most?", "who sent the most messages", "who talks most?"])
async def test_who_writes_most_is_named_first(memory: Memory, question: str) -> None:
    assert (await answered(memory, question)).text == "Mara: 3 messages (28 April – 3 May 2024)\nJo Ann: 2\nTom: 1"


async def test_who_wrote_most_in_a_time_is_counted_in_that_time(memory: Memory) -> None:
    assert (await answered(memory, "who wrote the most in June?")).text == "Jo Ann: 2 messages (June 2024)"
    german = await answered(memory, "wer hat hier im Juni die meisten Nachrichten geschrieben?")
    assert german.text == "Jo Ann: 2 Nachrichten (Juni 2024)"
    assert (await answered(memory, "wie heeft in juni het meest geschreven?")).text.startswith("Jo Ann: 2 berichten")


async def test_of_many_people_the_first_ten_are_listed(memory: Memory) -> None:
    crowd = await memory.conversations.ensure("whatsapp", "crowd", title="Crowd", kind="group")
    people = [Entry("hello", day(6, 1), f"Person {n:02}") for n in range(14)]
    await memory.passages.add(crowd, people)
    text = (await answered(memory, "how many messages are there?", Scope.of_conversation(crowd.id))).text
    assert text.splitlines()[0] == "14 messages (1 June 2024)"
    assert text.splitlines()[-1] == "… (+4)"
    assert len(text.splitlines()) == 12


@pytest.mark.parametrize(
    "question",
    [
        "how many messages about the hotel did Mara write?",
        "how many messages did I write?",
        "how many messages did he send?",
        "how many messages does the plan include?",
        "how many hotels did Mara book?",
        "who wrote the most beautiful card?",
        "who talks most about Lisbon?",
        "wer hat zum Hotel die meisten Nachrichten geschrieben?",
    ],
)
async def test_what_is_asked_of_something_else_is_not_counted(memory: Memory, question: str) -> None:
    text = (await answered(memory, question)).text
    assert "messages (" not in text
    assert "Nachrichten (" not in text


async def test_nobody_counts_what_they_may_not_read(memory: Memory) -> None:
    nowhere = Scope.of_conversation(10_000)
    assert (await answered(memory, "how many messages are there?", nowhere)).text == "0 messages"
    assert "3" not in (await answered(memory, "how many messages did Mara write?", nowhere)).text


@pytest.mark.parametrize(
    "question",
    ["who writes the most?", "how many messages did Jo Ann write?", "how many messages did Jo Ann write in May?"],
)
async def test_a_count_goes_with_whom_it_names(memory: Memory, question: str) -> None:
    """Or the reply would name somebody of whom everything is forgotten."""
    everything = await memory.passages.select(Scope.all(), Selection(everything=True), limit=99)
    hers = {each.id for each in everything if each.author == "Jo Ann"}
    answer = await answered(memory, question)
    assert "Jo Ann" in answer.text
    assert hers & set(answer.drawn_from)
