"""What follows from a passage, what led to it, and what quotes it: each looked for by itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import aiosqlite
import pytest

from memory import ConversationRecord, Memory
from memory.forgetting.words import Text
from memory.sqlite import derived
from tests.memory.sayings import add, said, texts
from tests.memory.sqlite_store import store_of

pytestmark = pytest.mark.sqlite_only


async def on(memory: Memory, work: Callable[[aiosqlite.Connection], Awaitable[Any]]) -> Any:
    return await store_of(memory).write(work)


async def test_what_was_drawn_from_what_was_drawn_follows_and_nothing_else(
    memory: Memory, place: ConversationRecord
) -> None:
    (first, _) = await add(memory, place, said("one"), said("apart", 1))
    (second,) = await add(memory, place, said("two", 2, drawn_from=(first,)))
    (third,) = await add(memory, place, said("three", 3, drawn_from=(first, second)))
    found = await on(memory, lambda connection: derived.follow(connection, {first}))
    assert sorted(found) == [first, second, third]
    assert await on(memory, lambda connection: derived.follow(connection, [])) == []


async def test_the_texts_of_these_passages_are_read_with_their_kinds(memory: Memory, place: ConversationRecord) -> None:
    first, _, last = await add(memory, place, said("one"), said("two", 1), said("three?", 2, kind="question"))
    found = await on(memory, lambda connection: derived.read_texts(connection, [first, last]))
    assert sorted(found) == [Text(first, "message", "one"), Text(last, "question", "three?")]


async def test_of_the_command_that_told_a_fact_the_name_is_kept_and_others_stay_whole(
    memory: Memory, place: ConversationRecord
) -> None:
    told, apart, unrelated = await add(
        memory,
        place,
        said("/remember that the code is 4711", kind="command"),
        said("/facts about codes", 1, kind="command"),
        said("/remember that the code is 4711 too", 2, kind="command"),
    )
    message, other = await add(memory, place, said("the code is 4711", 3), said("/note something", 4, kind="command"))
    fact = await memory.facts.add(place, said("The code is 4711", 5, drawn_from=(told, apart, message)))
    await memory.facts.add(place, said("something", 6, drawn_from=(other,)))
    await on(memory, lambda connection: derived.withhold_tellers(connection, {fact.passage_id}))
    assert (await texts(memory))[:5] == [
        "/remember",
        "/facts about codes",  # it led to the fact, and does not say it
        "/remember that the code is 4711 too",  # nothing says that it did
        "the code is 4711",  # no command
        "/note something",  # of another fact
    ]
    assert unrelated


async def test_a_passage_can_have_been_quoted_where_its_owner_or_its_audience_are(memory: Memory) -> None:
    ann = await memory.people.ensure("test", "ann", "Ann")
    bob = await memory.people.ensure("test", "bob", "Bob")
    mine = await memory.conversations.ensure("test", "1", owner_id=ann.id)
    also_mine = await memory.conversations.ensure("other", "2", owner_id=ann.id)
    await memory.conversations.ensure("test", "3", owner_id=bob.id)
    group = await memory.conversations.ensure("test", "g", kind="group", audience="g")
    thread = await memory.conversations.ensure("test", "g/1", kind="group", audience="g")
    await memory.conversations.ensure("other", "g", kind="group", audience="g")
    (said_alone,) = await add(memory, mine, said("one", author_id=ann.id))
    (said_there, _) = await add(memory, group, said("two", author_id=bob.id), said("three", 1, author_id=ann.id))
    (nobodys,) = await add(memory, group, said("four", 2))

    async def found(*passage_ids: int) -> tuple[str, str]:
        scope = await on(memory, lambda connection: derived.find_quotation_scope(connection, passage_ids))
        return scope.conversations, scope.authors

    assert await found(said_alone) == (f"[{mine.id}, {also_mine.id}]", f"[{ann.id}]")
    assert await found(said_there, nobodys) == (f"[{group.id}, {thread.id}]", f"[{bob.id}]")


async def test_a_word_is_rare_when_no_memory_has_it(memory: Memory, place: ConversationRecord) -> None:
    await add(memory, place, said("the harbour is closed"))
    gone = [Text(0, "message", "the harbour opens with tulip4711"), Text(0, "question", "what of azulejo1755?")]
    rare = await on(memory, lambda connection: derived.find_rare_words(connection, gone))
    assert "tulip4711" in rare
    assert not {"harbour", "azulejo1755"} & rare


async def test_questions_with_a_rare_word_are_echoes_ones_own_in_a_group_and_all_in_a_direct_chat(
    memory: Memory,
) -> None:
    ann = await memory.people.ensure("test", "ann", "Ann")
    bob = await memory.people.ensure("test", "bob", "Bob")
    group = await memory.conversations.ensure("test", "g", kind="group", audience="g")
    direct = await memory.conversations.ensure("test", "d", owner_id=ann.id)
    asked, *_ = await add(
        memory,
        group,
        said("is it tulip4711?", 0, kind="question", author_id=ann.id),
        said("is it green?", 1, kind="question", author_id=ann.id),
        said("is it tulip4711?", 2, kind="question", author_id=bob.id),
        said("it is tulip4711", 3, author_id=ann.id),
        said("it is tulip4711", 4, kind="answer"),
    )
    (told,) = await add(memory, group, said("/remember tulip4711", 5, kind="command", author_id=ann.id))
    await memory.facts.add(group, said("tulip4711", 6, drawn_from=(told,)))
    (alone,) = await add(memory, direct, said("tulip4711?", 7, kind="question", author_id=bob.id))
    scope = derived.QuotationScope(f"[{group.id}, {direct.id}]", f"[{ann.id}]")
    found = await on(memory, lambda connection: derived.find_echoes(connection, scope, {"tulip4711"}))
    assert sorted(found) == [asked, alone]
    assert await on(memory, lambda connection: derived.find_echoes(connection, scope, set())) == []


async def test_replies_from_before_sources_were_noted_are_found_by_their_words(
    memory: Memory, place: ConversationRecord
) -> None:
    other = await memory.conversations.ensure("test", "2")
    six, five = await add(memory, place, said("hut471"), said("hut47", 1))
    quoting, _, _ = await add(
        memory,
        place,
        said("Mara: hut471", 2, kind="answer"),
        said("nothing of it", 3, kind="answer"),
        said("hut471?", 4, kind="question"),
    )
    (elsewhere,) = await add(memory, other, said("Mara: hut471", 5, kind="answer"))
    gone = [Text(six, "message", "hut471"), Text(five, "message", "hut47")]

    async def find() -> list[int]:
        return list(await on(memory, lambda connection: derived.find_older_quotations(connection, gone)))

    assert await find() == []  # a new database has noted them from the beginning
    begin = f"UPDATE provenance_start SET passage_id = {elsewhere}"  # noqa: S608 (a number)
    await on(memory, lambda connection: connection.execute_fetchall(begin))
    await add(memory, place, said("Mara: hut471", 6, kind="answer"))  # of this one it was noted
    assert await find() == [quoting]
    assert await on(memory, lambda connection: derived.find_older_quotations(connection, gone[1:])) == []
