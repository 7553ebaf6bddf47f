from __future__ import annotations

from pathlib import Path

import pytest

from memory import ConversationRecord, Memory, Outgoing, Scope, Selection, Waiting
from memory.addresses import StoreAddress
from memory.embedders.hashing import HashingEmbedder
from memory.errors import SourceForgotten
from tests.memory.sayings import add, bytes_on_disk, said, texts


async def test_a_received_message_waits_until_it_is_handled_across_restarts(store: StoreAddress) -> None:
    async with Memory.open(store, HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("test", "1")
        first = await memory.delivery.receive(place, said("one", event_id="1"), "payload 1")
        again = await memory.delivery.receive(place, said("one", event_id="1"), "payload again")
        second = await memory.delivery.receive(place, said("two", event_id="2"), "payload 2")
        assert (first.new, again.new, again.id) == (True, False, first.id)
    async with Memory.open(store, HashingEmbedder()) as memory:
        assert await memory.delivery.list_waiting() == [Waiting(first.id, "payload 1"), Waiting(second.id, "payload 2")]
        assert await memory.delivery.find_waiting(second.id) == Waiting(second.id, "payload 2")
        await memory.delivery.mark_handled(first.id)
        await memory.delivery.mark_handled(first.id)
        assert await memory.delivery.find_waiting(first.id) is None
        assert [each.passage_id for each in await memory.delivery.list_waiting()] == [second.id]


async def test_what_was_handled_is_not_put_in_the_inbox_again(memory: Memory, place: ConversationRecord) -> None:
    stored = await memory.delivery.receive(place, said("one", event_id="1"), "payload")
    await memory.delivery.mark_handled(stored.id)
    assert not (await memory.delivery.receive(place, said("one", event_id="1"), "payload")).new
    assert await memory.delivery.list_waiting() == []


async def test_a_reply_is_unsent_until_it_is_stored_as_sent(memory: Memory, place: ConversationRecord) -> None:
    stored = await memory.delivery.receive(place, said("question?", event_id="1"), "payload")
    outgoing = await memory.delivery.queue_reply(place, stored.id, "the answer")
    assert await memory.delivery.list_waiting() == []
    assert await memory.delivery.list_unsent() == [Outgoing(outgoing.id, place.id, stored.id, "the answer")]
    sent = await memory.delivery.mark_sent(outgoing, said("the answer", 1, "bot", kind="answer", event_id="a1"))
    assert sent is not None
    assert sent.new
    assert await memory.delivery.list_unsent() == []
    assert await texts(memory) == ["question?", "the answer"]


async def test_a_reply_that_is_sent_twice_is_stored_once(memory: Memory, place: ConversationRecord) -> None:
    outgoing = await memory.delivery.queue_reply(place, None, "hello")
    entry = said("hello", kind="answer", event_id="a1")
    assert await memory.delivery.mark_sent(outgoing, entry) is not None
    assert await memory.delivery.mark_sent(outgoing, entry) is None
    assert await texts(memory) == ["hello"]


async def test_a_place_with_a_reply_to_send_outlives_the_forgetting_of_all_in_it(
    memory: Memory, place: ConversationRecord
) -> None:
    await memory.delivery.receive(place, said("forget everything", event_id="1"), "payload")
    outgoing = await memory.delivery.queue_reply(place, None, "forgotten")
    assert (await memory.forget(Scope.all(), Selection(everything=True))).conversations == 0
    await memory.delivery.mark_sent(outgoing, said("forgotten", kind="answer"))
    assert await texts(memory) == ["forgotten"]


async def test_a_reply_that_waits_goes_with_anything_it_was_made_from(
    memory: Memory, place: ConversationRecord
) -> None:
    (one, two) = await add(memory, place, said("the code is 4711"), said("nice weather", 1))
    outgoing = await memory.delivery.queue_reply(place, two, "it is 4711", [one])
    other = await memory.delivery.queue_reply(place, two, "it is nice", [two])
    assert (await memory.forget(Scope.all(), Selection(passage_ids=(one,)))).replies == 1
    assert await memory.delivery.find_unsent(outgoing.id) is None
    assert await memory.delivery.list_unsent() == [other]


async def test_what_is_forgotten_while_it_is_being_sent_is_not_stored(
    memory: Memory, place: ConversationRecord
) -> None:
    (number,) = await add(memory, place, said("the code is 4711"))
    outgoing = await memory.delivery.queue_reply(place, None, "it is 4711", [number])
    await memory.forget(Scope.all(), Selection(passage_ids=(number,)))
    assert await memory.delivery.mark_sent(outgoing, said("it is 4711", kind="answer"), ["part"]) is None
    assert await texts(memory) == []


async def test_a_sent_reply_goes_with_what_it_waited_with(memory: Memory, place: ConversationRecord) -> None:
    (number, asked) = await add(memory, place, said("the code is 4711"), said("the code?", 1, event_id="q"))
    outgoing = await memory.delivery.queue_reply(place, asked, "it is 4711", [number])
    await memory.delivery.mark_sent(outgoing, said("it is 4711", 2, kind="answer", reply_to="q"))
    await memory.forget(Scope.all(), Selection(passage_ids=(number,)))
    assert await texts(memory) == ["the code?"]


async def test_a_reply_made_from_what_is_gone_is_refused(memory: Memory, place: ConversationRecord) -> None:
    (number, _) = await add(memory, place, said("the code is 4711"), said("nice weather", 1))
    await memory.forget(Scope.all(), Selection(passage_ids=(number,)))
    with pytest.raises(SourceForgotten):
        await memory.delivery.queue_reply(place, None, "it is 4711", [number])
    assert await memory.delivery.list_unsent() == []


async def test_a_withheld_command_is_handled_and_has_no_more_than_its_name(
    memory: Memory, place: ConversationRecord, path: Path
) -> None:
    stored = await memory.delivery.receive(place, said("/forget tulip4711", kind="command"), "payload of tulip4711")
    await memory.delivery.withhold(stored.id, "/forget")
    assert await texts(memory) == ["/forget"]
    assert await memory.delivery.list_waiting() == []
    assert b"tulip4711" not in bytes_on_disk(path)
