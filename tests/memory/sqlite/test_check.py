from __future__ import annotations

from pathlib import Path

import pytest

from memory import Memory
from memory.embedders.hashing import HashingEmbedder
from memory.sqlite.database import connect
from tests.memory.sayings import add, said

DAMAGE = {
    "INSERT INTO turn_words (turn_words, rowid, words) VALUES ('delete', 2, 'Mara: two')": "found by their own words",
    "DELETE FROM window_words_docsize WHERE id = 2": "found by their window",
    "INSERT INTO turn_words (rowid, words) VALUES (99, 'x')": "full-text rows belong to no passage",
    "INSERT INTO window_words (rowid, words) VALUES (99, 'x')": "window rows belong to no passage",
    "DELETE FROM conversation_words": "found by their words in their conversation",
    "INSERT INTO conversation_words VALUES (1, 99, 1, x'00')": "rows of words in conversations belong to no passage",
    "DELETE FROM vectors_1 WHERE passage_id = 2": "have no vector and wait for none",
    "DELETE FROM bits_1 WHERE passage_id = 2": "missing from the search table",
    "INSERT INTO vectors_1 VALUES (99, x'00')": "vectors belong to no passage",
    "INSERT INTO embedding_queue VALUES (1, 2, 0)": "also wait to be made",
    "UPDATE passages SET conversation_id = 99 WHERE id = 2": "points to a row of conversations that is gone",
    "DELETE FROM passages WHERE id = 3": "facts have no passage",
}


@pytest.mark.parametrize("damage", DAMAGE)
async def test_every_disagreement_is_named(path: Path, damage: str) -> None:
    async with Memory.open(path, HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("test", "1")
        await add(memory, place, said("one", 1), said("two", 2))
        await memory.facts.add(place, said("three", 3))
        await memory.embeddings.embed_pending()
        assert await memory.upkeep.check() == []
        connection = connect(path)
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(damage)
        connection.close()
        problems = await memory.upkeep.check()
        assert DAMAGE[damage] in "\n".join(problems)
