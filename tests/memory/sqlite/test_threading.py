"""Where messages stand in their conversation, in whatever order they come."""

from __future__ import annotations

import asyncio
import random
import tempfile
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from memory import ConversationRecord, Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder
from memory.search.windows import SESSION_GAP
from tests.memory.sayings import add, rows, said

GAP = SESSION_GAP / 60_000_000
MINUTES = st.integers(0, 2000)


def chains(path: Path) -> list[tuple[str, str | None]]:
    """Each message with the one before it, by time."""
    return rows(
        path,
        """SELECT p.text, q.text FROM passages AS p LEFT JOIN passages AS q ON q.id = p.previous_id
           ORDER BY p.said_at, p.id""",
    )


def sessions(path: Path) -> list[set[str]]:
    by_id: dict[int, set[str]] = {}
    for session, text in rows(path, "SELECT session_id, text FROM passages"):
        by_id.setdefault(session, set()).add(text)
    return sorted(by_id.values(), key=sorted)


def expected_chains(minutes: list[int]) -> list[tuple[str, str | None]]:
    ordered = sorted(minutes)
    near = [str(a) if b - a <= GAP else None for a, b in pairwise(ordered)]
    return list(zip(map(str, ordered), [None, *near], strict=False))


def expected_sessions(minutes: list[int]) -> list[set[str]]:
    found: list[set[str]] = []
    for text, before in expected_chains(minutes):
        if before is None:
            found.append(set())
        found[-1].add(text)
    return sorted(found, key=sorted)


async def store_in_batches(path: Path, batches: list[list[int]], gone: set[int]) -> None:
    async with Memory.open(path, HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("test", "1")
        for batch in batches:
            await add(memory, place, *(said(str(minute), minute, "") for minute in batch))
            await memory.embeddings.embed_pending()
        if gone:
            ids = {
                passage.text: passage.id
                for passage in await memory.passages.select(Scope.all(), all_of(place), limit=999)
            }
            await memory.forget(Scope.all(), Selection(passage_ids=tuple(ids[str(each)] for each in gone)))
        assert await memory.upkeep.check() == []


def all_of(place: ConversationRecord) -> Selection:
    return Selection(conversation_id=place.id)


@settings(max_examples=60, deadline=None)
@given(st.lists(MINUTES, unique=True, max_size=14), st.randoms(use_true_random=False))
def test_messages_in_any_order_and_batches_are_chained_as_if_they_had_come_in_order(
    minutes: list[int], chance: random.Random
) -> None:
    batches: list[list[int]] = [[]]
    for minute in minutes:
        if chance.random() < 0.4:
            batches.append([])
        batches[-1].append(minute)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "memory.db"
        asyncio.run(store_in_batches(path, batches, set()))
        assert chains(path) == expected_chains(minutes)
        assert sessions(path) == expected_sessions(minutes)


@settings(max_examples=40, deadline=None)
@given(st.lists(MINUTES, unique=True, min_size=1, max_size=14), st.randoms(use_true_random=False))
def test_what_is_left_after_forgetting_is_chained_as_if_the_rest_had_never_been(
    minutes: list[int], chance: random.Random
) -> None:
    gone = {minute for minute in minutes if chance.random() < 0.4}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "memory.db"
        asyncio.run(store_in_batches(path, [minutes], gone))
        assert chains(path) == expected_chains([minute for minute in minutes if minute not in gone])


async def test_messages_of_the_same_moment_stay_in_the_order_they_came(path: Path, memory: Memory) -> None:
    place = await memory.conversations.ensure("test", "1")
    await add(memory, place, said("a", 1), said("b", 1))
    await add(memory, place, said("c", 1), said("d", 2))
    assert chains(path) == [("a", None), ("b", "a"), ("c", "b"), ("d", "c")]


async def test_answers_commands_facts_and_document_pieces_are_no_part_of_the_thread(path: Path, memory: Memory) -> None:
    place = await memory.conversations.ensure("test", "1")
    await add(memory, place, said("a", 1), said("answer", 2, kind="answer"), said("/help", 3, kind="command"))
    await memory.facts.add(place, said("fact", 4))
    await memory.documents.add(place, "a.pdf", "application/pdf", "0", [said("one", 5), said("two", 5)])
    await add(memory, place, said("b", 6))
    linked = dict(chains(path))
    assert linked["b"] == "a"
    assert linked["two"] == "one"
    assert [linked[text] for text in ("answer", "/help", "fact", "one")] == [None] * 4


async def test_conversations_are_threaded_apart(path: Path, memory: Memory) -> None:
    for name in "12":
        place = await memory.conversations.ensure("test", name)
        await add(memory, place, said(f"a{name}", 1), said(f"b{name}", 2))
    assert chains(path) == [("a1", None), ("a2", None), ("b1", "a1"), ("b2", "a2")]
