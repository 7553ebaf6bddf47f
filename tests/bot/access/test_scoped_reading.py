"""What a handler may list for a sender: what is remembered, what was asked, and what was said here."""

from __future__ import annotations

from pathlib import Path

from bot.access.sources import HandlerSources
from tests.bot.access.scoped import open_group
from tests.memory.sayings import add, at, said


async def test_what_is_remembered_is_found_by_id_by_text_or_all_of_it(tmp_path: Path) -> None:
    async with open_group(tmp_path) as group:
        ferry, bus = await group.says("the ferry leaves at nine", 1), await group.says("the bus leaves at ten", 2)
        await group.says("when does the ferry leave?", 3, kind="question")
        reading = group.memory_of()
        assert [each.id for each in await reading.find(ids=[ferry])] == [ferry]
        assert [each.id for each in await reading.find(matching="ferry")] == [ferry]
        assert [each.id for each in await reading.find(everything=True)] == [bus, ferry]
        assert await reading.find() == []


async def test_what_people_have_asked_and_commanded_is_listed_on_request_and_nothing_of_the_bots(
    tmp_path: Path,
) -> None:
    async with open_group(tmp_path) as group:
        await group.says("the ferry leaves at nine", 1)
        asked = await group.says("when does the ferry leave?", 2, kind="question")
        commanded = await group.says("/memories ferry", 3, kind="command")
        await group.says("- the ferry leaves at nine", 4, kind="command", author_id=None)
        found = await group.memory_of().find(matching="ferry", asked=True)
        assert [each.id for each in found] == [commanded, asked]


async def test_no_more_is_listed_than_asked_for_and_the_message_being_handled_is_left_out(tmp_path: Path) -> None:
    async with open_group(tmp_path) as group:
        numbers = [await group.says(f"message {number}", number) for number in range(60)]
        reading = group.memory_of(own=frozenset({numbers[-1]}))
        assert [each.id for each in await reading.find(everything=True, limit=3)] == numbers[-2:-4:-1]
        assert len(await reading.find(everything=True)) == 49, "fifty, less its own"


async def test_what_was_said_here_is_in_order_without_commands_answers_and_what_is_elsewhere(tmp_path: Path) -> None:
    async with open_group(tmp_path) as group:
        other = await group.memory.conversations.ensure("test", "other", kind="group")
        await add(group.memory, other, said("the bicycle is red", 2))
        await group.says("the ferry leaves at nine", 1)
        await group.says("/memories", 2, kind="command")
        await group.says("Bob has joined", 3, kind="system")
        await group.says("At nine.", 4, kind="answer", author_id=None)
        await group.says("the bus leaves at ten", 5)
        own = await group.says("what did I miss?", 6)
        reading = group.memory_of(own=frozenset({own}))
        assert [each.text for each in await reading.list_said_here(since=at(0))] == [
            "the ferry leaves at nine",
            "Bob has joined",
            "the bus leaves at ten",
        ]
        assert [each.text for each in await reading.list_said_here(since=at(2), until=at(4))] == ["Bob has joined"]


async def test_of_much_that_was_said_here_the_latest_is_listed_or_on_request_the_earliest(tmp_path: Path) -> None:
    async with open_group(tmp_path) as group:
        for number in range(4):
            await group.says(f"message {number}", number)
        reading = group.memory_of()
        latest = await reading.list_said_here(since=at(0), limit=2)
        earliest = await reading.list_said_here(since=at(0), limit=2, earliest=True)
        assert [each.text for each in latest] == ["message 2", "message 3"]
        assert [each.text for each in earliest] == ["message 0", "message 1"]


async def test_when_the_sender_last_said_something_here_is_known(tmp_path: Path) -> None:
    async with open_group(tmp_path) as group:
        other = await group.memory.conversations.ensure("test", "other", kind="group")
        assert await group.memory_of().last_said_here() is None
        await group.says("the ferry leaves at nine", 1)
        assert await group.memory_of().last_said_here() == at(1)
        await group.says("when does the bus leave?", 2, kind="question")
        await group.says("/memories", 3, kind="command")
        await group.says("at ten", 4, by=group.ann)
        await add(group.memory, other, said("elsewhere", 5, "Bob", author_id=group.bob.id))
        own = await group.says("what did I miss?", 6)
        assert await group.memory_of(own=frozenset({own})).last_said_here() == at(2)


async def test_facts_that_were_learnt_here_are_listed_also_those_that_hold_no_more(tmp_path: Path) -> None:
    async with open_group(tmp_path) as group:
        first, second = await group.says("my cat is Tom", 1), await group.says("my cat is Tim", 2)
        memory = group.memory_of()
        assert await memory.learnt_here(limit=10) == []
        await memory.remember("the ferry leaves at nine")
        await memory.learn("Bob's cat is Tom", first, key="cat")
        await memory.learn("Bob's cat is Tim", second, key="cat")
        assert [each.text for each in await memory.learnt_here(limit=10)] == ["Bob's cat is Tim", "Bob's cat is Tom"]
        assert [each.text for each in await memory.learnt_here(limit=1)] == ["Bob's cat is Tim"]
        assert [each.statement for each in await memory.facts()] == ["the ferry leaves at nine", "Bob's cat is Tim"]
        assert len(await memory.facts(include_closed=True)) == 3


async def test_what_was_read_is_noted_as_a_source_of_what_is_said(tmp_path: Path) -> None:
    async with open_group(tmp_path) as group:
        ferry = await group.says("the ferry leaves at nine", 1)
        sources = HandlerSources.of([7])
        await group.memory_of(sources=sources).find(matching="ferry")
        assert (sources.told, sources.read) == ({7}, {ferry})
