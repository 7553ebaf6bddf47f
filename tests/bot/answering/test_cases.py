"""Questions to small chats that once got the wrong answer, with the engine that quotes and the bundled embedder."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answering.answer import Answerer
from bot.answering.records import Answer, AnswerOptions, Question
from bot.models import LanguageModel
from bot.models.extractive import ExtractiveModel
from bot.testing import ScriptedModel
from memory import Entry, Memory, Scope
from memory.embedders import Embedder
from memory.embedders.bundled import BundledEmbedder

CASES = Path(__file__).with_name("cases")
NOW = datetime(2026, 11, 29, 18, tzinfo=UTC)


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    return BundledEmbedder(cache_dir=tmp_path_factory.mktemp("embedder"))


@pytest.fixture(scope="module")
def chats(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("chats")


@asynccontextmanager
async def remembering(folder: Path, embedder: Embedder, *names: str) -> AsyncIterator[Memory]:
    """Open a memory of these chats, which nobody changes; it is filled for the first test that wants it."""
    path = folder / f"{'-'.join(names)}.db"
    is_filled = path.exists()
    async with Memory.open(path, embedder) as memory:
        for name in () if is_filled else names:
            place = await memory.conversations.ensure("import", name, title=name, kind="group")
            lines = [json.loads(line) for line in (CASES / f"{name}.jsonl").read_text("utf-8").splitlines()]
            await memory.passages.add(
                place,
                [
                    Entry(each["text"], datetime.fromisoformat(each["sent_at"]), each["author"], event_id=each["id"])
                    for each in lines
                ],
            )
        await memory.embeddings.embed_pending()
        yield memory


async def ask(memory: Memory, question: str, model: LanguageModel | None = None) -> Answer:
    answerer = Answerer(memory, model or ExtractiveModel(), AnswerOptions(zone=UTC))
    return await answerer.answer(Question(question, Scope.all(), NOW))


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("what did we do yesterday?", ["planted the tulips in the front bed"]),
        ("what did Ada do today?", ["repaired the bicycle pump"]),
        ("what happened last week?", []),
        ("what happened this week?", ["painted the fence green", "planted the tulips in the front bed"]),
        ("what happened in October?", ["bought a kettle"]),
        ("what did Ada do on 21 November?", ["sold the old piano"]),
    ],
)
async def test_a_day_or_a_week_is_told_in_order(
    chats: Path, embedder: Embedder, question: str, told: list[str]
) -> None:
    async with remembering(chats, embedder, "tz") as memory:
        answer = await ask(memory, question)
    said = [source.text for source in answer.sources]
    assert said[: len(told)] == told
    assert answer.abstained is not bool(said)


async def test_a_long_message_is_judged_whole(chats: Path, embedder: Embedder) -> None:
    async with remembering(chats, embedder, "long4200") as memory:
        answer = await ask(memory, "what is the safe word?")
    assert "marmalade" in answer.text
    assert len(answer.text) < 400


async def test_a_source_is_cited_only_if_it_carries_the_answer(chats: Path, embedder: Embedder) -> None:
    async with remembering(chats, embedder, "en") as memory:
        ferry = await ask(memory, "when does the ferry leave?")
        cake = await ask(memory, "what is on 🎂?")
    assert [source.text for source in cake.sources] == ["🎂 on Sunday!"]
    assert ferry.short == "at nine"
    assert [source.text for source in ferry.sources] == ["The ferry leaves at nine from pier four"]


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("병원 언제 열어?", "병원"),
        ("أين المفتاح؟", "مفتاح"),
        ("Когда будет готова машина?", "машин"),
        ("Anahtar nerede?", "anahtar"),
        ("Missä avain on?", "avai"),
    ],
)
async def test_in_every_language_the_right_message_is_quoted_or_none(
    chats: Path, embedder: Embedder, question: str, word: str
) -> None:
    async with remembering(chats, embedder, "infl") as memory:
        answer = await ask(memory, question)
    assert answer.abstained or word in answer.sources[0].text.casefold(), answer.text
    assert len(answer.sources) <= 1


async def test_a_model_that_writes_only_a_number_gives_way_to_words(chats: Path, embedder: Embedder) -> None:
    async with remembering(chats, embedder, "de") as memory:
        answer = await ask(memory, "Wo liegt der Ersatzschlüssel für das Büro?", ScriptedModel("[1]"))
    assert "bei Frau Nowak" in answer.text
