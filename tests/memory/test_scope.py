"""Scopes isolate: whatever is asked, nothing from outside the scope comes back."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from memory import ConversationRecord, Entry, Memory, Scope
from memory.embedders.hashing import HashingEmbedder
from tests.memory.sayings import EVERYTHING, add, at, found, said

WORDS = st.lists(st.sampled_from(["zeppelin", "hotel", "train", "lisbon", "beach"]), min_size=1, max_size=4)
ALL_WORDS = "zeppelin hotel train lisbon beach"


class Home(NamedTuple):
    owner: str | None
    audience: str | None
    sayings: list[list[str]]


OWNERS = ["ann", "bob"]
AUDIENCES = ["family", "work"]
HOMES = st.lists(
    st.builds(Home, st.sampled_from([None, *OWNERS]), st.sampled_from([None, *AUDIENCES]), st.lists(WORDS, max_size=5)),
    min_size=1,
    max_size=5,
)


async def furnish(memory: Memory, homes: list[Home]) -> tuple[list[ConversationRecord], dict[str, int]]:
    """Fill conversations with messages, a document, and facts drawn from what every conversation holds."""
    owners = {name: (await memory.people.ensure("test", name, name.title())).id for name in OWNERS}
    places: list[ConversationRecord] = []
    known: list[int] = []
    for number, home in enumerate(homes):
        owner_id = owners[home.owner] if home.owner else None
        place = await memory.conversations.ensure("test", str(number), owner_id=owner_id, audience=home.audience)
        entries = [said(" ".join(words), n * 5) for n, words in enumerate(home.sayings)]
        known += await add(memory, place, *entries)
        await memory.facts.add(place, Entry(ALL_WORDS, at(1), drawn_from=tuple(known)), key="secret")
        await memory.documents.add(place, "a.txt", "text/plain", "0", [said(ALL_WORDS)])
        places.append(place)
    await memory.embeddings.embed_pending()
    return places, owners


async def reads_stay_inside(memory: Memory, scope: Scope, allowed: set[int], question: str) -> None:
    everything = await memory.passages.select(Scope.all(), EVERYTHING, limit=999)
    inside = {passage.id for passage in everything if passage.conversation.id in allowed}
    assert {each.id for each in await memory.passages.select(scope, EVERYTHING, limit=999)} == inside
    for recollection in await memory.recall(question, scope, now=at(99), limit=50):
        assert recollection.passage.id in inside
        assert {each.conversation.id for each in recollection.context} <= {recollection.passage.conversation.id}
    for fact in await memory.facts.select(scope, include_closed=True):
        assert {fact.passage_id, *fact.evidence} <= inside
    assert {each.conversation.id for each in await memory.conversations.summarize(scope)} == allowed
    for home in {passage.conversation.id for passage in everything}:
        assert {each.id for each in await memory.read_history(home, scope)} <= inside
    assert {at for each in await memory.imports.select(scope) for at in each.conversation_ids} <= allowed


async def forgetting_stays_inside(memory: Memory, scope: Scope, allowed: set[int]) -> None:
    """What was drawn from the forgotten goes wherever it stands; nothing else outside does."""
    before = await memory.passages.select(Scope.all(), EVERYTHING, limit=999)
    await memory.forget(scope, EVERYTHING)
    left = {each.id for each in await memory.passages.select(Scope.all(), EVERYTHING, limit=999)}
    for each in before:
        if each.conversation.id in allowed:
            assert each.id not in left
        elif each.kind != "fact":
            assert each.id in left


@settings(max_examples=40, deadline=None)
@given(HOMES, st.sets(st.integers(0, 4)), st.sets(st.sampled_from(OWNERS)), st.sets(st.sampled_from(AUDIENCES)), WORDS)
def test_no_read_returns_anything_from_outside_its_scope(
    homes: list[Home], named: set[int], owners: set[str], audiences: set[str], question: list[str]
) -> None:  # fmt: skip
    async def check(folder: str) -> None:
        async with Memory.open(Path(folder) / "memory.db", HashingEmbedder()) as memory:
            places, people = await furnish(memory, homes)
            scope = Scope(
                frozenset(places[n].id for n in named if n < len(places)),
                frozenset(people[name] for name in owners),
                frozenset(("test", name) for name in audiences),
            )
            allowed = {
                place.id
                for place in places
                if place.id in scope.conversation_ids
                or (place.owner_id or 0) in scope.owner_ids
                or place.audience in audiences
            }
            await reads_stay_inside(memory, scope, allowed, " ".join(question))
            await forgetting_stays_inside(memory, scope, allowed)

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(check(folder))


async def test_an_empty_scope_sees_nothing_and_forgets_nothing(memory: Memory, place: ConversationRecord) -> None:
    await add(memory, place, said("a zeppelin"))
    assert await found(memory, "zeppelin", Scope()) == []
    assert await memory.conversations.summarize(Scope()) == []
    assert (await memory.forget(Scope(), EVERYTHING)).passages == 0
    assert await found(memory, "zeppelin") == ["a zeppelin"]


async def test_a_group_without_owner_is_seen_by_no_owner(memory: Memory) -> None:
    person = await memory.people.ensure("test", "a", "Ann")
    group = await memory.conversations.ensure("test", "group", kind="group")
    await add(memory, group, said("zeppelin", author_id=person.id))
    assert await found(memory, "zeppelin", Scope.of_owner(person.id)) == []


async def test_an_audience_is_one_of_its_own_platform(memory: Memory) -> None:
    group = await memory.conversations.ensure("test", "group", kind="group", audience="group")
    await add(memory, group, said("a zeppelin"))
    assert await found(memory, "zeppelin", Scope(audiences=frozenset({("test", "group")}))) == ["a zeppelin"]
    assert await found(memory, "zeppelin", Scope(audiences=frozenset({("other", "group")}))) == []


async def test_many_conversations_fit_into_one_scope(memory: Memory) -> None:
    places = [await memory.conversations.ensure("test", str(n)) for n in range(300)]
    await add(memory, places[0], said("a zeppelin"))
    scope = Scope.of_conversation(*(place.id for place in places), *range(1000, 30_000))
    assert await found(memory, "zeppelin", scope) == ["a zeppelin"]
