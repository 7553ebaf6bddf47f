"""What goes with the old words of a message that is edited, and what stays."""

from __future__ import annotations

from datetime import UTC, datetime

from memory import ConversationRecord, Memory, Scope, Selection
from memory.delivery_records import UnhandledUpdate
from memory.plugin_records import PluginSpace, StoredJob
from tests.memory.sayings import EVERYTHING, add, at, found, found_by_words, said, texts


async def test_facts_drawn_from_the_old_words_go_and_others_stay(memory: Memory, place: ConversationRecord) -> None:
    one, other = await add(memory, place, said("the code is 1234", 1, event_id="1"), said("the cat is Tom", 2))
    await memory.facts.add(place, said("code: 1234", 3, drawn_from=(one,)), key="code")
    await memory.facts.add(place, said("cat: Tom", 4, drawn_from=(other,)), key="cat")
    assert await memory.passages.edit(place, "1", "the code is 9876")
    assert [fact.statement for fact in await memory.facts.select(Scope.all(), include_closed=True)] == ["cat: Tom"]
    assert await texts(memory) == ["the code is 9876", "the cat is Tom", "cat: Tom"]
    assert await memory.upkeep.check() == []


async def test_an_answer_goes_when_what_it_quoted_is_edited(memory: Memory, place: ConversationRecord) -> None:
    (one,) = await add(memory, place, said("the code is 1234", 1, event_id="1"))
    await add(memory, place, said("It is 1234.", 2, kind="answer", event_id="2", drawn_from=(one,)))
    assert await memory.passages.edit(place, "1", "the code is 9876")
    assert await texts(memory) == ["the code is 9876"]


async def test_a_question_and_an_answer_that_are_edited_are_still_not_recalled(
    memory: Memory, place: ConversationRecord
) -> None:
    await add(memory, place, said("where?", 1, kind="question", event_id="1"))
    await add(memory, place, said("There.", 2, kind="answer", event_id="2"))
    assert await memory.passages.edit(place, "1", "where is the zeppelin?")
    assert await memory.passages.edit(place, "2", "The zeppelin is at the lake.")
    await memory.embeddings.embed_pending()
    assert await found(memory, "zeppelin") == []
    assert await texts(memory) == ["where is the zeppelin?", "The zeppelin is at the lake."]
    assert await memory.upkeep.check() == []


async def test_an_edit_in_another_conversation_changes_nothing_here(memory: Memory, place: ConversationRecord) -> None:
    other = await memory.conversations.ensure("test", "2")
    await add(memory, place, said("the zeppelin lands", 1, event_id="1"))
    assert not await memory.passages.edit(other, "1", "the balloon lands")
    await add(memory, other, said("the ferry lands", 1, event_id="1"))
    assert await memory.passages.edit(other, "1", "the balloon lands")
    assert await found_by_words(memory, "zeppelin") == ["the zeppelin lands"]
    assert await found_by_words(memory, "ferry") == []


async def test_what_was_set_aside_of_a_chat_goes_with_an_edit_there(memory: Memory, place: ConversationRecord) -> None:
    unhandled = memory.ledger.unhandled_updates
    for conversation in (place.external_id, "elsewhere"):
        await unhandled.keep(UnhandledUpdate(place.platform, conversation, "raw", "broken", datetime.now(UTC)), most=10)
    await add(memory, place, said("the code is 1234", 1, event_id="1"))
    assert await memory.passages.edit(place, "1", "the code is 9876")
    assert [each.conversation for each in await unhandled.read_all()] == ["elsewhere"]


async def kinds(memory: Memory) -> dict[str, str]:
    passages = await memory.passages.select(Scope.all(), EVERYTHING, limit=100)
    return {passage.text: passage.kind for passage in passages}


async def test_what_its_author_withdraws_becomes_a_system_line_and_an_edit_stays_a_message(
    memory: Memory, place: ConversationRecord
) -> None:
    await add(memory, place, said("the code is 1234", 1, event_id="1"), said("the cat is Tom", 2, event_id="2"))
    assert await memory.passages.edit(place, "1", "Mara deleted a message", withdrawn=True)
    assert await memory.passages.edit(place, "2", "the cat is Tim")
    assert await kinds(memory) == {"Mara deleted a message": "system", "the cat is Tim": "message"}


async def test_ones_own_question_that_has_the_old_words_goes_and_what_others_have_asked_stays(memory: Memory) -> None:
    group = await memory.conversations.ensure("test", "2", kind="group")
    mara, tim = [await memory.people.ensure("test", name, name) for name in ("Mara", "Tim")]
    await add(
        memory,
        group,
        said("the code is 1234abc", 1, event_id="1", author_id=mara.id),
        said("was it 1234abc?", 2, kind="question", author_id=mara.id),
        said("is 1234abc the code?", 3, "Tim", kind="question", author_id=tim.id),
        said("where is the cat?", 4, kind="question", author_id=mara.id),
    )
    assert await memory.passages.edit(group, "1", "the code is 9876")
    selection = Selection(kinds=("message", "question"))
    left = await memory.passages.select(Scope.all(), selection, limit=10, newest_first=False)
    assert [each.text for each in left] == ["the code is 9876", "is 1234abc the code?", "where is the cat?"]


async def test_a_question_keeps_words_that_are_still_said(memory: Memory, place: ConversationRecord) -> None:
    mara = await memory.people.ensure("test", "mara", "Mara")
    await add(
        memory,
        place,
        said("the code is 1234abc", 1, event_id="1", author_id=mara.id),
        said("was it 1234abc?", 2, kind="question", author_id=mara.id),
        said("1234abc, I say", 3, author_id=mara.id),
    )
    assert await memory.passages.edit(place, "1", "the code is 9876")
    assert "was it 1234abc?" in await kinds(memory)


async def test_what_went_with_the_old_words_is_counted(memory: Memory, place: ConversationRecord) -> None:
    (one,) = await add(memory, place, said("the code is 1234abc", 1, event_id="1"))
    await memory.facts.add(place, said("code: 1234abc", 2, drawn_from=(one,)), key="code")
    await add(memory, place, said("It is 1234abc.", 3, kind="answer", drawn_from=(one,)))
    job = StoredJob("bell", "ring", at(60), '"1234abc"', conversation_id=place.id, place="{}", drawn_from=(one,))
    await memory.jobs.plan(job)
    for key, value in (("a", '"1234abc"'), ("b", '"1234abc too"'), ("c", '"nothing of it"')):
        await memory.ledger.plugin_values.put(PluginSpace("bell"), key, value, drawn_from=(one,))
    for payload in ("{}", "{}", "{}"):
        await memory.delivery.queue_reply(place, None, payload, drawn_from=(one,))
    receipt = await memory.passages.edit(place, "1", "the code is 9876")
    assert receipt is not None
    assert (receipt.facts, receipt.answers, receipt.jobs, receipt.values, receipt.replies) == (1, 1, 1, 2, 3)
