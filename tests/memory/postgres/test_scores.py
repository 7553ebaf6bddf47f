"""The two engines find the same words with the same scores."""

from __future__ import annotations

from pathlib import Path

import pytest

from memory import Memory, Scope
from memory.addresses import StoreAddress
from memory.embedders.hashing import HashingEmbedder
from memory.search.request import Matches, RecallQuery
from tests.memory.sayings import add, said

TEXTS = (
    "Running in the Alps, again and again: we run every May",
    "the hut is called Traunsteiner; the café beside it sells Käsespätzle",
    "who runs to the hut tomorrow?",
    "東京駅で会いましょう",
    "駅の猫",
    "Ich habe die Bergschuhe im Schrank gefunden",
    "don't forget the ropes, the ropes are wet",
    "hut hut hut",
    "नमस्ते दुनिया",
    "🎂 for Ömer",
    "a mark alone: \u0304",
)
QUESTIONS = (
    ["run", "hut"],
    ["rope", "wet", "may"],
    ["駅"],
    ["東京", "猫"],
    ["bergschuh", "schrank"],
    ["cafe"],
    ["missing"],
)


async def matches(store: StoreAddress, words: list[str]) -> list[Matches]:
    async with Memory.open(store, HashingEmbedder()) as memory:
        for number in ("1", "2"):
            place = await memory.conversations.ensure("test", number)
            await add(memory, place, *(said(f"{text} {number}", n * 40) for n, text in enumerate(TEXTS)))
        requests = [
            RecallQuery("", scope, 10, memory._questions.embed) for scope in (Scope.all(), Scope.of_conversation(2))
        ]
        return [await memory._search.match(request, words) for request in requests]


@pytest.mark.parametrize("words", QUESTIONS, ids=" ".join)
async def test_both_engines_score_words_alike(words: list[str], database: str, tmp_path: Path) -> None:
    file = await matches(StoreAddress(tmp_path / "memory.db"), words)
    server = await matches(StoreAddress(tmp_path / "memory.db", database), words)
    for one, other in zip(file, server, strict=True):
        assert dict(other.words) == pytest.approx(dict(one.words), abs=1e-6)
        assert dict(other.window_words) == pytest.approx(dict(one.window_words), abs=1e-6)
        assert sorted(other.candidates) == sorted(one.candidates)
