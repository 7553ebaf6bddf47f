"""Who belongs to the bot: what is decided and listed, whose accounts are one person's, and what a key reads."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.access.api_keys import ApiKeys
from bot.access.members import Members, add_listed
from bot.access.pairing import Pairing
from bot.access.policy import AllowList, Role, scope_of
from bot.events import Conversation
from memory import Memory, Scope
from memory.access_records import Account, Grant, KeyScope
from memory.embedders.hashing import HashingEmbedder
from memory.records import PersonRecord

DIRECT = Conversation("http", "direct-key")
GROUP = Conversation("http", "C1", kind="group")


@asynccontextmanager
async def open_members(folder: Path) -> AsyncIterator[tuple[Memory, Members]]:
    async with Memory.open(folder / "memory.db", HashingEmbedder()) as memory:
        listed = AllowList(owners=[("slack", "U1")], people=[("slack", "U2")])
        yield memory, Members(listed, memory.ledger)


async def person_of_key(memory: Memory, scope: KeyScope) -> PersonRecord:
    keys = ApiKeys(memory.ledger)
    person = await keys.find(await keys.create(f"reads {scope}", scope))
    assert person is not None
    return await memory.people.ensure(person.platform, person.id, person.name)


@pytest.mark.parametrize("scope", ["own", "key", "all"])
async def test_a_key_reads_in_its_direct_chat_what_it_was_given(tmp_path: Path, scope: KeyScope) -> None:
    async with open_members(tmp_path) as (memory, members):
        owner = await memory.people.ensure("console", "owner", "Ann")
        key = await person_of_key(memory, scope)
        given = {"own": Scope.of_owner(key.id, owner.id), "key": Scope.of_owner(key.id), "all": Scope.all()}
        assert await members.scope(key, DIRECT, 7, frozenset({key.id})) == given[scope]


async def test_in_a_group_a_key_reads_what_the_group_reads(tmp_path: Path) -> None:
    async with open_members(tmp_path) as (memory, members):
        key = await person_of_key(memory, "all")
        accounts = frozenset({key.id})
        assert await members.scope(key, GROUP, 7, accounts) == scope_of(GROUP, accounts, 7)


async def test_on_other_platforms_nobody_reads_more_by_a_key(tmp_path: Path) -> None:
    async with open_members(tmp_path) as (memory, members):
        key = await person_of_key(memory, "all")
        ann = await memory.people.ensure("slack", key.external_id, "Ann")
        place = Conversation("slack", "D1")
        assert await members.scope(ann, place, 7, frozenset({ann.id})) == Scope.of_owner(ann.id)


async def test_who_came_by_browser_without_a_key_reads_their_own(tmp_path: Path) -> None:
    async with open_members(tmp_path) as (memory, members):
        await person_of_key(memory, "all")
        ann = await memory.people.ensure("http", "ann", "Ann")
        assert await members.scope(ann, DIRECT, 7, frozenset({ann.id})) == Scope.of_owner(ann.id)


async def test_linked_accounts_are_one_person_and_others_are_not(tmp_path: Path) -> None:
    async with open_members(tmp_path) as (memory, members):
        ann = await memory.people.ensure("slack", "U1", "Ann")
        anna = await memory.people.ensure("telegram", "7", "Anna")
        await memory.people.ensure("telegram", "U1", "Eve")
        pairing = Pairing(memory.ledger)
        code = await pairing.link_code(Account("slack", "U1"))
        assert await members.accounts(ann) == {ann.id}
        await pairing.link(code, Account("telegram", "7"))
        assert await members.accounts(ann) == await members.accounts(anna) == {ann.id, anna.id}


async def test_those_whom_the_settings_list_stand_behind_what_was_decided(tmp_path: Path) -> None:
    async with open_members(tmp_path) as (memory, members):
        await memory.ledger.grants.keep(Grant("slack", "person", "U9", "guest", "Gus"))
        assert await members.decisions() == [
            Grant("slack", "person", "U9", "guest", "Gus"),
            Grant("slack", "person", "U2", "member"),
            Grant("slack", "person", "U1", "owner"),
        ]


def test_a_decision_hides_what_the_settings_say_of_that_person_unless_they_are_an_owner() -> None:
    decided = [Grant("slack", "person", account, "denied") for account in ("U1", "U2")]
    decided.append(Grant("slack", "conversation", "U3", "denied"))
    people = {("slack", "U1"): Role.OWNER, ("slack", "U2"): Role.MEMBER, ("slack", "U3"): Role.MEMBER}
    listed = [(grant.external_id, grant.role) for grant in add_listed(decided, people)[len(decided) :]]
    assert listed == [("U1", "owner"), ("U3", "member")]
