from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from memory import ConversationRecord, Memory, Scope, Selection
from memory.addresses import StoreAddress
from memory.embedders.hashing import HashingEmbedder
from memory.records import Entry
from tests.memory.sayings import START, add, at, said, texts


async def test_what_was_said_is_kept_word_for_word_with_all_that_cites_it(
    memory: Memory, place: ConversationRecord
) -> None:
    mara = await memory.people.ensure("test", "u1", "Mara")
    entry = Entry(
        "  booked the hotel,\nRua da Rosa  ", START, "Mara", mara.id, event_id="e1", reply_to="e0", link="https://x/1"
    )
    (stored,) = await memory.passages.add(place, [entry])
    (passage,) = await memory.passages.select(Scope.all(), Selection(passage_ids=(stored.id,)))
    assert (passage.text, passage.said_at, passage.author, passage.author_id) == (entry.text, START, "Mara", mara.id)
    assert (passage.event_id, passage.reply_to, passage.link) == ("e1", "e0", "https://x/1")
    assert passage.conversation == place


async def test_the_same_event_is_stored_once_in_a_call_and_across_calls(
    memory: Memory, place: ConversationRecord
) -> None:
    first = await memory.passages.add(
        place, [said("a", event_id="1"), said("b", event_id="2"), said("a", event_id="1")]
    )
    again = await memory.passages.add(place, [said("changed", event_id="2"), said("c", event_id="3")])
    assert [each.new for each in first + again] == [True, True, False, False, True]
    assert first[0].id == first[2].id
    assert again[0].id == first[1].id
    assert sorted(await texts(memory)) == ["a", "b", "c"]


async def test_the_same_event_id_in_two_conversations_is_two_messages(
    memory: Memory, place: ConversationRecord
) -> None:
    other = await memory.conversations.ensure("test", "2")
    await add(memory, place, said("here", event_id="1"))
    await add(memory, other, said("there", event_id="1"))
    assert sorted(await texts(memory)) == ["here", "there"]


async def test_without_an_event_id_every_call_adds(memory: Memory, place: ConversationRecord) -> None:
    await add(memory, place, said("again"), said("again"))
    assert await texts(memory) == ["again", "again"]


@pytest.mark.parametrize("minutes", [0, 330, -570, 840, -1])
async def test_the_zone_it_was_said_in_comes_back(memory: Memory, place: ConversationRecord, minutes: int) -> None:
    moment = datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=timezone(timedelta(minutes=minutes)))
    await memory.passages.add(place, [Entry("x", moment)])
    (passage,) = await memory.passages.select(Scope.all(), Selection(everything=True))
    assert passage.said_at == moment
    assert passage.said_at.utcoffset() == timedelta(minutes=minutes)


@pytest.mark.parametrize("year", [1, 1969, 1970, 9999])
async def test_every_year_that_a_datetime_can_hold_comes_back(
    memory: Memory, place: ConversationRecord, year: int
) -> None:
    moment = datetime(year, 7, 1, tzinfo=UTC)
    await memory.passages.add(place, [Entry("long ago", moment)])
    (passage,) = await memory.passages.select(Scope.all(), Selection(everything=True))
    assert passage.said_at == moment


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2024, 5, 3, 12),  # noqa: DTZ001 (the missing zone is what is tested)
        datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12))),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=12))),
    ],
)
async def test_a_time_without_zone_or_out_of_range_is_refused_and_nothing_of_the_batch_stays(
    memory: Memory, place: ConversationRecord, moment: datetime
) -> None:
    with pytest.raises(ValueError, match=r"zone|range"):
        await memory.passages.add(place, [said("fine"), Entry("when?", moment)])
    assert await texts(memory) == []
    assert await memory.upkeep.check() == []


async def test_an_id_is_never_given_again(memory: Memory, place: ConversationRecord) -> None:
    (first,) = await add(memory, place, said("gone"))
    await memory.forget(Scope.all(), Selection(passage_ids=(first,)))
    place = await memory.conversations.ensure("test", "1")
    (second,) = await add(memory, place, said("new"))
    assert second > first


async def test_the_id_of_a_forgotten_person_or_conversation_is_never_given_again(memory: Memory) -> None:
    gone = await memory.people.ensure("test", "u1", "Mara")
    place = await memory.conversations.ensure("test", "1")
    await memory.passages.add(place, [said("hello", author_id=gone.id)])
    await memory.forget(Scope.all(), Selection(everything=True))
    assert (await memory.people.ensure("test", "u2", "Noor")).id > gone.id
    assert (await memory.conversations.ensure("test", "2")).id > place.id


async def test_a_person_is_renamed_and_a_conversation_retitled_in_place(memory: Memory) -> None:
    person = await memory.people.ensure("test", "u1", "Mara")
    assert await memory.people.ensure("test", "u1", "Mara K.") == await memory.people.ensure("test", "u1", "Mara K.")
    assert (await memory.people.find("test", "u1")) is not None
    assert (await memory.people.ensure("test", "u1", "Mara K.")).id == person.id
    place = await memory.conversations.ensure("test", "1", title="Trip")
    assert (await memory.conversations.ensure("test", "1")).title == "Trip"
    renamed = await memory.conversations.ensure("test", "1", title="The trip")
    assert (renamed.id, renamed.title) == (place.id, "The trip")


async def test_two_owners_of_the_same_chat_have_it_each_for_themselves(memory: Memory) -> None:
    ann, bob = await memory.people.ensure("test", "a", "Ann"), await memory.people.ensure("test", "b", "Bob")
    for_ann = await memory.conversations.ensure("import", "chat", owner_id=ann.id)
    for_bob = await memory.conversations.ensure("import", "chat", owner_id=bob.id)
    assert for_ann.id != for_bob.id
    assert await memory.conversations.ensure("import", "chat", owner_id=ann.id) == for_ann
    await add(memory, for_ann, said("for Ann", event_id="1"))
    await add(memory, for_bob, said("for Bob", event_id="1"))
    assert await texts(memory, Scope.of_owner(bob.id)) == ["for Bob"]


async def test_summaries_count_people_passages_and_vectors(memory: Memory, place: ConversationRecord) -> None:
    empty = await memory.conversations.ensure("test", "empty")
    await add(memory, place, said("a", 1, "Mara"), said("b", 4, "Noor"), said("c", 9, "Mara", kind="answer"))
    await memory.embeddings.embed_pending()
    await add(memory, place, said("d", 4.5))
    first, second = await memory.conversations.summarize(Scope.all())
    assert (first.people, first.passages, first.embedded, first.first, first.last) == (2, 3, 2, at(1), at(4.5))
    assert second.conversation == empty
    assert (second.passages, second.first) == (0, None)


async def test_recent_gives_the_last_messages_and_answers_in_order(memory: Memory, place: ConversationRecord) -> None:
    entries = [said(str(n), n, kind="answer" if n % 2 else "message") for n in range(6)]
    await add(memory, place, *entries, said("/help", 7, kind="command"))
    recent = await memory.read_history(place.id, Scope.of_conversation(place.id), limit=3)
    assert [passage.text for passage in recent] == ["3", "4", "5"]


async def test_what_a_cancelled_caller_asked_for_is_stored_all_the_same(store: StoreAddress) -> None:
    async with Memory.open(store, HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("test", "1")
        calls = [asyncio.create_task(memory.passages.add(place, [said(str(n), n)])) for n in range(20)]
        await asyncio.sleep(0)
        for call in calls[::2]:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        await add(memory, place, said("after", 99))
    async with Memory.open(store, HashingEmbedder()) as memory:
        assert await texts(memory) == [*map(str, range(20)), "after"]
        assert await memory.upkeep.check() == []


async def test_everything_is_there_after_reopening(path: Path) -> None:
    async with Memory.open(path, HashingEmbedder()) as memory:
        await add(memory, await memory.conversations.ensure("test", "1"), said("kept"))
    async with Memory.open(path, HashingEmbedder()) as memory:
        assert await texts(memory) == ["kept"]
        assert await memory.embeddings.count_pending() == 1


async def test_listing_selects_by_every_criterion_and_by_all_of_them_together(
    memory: Memory, place: ConversationRecord
) -> None:
    noor = await memory.people.ensure("test", "u-noor", "Noor")
    await add(
        memory, place, said("Grüße aus LISSABON", 1, event_id="x:1"), said("nice", 2, "Noor", author_id=noor.id),
        said("fact", 3, kind="fact"),
    )  # fmt: skip

    async def listed(**criteria: object) -> list[str]:
        found = await memory.passages.select(Scope.all(), Selection(**criteria), newest_first=False)  # type: ignore[arg-type]  # each caller names real ones
        return [passage.text for passage in found]

    assert await listed(matching="GRÜSSE aus Lissabon") == ["Grüße aus LISSABON"]
    assert await listed(person="NOOR") == await listed(person="u-noor") == ["nice"]
    assert await listed(since=at(2), until=at(3)) == ["nice"]
    assert await listed(kinds=("fact",)) == ["fact"]
    assert await listed(event_prefix="x:") == ["Grüße aus LISSABON"]
    assert await listed(person="noor", matching="fact") == []
    with pytest.raises(ValueError, match="everything"):
        await listed()


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "🦜" * 3, "مرحبا \u202e abc", "x" * 1_000_000, ""])
async def test_odd_texts_are_stored_found_and_forgotten(memory: Memory, place: ConversationRecord, text: str) -> None:
    entry = said(
        text, author=text[:50], event_id=f"e{text[:50]}", link=text[:50], locator=text[:50], reply_to=text[:50]
    )
    await add(memory, place, entry)
    assert not (await memory.passages.add(place, [entry]))[0].new
    await memory.embeddings.embed_pending()
    assert await memory.upkeep.check() == []
    (kept,) = await texts(memory)
    assert kept == text.replace("\0", " ").replace("\ud800", " ")
    await memory.recall(text or "?", Scope.all(), now=at(1))
    await memory.passages.edit(place, f"e{text[:50]}", text + "!")
    assert (await memory.forget(Scope.all(), Selection(matching=text + "!"))).passages == 1
    assert await memory.upkeep.check() == []
