from __future__ import annotations

from pathlib import Path

from memory import Conversation, Memory, Outgoing, Scope, Selection, Waiting
from memory.embedders.hashing import HashingEmbedder
from tests.memory.sayings import said, texts


async def test_a_received_message_waits_until_it_is_handled_across_restarts(path: Path) -> None:
    async with Memory.open(path, HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("test", "1")
        first = await memory.delivery.receive(place, said("one", event_id="1"), "payload 1")
        again = await memory.delivery.receive(place, said("one", event_id="1"), "payload again")
        second = await memory.delivery.receive(place, said("two", event_id="2"), "payload 2")
        assert (first.new, again.new, again.id) == (True, False, first.id)
    async with Memory.open(path, HashingEmbedder()) as memory:
        assert await memory.delivery.list_waiting() == [Waiting(first.id, "payload 1"), Waiting(second.id, "payload 2")]
        assert await memory.delivery.find_waiting(second.id) == Waiting(second.id, "payload 2")
        await memory.delivery.mark_handled(first.id)
        await memory.delivery.mark_handled(first.id)
        assert await memory.delivery.find_waiting(first.id) is None
        assert [each.passage_id for each in await memory.delivery.list_waiting()] == [second.id]


async def test_what_was_handled_is_not_put_in_the_inbox_again(memory: Memory, place: Conversation) -> None:
    stored = await memory.delivery.receive(place, said("one", event_id="1"), "payload")
    await memory.delivery.mark_handled(stored.id)
    assert not (await memory.delivery.receive(place, said("one", event_id="1"), "payload")).new
    assert await memory.delivery.list_waiting() == []


async def test_a_reply_is_unsent_until_it_is_stored_as_sent(memory: Memory, place: Conversation) -> None:
    stored = await memory.delivery.receive(place, said("question?", event_id="1"), "payload")
    outgoing = await memory.delivery.queue_reply(place, stored.id, "the answer")
    assert await memory.delivery.list_waiting() == []
    assert await memory.delivery.list_unsent() == [Outgoing(outgoing.id, place.id, stored.id, "the answer")]
    sent = await memory.delivery.mark_sent(outgoing, said("the answer", 1, "bot", kind="answer", event_id="a1"))
    assert sent is not None
    assert sent.new
    assert await memory.delivery.list_unsent() == []
    assert await texts(memory) == ["question?", "the answer"]


async def test_a_reply_that_is_sent_twice_is_stored_once(memory: Memory, place: Conversation) -> None:
    outgoing = await memory.delivery.queue_reply(place, None, "hello")
    entry = said("hello", kind="answer", event_id="a1")
    assert await memory.delivery.mark_sent(outgoing, entry) is not None
    assert await memory.delivery.mark_sent(outgoing, entry) is None
    assert await texts(memory) == ["hello"]


async def test_a_place_with_a_reply_to_send_outlives_the_forgetting_of_all_in_it(
    memory: Memory, place: Conversation
) -> None:
    await memory.delivery.receive(place, said("forget everything", event_id="1"), "payload")
    outgoing = await memory.delivery.queue_reply(place, None, "forgotten")
    assert (await memory.forget(Scope.all(), Selection(everything=True))).conversations == 0
    await memory.delivery.mark_sent(outgoing, said("forgotten", kind="answer"))
    assert await texts(memory) == ["forgotten"]
