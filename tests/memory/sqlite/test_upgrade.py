"""What an older version derived otherwise is made anew when its database is opened."""

from __future__ import annotations

from pathlib import Path

from memory import Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder
from memory.sqlite.database import connect
from tests.memory.sayings import add, at, found, rows, said

AS_IT_WAS = """
DELETE FROM word_indexes;
INSERT INTO word_indexes VALUES (1);
INSERT INTO turn_words (turn_words) VALUES ('delete-all');
INSERT INTO window_words (window_words) VALUES ('delete-all');
UPDATE passages SET kind = 'message' WHERE kind = 'question';
"""


async def test_questions_that_were_answered_become_history_and_facts_are_found_by_their_key(path: Path) -> None:
    async with Memory.open(path, HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("test", "1")
        await add(
            memory, place, said("we land at noon", 1, event_id="1"), said("where is the zeppelin?", 2, event_id="2"),
            said("At the lake.", 3, kind="answer", reply_to="2"), said("my sister is called Ana", 4, event_id="4"),
            said("I remember nothing.", 5, kind="answer", reply_to="4"), said("who comes?", 6, event_id="6"),
        )  # fmt: skip
        await memory.facts.add(place, said("azulejo1755", 7), key="wifi password")
        await memory.embeddings.embed_pending()
    old = connect(path)
    old.executescript(AS_IT_WAS)
    old.close()
    async with Memory.open(path, HashingEmbedder()) as memory:
        asked = await memory.passages.select(Scope.all(), Selection(kinds=("question",)))
        assert [each.text for each in asked] == ["where is the zeppelin?"]
        assert await memory.embeddings.embed_pending() == 3  # the fact, and what followed the question
        assert await memory.upkeep.check() == []
        best = (await memory.recall("what is my sister called?", Scope.all(), now=at(9)))[0]
        assert [each.text for each in best.context] == ["we land at noon"]
        assert (await found(memory, "wifi password?"))[0] == "azulejo1755"


async def test_a_database_whose_words_are_up_to_date_is_left_alone(path: Path) -> None:
    for _ in range(2):
        async with Memory.open(path, HashingEmbedder()) as memory:
            await add(memory, await memory.conversations.ensure("test", "1"), said("the zeppelin lands", event_id="1"))
    old = connect(path)
    old.execute("UPDATE passages SET text = 'the balloon lands'")
    old.close()
    async with Memory.open(path, HashingEmbedder()) as memory:
        assert await found(memory, "zeppelin") == ["the balloon lands"]
    assert rows(path, "SELECT count(*) FROM word_indexes") == [(1,)]
