"""Searches in a few conversations, which count words there alone, find what the indexes of the whole memory would."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory import ConversationRecord, Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder
from memory.records import ConversationMove
from memory.search.index_texts import with_stems
from memory.search.request import Matches, RecallQuery
from memory.search.tokens import COUNTER
from memory.search.windows import IndexedWords
from memory.sqlite.database import connect
from memory.sqlite.term_rows import HEADER, TermPacker, number_of
from memory.sqlite.word_filling import fill
from tests.memory.postgres.test_scores import QUESTIONS, TEXTS
from tests.memory.sayings import add, at, found, rows, said
from tests.memory.sqlite_store import store_of

pytestmark = pytest.mark.sqlite_only

AS_IT_WAS = """
DELETE FROM conversation_words;
UPDATE conversation_words_state SET filled_to = 0, last_older = (SELECT max(id) FROM passages);
"""
WORDS = "SELECT first_id, passages, terms FROM conversation_words ORDER BY first_id"


async def match(memory: Memory, scope: Scope, words: list[str]) -> Matches:
    return await memory._search.match(RecallQuery("", scope, 10, memory._questions.embed), words)


@pytest.mark.parametrize("words", QUESTIONS, ids=" ".join)
async def test_where_one_chat_is_all_there_is_the_scores_are_those_of_the_whole(
    memory: Memory, place: ConversationRecord, words: list[str]
) -> None:
    await add(memory, place, *(said(text, n * 40) for n, text in enumerate(TEXTS)))
    here, everywhere = [await match(memory, scope, words) for scope in (Scope.of_conversation(place.id), Scope.all())]
    assert dict(here.words) == pytest.approx(dict(everywhere.words), rel=1e-9)
    assert dict(here.window_words) == pytest.approx(dict(everywhere.window_words), rel=1e-9)


async def test_what_others_say_elsewhere_changes_no_score(memory: Memory, place: ConversationRecord) -> None:
    await add(memory, place, *(said(text, n * 40) for n, text in enumerate(TEXTS)))
    before = await match(memory, Scope.of_conversation(place.id), ["hut", "run"])
    other = await memory.conversations.ensure("test", "2")
    await add(memory, other, *(said(f"the hut, the hut, we run {n}", n) for n in range(50)))
    after = await match(memory, Scope.of_conversation(place.id), ["hut", "run"])
    assert (dict(after.words), dict(after.window_words)) == (dict(before.words), dict(before.window_words))


async def test_words_of_two_chats_are_counted_together_and_those_of_a_third_are_not(memory: Memory) -> None:
    places = [await memory.conversations.ensure("test", str(number)) for number in range(3)]
    for place in places:
        await add(memory, place, said(f"the zeppelin lands in {place.external_id}"))
    two = Scope(conversation_ids=frozenset(each.id for each in places[:2]))
    assert len((await match(memory, two, ["zeppelin"])).words) == 2
    assert (await match(memory, Scope(), ["zeppelin"])).words == {}


async def test_words_follow_what_becomes_of_a_message(memory: Memory, place: ConversationRecord, path: Path) -> None:
    scope = Scope.of_conversation(place.id)
    await add(memory, place, *(said(f"the zeppelin lands {n}", n, event_id=f"e{n}") for n in range(4)))
    await memory.passages.edit(place, "e1", "the balloon lands")
    assert set((await match(memory, scope, ["zeppelin"])).words) == {1, 3, 4}
    await memory.forget(scope, Selection(passage_ids=(3,)))
    assert set((await match(memory, scope, ["zeppelin"])).words) == {1, 4}
    assert set((await match(memory, scope, ["zeppelin"])).window_words) == {1, 2, 4}
    assert sum(row[1] for row in rows(path, WORDS)) == 3
    assert await memory.upkeep.check() == []


async def test_words_move_with_their_chat(memory: Memory, place: ConversationRecord) -> None:
    there = await memory.conversations.ensure("test", "99")
    await add(memory, place, said("the zeppelin lands", 1))
    await add(memory, there, said("the zeppelin starts", 2))
    await memory.conversations.move(ConversationMove("test", place.external_id, "99", str))
    assert set((await match(memory, Scope.of_conversation(place.id), ["zeppelin"])).words) == {1, 2}
    assert await memory.upkeep.check() == []


async def test_a_memory_from_before_is_searched_as_a_whole_until_its_words_are_filled_in(
    memory: Memory, place: ConversationRecord, path: Path
) -> None:
    scope = Scope.of_conversation(place.id)
    await add(memory, place, *(said(f"the zeppelin lands {n}", n) for n in range(450)))
    before = await match(memory, scope, ["zeppelin", "7"])
    old = connect(path)
    old.executescript(AS_IT_WAS)
    old.close()
    await add(memory, place, said("the balloon lands", 1000, event_id="late"))
    assert (await found(memory, "zeppelin lands 7", scope))[0] == "the zeppelin lands 7"
    await memory.forget(scope, Selection(passage_ids=(9, 301)))
    await memory.passages.edit(place, "late", "the balloon leaves")
    assert await memory.upkeep.check() == []
    await fill(store_of(memory))
    assert sum(row[1] for row in rows(path, WORDS)) == 449
    after = await match(memory, scope, ["zeppelin", "7"])
    assert after.words.keys() == before.words.keys() - {9, 301}
    assert await memory.upkeep.check() == []


async def test_what_waits_to_be_filled_in_is_filled_in_while_the_memory_is_open(path: Path) -> None:
    async with Memory.open(path, HashingEmbedder()) as memory:
        await add(memory, await memory.conversations.ensure("test", "1"), said("the zeppelin lands"))
    old = connect(path)
    old.executescript(AS_IT_WAS)
    old.close()
    async with Memory.open(path, HashingEmbedder()) as memory:
        while not rows(path, WORDS):
            await store_of(memory).wait_for_commit(0.1)
        assert await memory.upkeep.check() == []


async def test_a_message_is_taken_out_of_the_middle_of_a_row(
    memory: Memory, place: ConversationRecord, path: Path
) -> None:
    scope = Scope.of_conversation(place.id)
    await memory.passages.add(place, [said(f"the zeppelin lands {n}", n * 700) for n in range(150)])
    assert [row[:2] for row in rows(path, WORDS)] == [(1, 64), (65, 64), (129, 22)]
    await memory.forget(scope, Selection(passage_ids=(1, 40, 128)))
    assert [row[:2] for row in rows(path, WORDS)] == [(2, 38), (41, 24), (65, 63), (129, 22)]
    assert len((await match(memory, scope, ["zeppelin"])).words) == 147
    assert await memory.upkeep.check() == []


@pytest.mark.slow
async def test_in_a_large_chat_only_what_was_asked_for_is_found(memory: Memory, place: ConversationRecord) -> None:
    await memory.passages.add(place, [said(f"zeppelin {n % 97} of {n % 89}", n * 7) for n in range(4500)])
    await memory.passages.add(place, [said("a zeppelin lands", 40_000, author="Noor")])
    scope = Scope.of_conversation(place.id)
    recent = await memory.recall("zeppelin", scope, now=at(60_000), limit=50)
    assert len(recent) > 10
    noor = await memory.people.ensure("test", "noor", "Noor")
    await memory.passages.add(place, [said("the zeppelin left", 40_001, author="Noor", author_id=noor.id)])
    theirs = await memory.recall("zeppelin", scope, now=at(60_000), person="Noor")
    assert [each.passage.text for each in theirs] == ["the zeppelin left"]


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_row_holds_the_terms_that_the_index_has(turn: str, before: str) -> None:
    text = with_stems([IndexedWords(7, (turn, before, "3 May 2024"))])[0]
    numbers = np.frombuffer(TermPacker().pack([text])[0], dtype="<u4").tolist()
    in_turn, in_window = COUNTER.count([text.turn_text(), text.window_text()])
    _, low, high, of_turn, of_window = numbers[:HEADER]
    assert (low, high) == (7, 0)
    terms = numbers[HEADER : HEADER + of_window]
    assert Counter(terms[:of_turn]) == Counter({number_of(term): count for term, count in in_turn.items()})
    assert Counter(terms) == Counter({number_of(term): count for term, count in in_window.items()})


async def test_what_an_older_program_wrote_meanwhile_is_mended(
    memory: Memory, place: ConversationRecord, path: Path
) -> None:
    await memory.passages.add(place, [said(f"the zeppelin lands {n}", n * 700) for n in range(150)])
    before = rows(path, WORDS)
    old = connect(path)
    old.execute("DELETE FROM conversation_words WHERE first_id = 65")
    old.close()
    await fill(store_of(memory))
    assert rows(path, WORDS) == before
    forgotten = connect(path)
    forgotten.execute(
        "INSERT INTO conversation_words SELECT conversation_id, 1000, 64, terms FROM conversation_words LIMIT 1"
    )
    forgotten.close()
    assert len(await memory.upkeep.check()) == 1
    await fill(store_of(memory))
    assert rows(path, WORDS) == before
    assert await memory.upkeep.check() == []


async def test_a_row_keeps_those_that_an_older_program_did_not_forget(
    memory: Memory, place: ConversationRecord, path: Path
) -> None:
    await memory.passages.add(place, [said(f"the zeppelin lands {n}", n * 700) for n in range(100)])
    kept = rows(path, WORDS)
    await memory.forget(Scope.of_conversation(place.id), Selection(passage_ids=(40,)))
    expected = rows(path, WORDS)
    old = connect(path)
    old.execute("DELETE FROM conversation_words")
    old.executemany("INSERT INTO conversation_words VALUES (1, ?, ?, ?)", kept)
    old.close()
    await fill(store_of(memory))
    assert rows(path, WORDS) == expected
