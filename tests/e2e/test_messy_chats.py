"""Questions about four chats of short, messy lines, in four languages, without a model."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.answering.answer import Answerer
from bot.answering.records import Answer, AnswerOptions, Question
from bot.models.extractive import ExtractiveModel
from memory import Entry, Memory, Scope
from memory.embedders import Embedder
from memory.embedders.bundled import BundledEmbedder

HERE = Path(__file__).parent
CHATS = ("flat", "family", "friends", "dinner")
ENOUGH = 0.8
Answers = list[tuple[Answer, str | None]]


def lines(name: str, chat: str) -> list[dict[str, Any]]:
    read = [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]
    return [each for each in read if each["chat"] == chat]


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    return BundledEmbedder(cache_dir=tmp_path_factory.mktemp("embedder"))


@pytest.fixture(scope="module")
def known() -> dict[str, Answers]:
    """The answers about the chats that were asked about already."""
    return {}


async def ask_all(folder: Path, embedder: Embedder, chat: str) -> Answers:
    said = [
        Entry(each["text"], datetime.fromisoformat(each["sent_at"]), each["author"])
        for each in lines("messy_chats.jsonl", chat)
    ]
    async with Memory.open(folder / "memory.db", embedder) as memory:
        await memory.passages.add(await memory.conversations.ensure("import", chat, title=chat, kind="group"), said)
        await memory.embeddings.embed_pending()
        answerer = Answerer(memory, ExtractiveModel(), AnswerOptions(zone=UTC))
        now = max(each.said_at for each in said) + timedelta(days=2)
        return [
            (await answerer.answer(Question(each["question"], Scope.all(), now)), each["answer"])
            for each in lines("messy_questions.jsonl", chat)
        ]


async def ask_once(known: dict[str, Answers], folder: Path, embedder: Embedder, chat: str) -> Answers:
    if chat not in known:
        known[chat] = await ask_all(folder, embedder, chat)
    return known[chat]


def told(answer: Answer) -> str:
    """Return what an answer states: its first line where it names something, else its quote."""
    return answer.text.split("\n")[0]


def is_right(answer: Answer, wanted: str | None) -> bool:
    return answer.abstained if wanted is None else wanted.casefold() in told(answer).casefold()


def states_a_falsehood(answer: Answer, wanted: str | None) -> bool:
    """Say whether an answer names by itself what is wrong; a quote of somebody's words states nothing."""
    return "\n" in answer.text and not answer.abstained and not is_right(answer, wanted)


@pytest.mark.parametrize("chat", CHATS)
async def test_nothing_wrong_is_stated_of_a_messy_chat(
    known: dict[str, Answers], tmp_path: Path, embedder: Embedder, chat: str
) -> None:
    answers = await ask_once(known, tmp_path, embedder, chat)
    assert [(answer.question, told(answer)) for answer, wanted in answers if states_a_falsehood(answer, wanted)] == []


async def test_four_of_five_questions_about_messy_chats_are_answered_right(
    known: dict[str, Answers], tmp_path: Path, embedder: Embedder
) -> None:
    asked = right = 0
    for chat in CHATS:
        folder = tmp_path / chat
        folder.mkdir()
        answers = await ask_once(known, folder, embedder, chat)
        asked += len(answers)
        right += sum(is_right(answer, wanted) for answer, wanted in answers)
    assert asked == 77
    assert right >= ENOUGH * asked
