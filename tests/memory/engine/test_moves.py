"""A group that goes on under another id, with all that is kept and decided about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from memory import ConversationRecord, Entry, Memory, Scope
from memory.access_records import Grant
from memory.addresses import StoreAddress
from memory.embedders.hashing import HashingEmbedder
from memory.errors import StorageError
from memory.records import ConversationMove
from tests.memory.sayings import add, found, said, texts

OLD, NEW = "-7", "-1007"


MOVE = ConversationMove("test", OLD, NEW, lambda text: text.replace(OLD, NEW))


async def group(memory: Memory, external_id: str) -> ConversationRecord:
    audience = external_id.partition("/")[0]
    return await memory.conversations.ensure("test", external_id, kind="group", title="Trip", audience=audience)


def readable(external_id: str) -> Scope:
    return Scope(audiences=frozenset({("test", external_id)}))


async def test_a_group_moves_with_its_threads_and_what_waits_there(memory: Memory) -> None:
    place, thread = await group(memory, OLD), await group(memory, f"{OLD}/1")
    other = await group(memory, f"{OLD}5")
    await add(memory, place, said("a zeppelin"))
    await add(memory, thread, said("a zeppelin in the thread"))
    await add(memory, other, said("a zeppelin elsewhere"))
    waiting = await memory.delivery.receive(place, said("when?", event_id="e1"), f"asked in {OLD}")
    await memory.delivery.queue_reply(thread, None, f"answered in {OLD}")
    assert await memory.conversations.move(MOVE)
    assert sorted(await texts(memory, readable(NEW))) == ["a zeppelin", "a zeppelin in the thread", "when?"]
    assert await found(memory, "zeppelin", readable(OLD)) == []
    assert await found(memory, "zeppelin", readable(f"{OLD}5")) == ["a zeppelin elsewhere"]
    assert await group(memory, NEW) == ConversationRecord(place.id, "test", NEW, "Trip", "group", None, NEW)
    assert (await group(memory, f"{NEW}/1")).id == thread.id
    assert [(each.passage_id, each.payload) for each in await memory.delivery.list_waiting()] == [
        (waiting.id, f"asked in {NEW}")
    ]
    assert [each.payload for each in await memory.delivery.list_unsent()] == [f"answered in {NEW}"]
    assert not await memory.conversations.move(MOVE)


async def test_what_was_decided_about_a_group_moves_unless_something_is_decided_there(memory: Memory) -> None:
    grants, pauses = memory.ledger.grants, memory.ledger.pauses
    await grants.keep(Grant("test", "conversation", OLD, "denied", "Trip"))
    await grants.keep(Grant("test", "person", OLD, "member", "Somebody with such an id"))
    await pauses.start("test", OLD, "ann")
    assert await memory.conversations.move(replace(MOVE, role="member"))
    assert await grants.find("test", [("conversation", OLD), ("conversation", NEW)]) == [
        Grant("test", "conversation", NEW, "denied", "Trip")
    ]
    assert len(await grants.find("test", [("person", OLD)])) == 1
    assert (await pauses.find("test", OLD), await pauses.find("test", NEW)) == (None, "ann")


async def test_a_group_that_the_settings_let_in_is_let_in_under_its_new_id(memory: Memory) -> None:
    await memory.conversations.move(replace(MOVE, role="member"))
    assert [grant.role for grant in await memory.ledger.grants.find("test", [("conversation", NEW)])] == ["member"]


async def test_messages_that_keep_their_numbers_are_found_by_their_new_ids(memory: Memory) -> None:
    place = await group(memory, OLD)
    await add(memory, place, Entry("a zeppelin", said("").said_at, event_id=f"{OLD}:1", reply_to=f"{OLD}:0"))
    outgoing = await memory.delivery.queue_reply(place, None, "")
    await memory.delivery.mark_sent(outgoing, said("yes", event_id=f"{OLD}:2"), [f"{OLD}:3"])
    await memory.conversations.move(replace(MOVE, message_ids=(f"{OLD}:", f"{NEW}:")))
    assert [each.reply_to for each in await memory.passages.find_event("test", f"{NEW}:1")] == [f"{NEW}:0"]
    assert [each.text for each in await memory.passages.find_event("test", f"{NEW}:3")] == ["yes"]
    assert await memory.passages.find_event("test", f"{OLD}:1") == []


async def test_what_was_said_under_the_new_id_before_is_joined_with_the_rest(memory: Memory) -> None:
    before, after = await group(memory, OLD), await group(memory, NEW)
    for place in (before, after):
        await add(memory, place, said(f"a zeppelin for {place.external_id}"))
        await memory.documents.add(place, "a.txt", "text/plain", "same", [said("zeppelins are blue")])
    await memory.facts.add(after, said("zeppelins fly"), key="flight")
    await memory.embeddings.embed_pending()
    assert await memory.conversations.move(MOVE)
    await memory.embeddings.embed_pending()
    (summary,) = await memory.conversations.summarize(Scope.all())
    assert summary.conversation.external_id == NEW
    assert summary.embedded == summary.passages == 5
    assert len(await texts(memory, readable(NEW))) == 5
    assert "zeppelins fly" in await found(memory, "what flies?", readable(NEW))
    assert await memory.upkeep.check() == []


async def test_a_move_that_fails_changes_nothing(store: StoreAddress) -> None:
    def rewrite(text: str) -> str:
        raise ValueError(text)

    async with Memory.open(store, HashingEmbedder()) as memory:
        place = await group(memory, OLD)
        await memory.delivery.receive(place, said("when?", event_id="e1"), "asked")
        await memory.ledger.pauses.start("test", OLD, "ann")
        with pytest.raises((ValueError, StorageError)):
            await memory.conversations.move(replace(MOVE, rewrite=rewrite))
        assert await memory.ledger.pauses.find("test", OLD) == "ann"
        assert await texts(memory, readable(OLD)) == ["when?"]
