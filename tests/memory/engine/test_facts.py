from __future__ import annotations

from memory import ConversationRecord, Memory, Scope, Selection
from tests.memory.sayings import add, at, found, said


async def test_a_newer_fact_of_the_same_key_closes_the_older_and_keeps_it(
    memory: Memory, place: ConversationRecord
) -> None:
    old = await memory.facts.add(place, said("wifi: jay1", 1), key="wifi")
    new = await memory.facts.add(place, said("wifi: jay2", 2), key="WiFi")
    assert (old.valid_from, old.valid_to) == (at(1), None)
    assert await memory.facts.select(Scope.all()) == [new]
    _, closed = await memory.facts.select(Scope.all(), include_closed=True)
    assert (closed.id, closed.statement, closed.valid_to) == (old.id, "wifi: jay1", at(2))


async def test_facts_that_come_out_of_order_hold_one_after_another_all_the_same(
    memory: Memory, place: ConversationRecord
) -> None:
    for minute in (3, 1, 2):
        await memory.facts.add(place, said(f"wifi: jay{minute}", minute), key="wifi")
    spans = [(fact.valid_from, fact.valid_to) for fact in await memory.facts.select(Scope.all(), include_closed=True)]
    assert spans == [(at(3), None), (at(2), at(3)), (at(1), at(2))]


async def test_other_keys_other_places_and_facts_without_key_stay_open(
    memory: Memory, place: ConversationRecord
) -> None:
    other = await memory.conversations.ensure("test", "2")
    for minute, (home, key) in enumerate([(place, "wifi"), (other, "wifi"), (place, "door"), (place, None)]):
        await memory.facts.add(home, said(f"fact {minute}", minute), key=key)
    await memory.facts.add(place, said("fact 9", 9), key=None)
    assert len(await memory.facts.select(Scope.all())) == 5
    assert len(await memory.facts.select(Scope.of_conversation(other.id))) == 1


async def test_a_fact_is_a_fact_whatever_its_entry_says_and_is_recalled(
    memory: Memory, place: ConversationRecord
) -> None:
    fact = await memory.facts.add(place, said("the zeppelin is blue", kind="message"))
    (passage,) = await memory.passages.select(Scope.all(), Selection(passage_ids=(fact.passage_id,)))
    assert passage.kind == "fact"
    assert await found(memory, "which zeppelin?") == ["the zeppelin is blue"]


async def test_the_same_event_gives_the_same_fact(memory: Memory, place: ConversationRecord) -> None:
    first = await memory.facts.add(place, said("wifi: jay1", 1, event_id="f"), key="wifi")
    assert await memory.facts.add(place, said("wifi: jay1", 1, event_id="f"), key="wifi") == first


async def test_evidence_is_what_is_there_and_what_the_scope_shows(memory: Memory, place: ConversationRecord) -> None:
    other = await memory.conversations.ensure("test", "2")
    (here,), (there,) = await add(memory, place, said("a")), await add(memory, other, said("b"))
    fact = await memory.facts.add(place, said("a and b", 1, drawn_from=(here, there, 999)))
    assert set(fact.evidence) == {here, there}
    (seen,) = await memory.facts.select(Scope.of_conversation(place.id))
    assert seen.evidence == (here,)


async def test_a_fact_is_found_by_what_it_is_about(memory: Memory, place: ConversationRecord) -> None:
    await add(memory, place, *(said(f"good morning {n}", n) for n in range(5)), said("the password is lost", 5))
    await memory.facts.add(place, said("azulejo1755", 6), key="wifi password")
    best = (await memory.recall("what is the wifi password?", Scope.all(), now=at(9)))[0]
    assert (best.passage.text, best.passage.key, best.relevance) == ("azulejo1755", "wifi password", 1.0)
    await memory.embeddings.embed_pending()
    assert (await found(memory, "wifi password"))[0] == "azulejo1755"
    assert await memory.upkeep.check() == []
    await memory.forget(Scope.all(), Selection(passage_ids=(best.passage.id,)))
    assert await memory.upkeep.check() == []


async def test_a_fact_that_no_longer_holds_is_recalled_for_the_time_when_it_held_alone(
    memory: Memory, place: ConversationRecord
) -> None:
    await memory.facts.add(place, said("azulejo1755", 0), key="wifi password")
    await memory.facts.add(place, said("tortoise42", 3 * 24 * 60), key="wifi password")
    now = at(5 * 24 * 60)
    assert [each.passage.text for each in await memory.recall("wifi password?", Scope.all(), now=now)] == ["tortoise42"]
    then = await memory.recall("what was the wifi password on 4 May 2024?", Scope.all(), now=now)
    assert ("azulejo1755", at(3 * 24 * 60)) in [(each.passage.text, each.passage.valid_to) for each in then]
