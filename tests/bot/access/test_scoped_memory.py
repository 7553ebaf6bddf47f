"""What a handler may keep and forget for a sender, and what is noted of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.access.sources import HandlerSources
from bot.errors import NOT_KEPT, CommandError
from memory import Scope, Selection
from memory.records import PersonRecord
from tests.bot.access.scoped import open_group
from tests.memory.sayings import at


async def test_a_fact_is_said_by_the_sender_once_however_often_the_message_is_handled(tmp_path: Path) -> None:
    async with open_group(tmp_path) as group:
        told = await group.says("/remember the ferry leaves at nine", 1, kind="command")
        for _ in range(2):
            memory = group.memory_of(sources=HandlerSources.of([told]))
            await memory.remember("the ferry leaves at nine")
            await memory.remember("the bus leaves at ten")
        facts = await group.memory.facts.select(Scope.all())
        assert [fact.statement for fact in facts] == ["the bus leaves at ten", "the ferry leaves at nine"]
        found = await group.memory.passages.select(Scope.all(), Selection(kinds=("fact",)), limit=10)
        assert {(each.author_id, each.said_at, each.event_id) for each in found} == {
            (group.bob.id, at(500), "now/fact/1"),
            (group.bob.id, at(500), "now/fact/2"),
        }
        await group.memory.forget(Scope.all(), Selection(passage_ids=(told,)))
        assert await group.memory.facts.select(Scope.all()) == []


async def test_a_fact_is_learnt_from_a_message_of_its_author_and_goes_with_it(tmp_path: Path) -> None:
    async with open_group(tmp_path) as group:
        said = await group.says("my cat is Tom", 1, by=group.ann)
        memory = group.memory_of()
        fact = await memory.learn("Ann's cat is Tom", said, key="cat")
        assert fact is not None
        assert (fact.statement, fact.evidence, fact.learnt) == ("Ann's cat is Tom", (said,), True)
        assert await memory.learn("Ann's cat is Tom", said, key="cat") is None, "it is known already"
        (found,) = await group.memory.passages.select(Scope.all(), Selection(kinds=("fact",)), limit=10)
        assert (found.author, found.author_id, found.said_at) == ("Ann", group.ann.id, at(1))
        await group.memory.forget(Scope.all(), Selection(passage_ids=(said,)))
        assert await group.memory.facts.select(Scope.all()) == []


async def test_nothing_is_learnt_from_a_question_a_file_or_what_is_gone(tmp_path: Path) -> None:
    async with open_group(tmp_path) as group:
        memory = group.memory_of()
        for number in (4711, await group.says("is my cat Tom?", 1, kind="question")):
            assert await memory.learn("Bob's cat is Tom", number, key="cat") is None
        assert await group.memory.facts.select(Scope.all()) == []


async def test_a_file_is_kept_in_pieces_and_goes_with_the_message_that_it_came_with(tmp_path: Path) -> None:
    async with open_group(tmp_path) as group:
        told = await group.says("(plan.pdf)", 1)
        memory = group.memory_of(sources=HandlerSources.of([told]))
        await memory.add_document("plan.pdf", "application/pdf", "0", [("the ferry", "p. 1"), ("the bus", "p. 2")])
        chosen = Selection(kinds=("document",))
        found = await group.memory.passages.select(Scope.all(), chosen, limit=10, newest_first=False)
        assert [(each.text, each.author, each.locator) for each in found] == [
            ("the ferry", "plan.pdf", "p. 1"),
            ("the bus", "plan.pdf", "p. 2"),
        ]
        await group.memory.forget(Scope.all(), Selection(passage_ids=(told,)))
        assert await group.memory.passages.select(Scope.all(), chosen, limit=10) == []


async def test_where_nothing_is_kept_every_way_to_keep_something_says_so(tmp_path: Path) -> None:
    async with open_group(tmp_path) as group:
        said = await group.says("my cat is Tom", 1)
        memory = group.memory_of(keeps=False)
        with pytest.raises(CommandError, match=NOT_KEPT):
            await memory.remember("the ferry leaves at nine")
        with pytest.raises(CommandError, match=NOT_KEPT):
            await memory.learn("Bob's cat is Tom", said, key="cat")
        with pytest.raises(CommandError, match=NOT_KEPT):
            await memory.add_document("plan.pdf", "application/pdf", "0", [("the ferry", "p. 1")])
        with pytest.raises(CommandError, match=NOT_KEPT):
            memory.histories()
        assert not memory.keeps
        assert group.memory_of().keeps


async def test_in_a_group_everybody_forgets_their_own_and_the_owner_anything(tmp_path: Path) -> None:
    async with open_group(tmp_path) as group:
        ferry = await group.says("the ferry leaves at nine", 1)
        bus = await group.says("the bus leaves at ten", 2, by=group.ann)
        with pytest.raises(CommandError, match="In a group you can forget only what you said yourself"):
            await group.memory_of().forget([ferry, bus])
        assert (await group.memory_of().forget([ferry])).passages == 1
        assert (await group.memory_of(is_owner=True).forget([bus])).passages == 1


async def test_what_has_the_text_by_which_it_was_chosen_goes_too_and_who_forgot_how_much_is_noted(
    tmp_path: Path,
) -> None:
    async with open_group(tmp_path) as group:
        ferry = await group.says("the ferry leaves at nine", 1)
        await group.says("the bus leaves at ten", 2)
        await group.says("/memories leaves", 3, kind="command")
        await group.says("/memories bus", 4, kind="command")
        own = await group.says("/forget leaves", 5, kind="command")
        memory = group.memory_of(text="/forget leaves", own=frozenset({own}))
        assert (await memory.forget([ferry], matching="leaves")).passages == 2
        left = await group.memory.passages.select(Scope.all(), Selection(kinds=("command",)), limit=10)
        assert [each.text for each in left] == ["/forget", "/memories bus"]
        (entry,) = await group.memory.ledger.audit.read_latest(10)
        noted = (entry.actor, entry.action, entry.subject)
        assert noted == ("test:bob", "forgot", f"2 texts, asked in conversation {group.home.id}")


async def test_an_import_from_a_chat_is_the_senders_and_its_files_are_taken_in_for_them(tmp_path: Path) -> None:
    opened: list[tuple[int, bool]] = []

    def past_files_of(owner: PersonRecord, *, by_owner: bool, alive: Callable[[], None]) -> None:
        del alive  # no file is read
        opened.append((owner.id, by_owner))

    async with open_group(tmp_path) as group:
        histories = group.memory_of(past_files_of=past_files_of).histories()
        histories.past_files(by_owner=True, alive=lambda: None)
        assert histories.owner == group.bob
        assert opened == [(group.bob.id, True)]
