"""What is recalled for a question in another language than English: by its own words, or by theirs in English."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.answering.recalling.recaller import Recalled, Recaller
from bot.answering.records import AnswerOptions, Question
from memory import Entry, Memory, Scope
from memory.embedders.bundled import BundledEmbedder

THEN = datetime(2024, 5, 3, 12, tzinfo=UTC)


async def recalled(folder: Path, question: str, *said: str) -> Recalled:
    async with Memory.open(folder / "memory.db", BundledEmbedder(cache_dir=folder / "embedder")) as memory:
        chat = await memory.conversations.ensure("test", "1", title="Chat")
        await memory.passages.add(chat, [Entry(text=each, said_at=THEN, author="Mara") for each in said])
        await memory.embeddings.embed_pending()
        return await Recaller(memory, AnswerOptions()).recall(Question(question, Scope.all(), THEN))


async def test_own_words_that_fit_well_stand_against_their_translation(tmp_path: Path) -> None:
    found = await recalled(tmp_path, "wo wohnt Jo?", "Jo wohnt noch gleiche Adresse", "Jo lives for live music")
    assert found.english == ""
    assert found.recollections[0].passage.text == "Jo wohnt noch gleiche Adresse"


async def test_words_in_english_find_what_was_said_in_english(tmp_path: Path) -> None:
    found = await recalled(tmp_path, "wo wohnt Ben?", "Ben lives at the harbour", "was für ein Tag")
    assert "live" in found.english
    assert found.recollections[0].passage.text == "Ben lives at the harbour"


async def test_words_in_english_that_find_another_languages_text_stand_back(tmp_path: Path) -> None:
    said = ("Jo bin ehrenamtlich im Kletterzentrum", "es muss ein Limit geben für die Work in Progress Tasks, von Phil")
    found = await recalled(tmp_path, "wo arbeitet Phil ehrenamtlich?", *said)
    assert found.english == ""
    assert said[0] in {each.passage.text for each in found.recollections}
