"""Whom a person means, by a word, an account, a mention or a name, and what they are told when nobody is meant."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.access.subjects import subject_of
from bot.errors import CommandError
from bot.events import Conversation, Mention, Message, Person
from memory import Memory
from memory.access_records import Grant
from memory.embedders.hashing import HashingEmbedder

ANN = Person("slack", "U1", "Ann")
DIRECT = Conversation("slack", "D1")
TRIP = Conversation("slack", "C1", "Trip", "group", workspace="T1")


@asynccontextmanager
async def open_memory(folder: Path) -> AsyncIterator[Memory]:
    async with Memory.open(folder / "memory.db", HashingEmbedder()) as memory:
        yield memory


def message(place: Conversation, *mentions: Mention) -> Message:
    return Message("1", place, ANN, "/allow", datetime(2024, 5, 3, tzinfo=UTC), mentions=mentions)


async def test_here_and_workspace_are_the_group_and_what_it_is_in(tmp_path: Path) -> None:
    async with open_memory(tmp_path) as memory:
        here = await subject_of("here", message(TRIP), memory.ledger)
        assert here == Grant("slack", "conversation", "C1", "guest", "Trip")
        workspace = await subject_of("workspace", message(TRIP), memory.ledger)
        assert workspace == Grant("slack", "workspace", "T1", "guest")


@pytest.mark.parametrize("who", ["here", "workspace"])
async def test_in_a_direct_chat_there_is_neither(tmp_path: Path, who: str) -> None:
    async with open_memory(tmp_path) as memory:
        told = f"^“{who}” is for groups\\. Here, give a name, or an account such as telegram:123456\\.$"
        with pytest.raises(CommandError, match=told):
            await subject_of(who, message(DIRECT), memory.ledger)


async def test_a_group_may_be_in_no_workspace(tmp_path: Path) -> None:
    async with open_memory(tmp_path) as memory:
        place = Conversation("telegram", "C1", "Trip", "group")
        told = r"^I know of no workspace that this group is in\. “here” means the group\.$"
        with pytest.raises(CommandError, match=told):
            await subject_of("workspace", message(place), memory.ledger)


@pytest.mark.parametrize(
    ("who", "platform", "account"),
    [
        ("telegram:123", "telegram", "123"),
        ("Telegram:123", "telegram", "123"),
        ("matrix:@bob:example.org", "matrix", "@bob:example.org"),
    ],
)
async def test_an_account_that_nothing_is_known_of_is_a_guest(
    tmp_path: Path, who: str, platform: str, account: str
) -> None:
    async with open_memory(tmp_path) as memory:
        found = await subject_of(who, message(DIRECT), memory.ledger)
        assert found == Grant(platform, "person", account, "guest")


async def test_an_account_that_was_decided_about_comes_with_that(tmp_path: Path) -> None:
    async with open_memory(tmp_path) as memory:
        for account in ("124", "123", "125"):
            await memory.ledger.grants.keep(Grant("telegram", "person", account, "member", f"Bob {account}"))
        found = await subject_of("telegram:123", message(DIRECT), memory.ledger)
        assert found == Grant("telegram", "person", "123", "member", "Bob 123")


@pytest.mark.parametrize("who", ["Bob: the tall one", "Bob:", ":Bob", "Bob"])
async def test_what_is_no_account_is_a_name(tmp_path: Path, who: str) -> None:
    async with open_memory(tmp_path) as memory:
        told = f"^I know nobody called {who}; give their account, such as telegram:123456\\.$"
        with pytest.raises(CommandError, match=told):
            await subject_of(who, message(DIRECT), memory.ledger)
        await memory.ledger.grants.keep(Grant("telegram", "person", "123", "member", who))
        found = await subject_of(who.upper(), message(DIRECT), memory.ledger)
        assert found == Grant("telegram", "person", "123", "member", who)


async def test_whom_the_memory_knows_by_a_name_may_be_called_by_it(tmp_path: Path) -> None:
    async with open_memory(tmp_path) as memory:
        await memory.people.ensure("telegram", "7", "Bob")
        for who in ("bob", "@Bob"):
            found = await subject_of(who, message(DIRECT), memory.ledger)
            assert found == Grant("telegram", "person", "7", "guest", "Bob")


async def test_of_several_people_of_one_name_each_account_is_told(tmp_path: Path) -> None:
    async with open_memory(tmp_path) as memory:
        await memory.people.ensure("telegram", "7", "Bob")
        await memory.ledger.grants.keep(Grant("slack", "person", "U2", "member", "bob"))
        told = r"^Several people are called Bob\. Say which one: slack:U2, telegram:7\.$"
        with pytest.raises(CommandError, match=told):
            await subject_of("Bob", message(DIRECT), memory.ledger)


async def test_who_is_mentioned_is_meant_under_the_name_of_now(tmp_path: Path) -> None:
    async with open_memory(tmp_path) as memory:
        await memory.people.ensure("slack", "U7", "Bob")
        for account, name in (("U3", "Zoe"), ("U2", "Robert")):
            await memory.ledger.grants.keep(Grant("slack", "person", account, "member", name))
        bob, gus = Mention("@Bob", Person("slack", "U2", "Bob")), Mention("@Gus", Person("slack", "U9", "Gus"))
        nameless = Mention("@U8", Person("slack", "U8", ""))
        place = message(TRIP, gus, bob, bob, nameless)
        assert await subject_of("@U8", place, memory.ledger) == Grant("slack", "person", "U8", "guest", "@U8")
        assert await subject_of("@Bob", place, memory.ledger) == Grant("slack", "person", "U2", "member", "Bob")
        assert await subject_of("@Gus", place, memory.ledger) == Grant("slack", "person", "U9", "guest", "Gus")


async def test_of_two_people_who_are_mentioned_by_one_name_each_account_is_told(tmp_path: Path) -> None:
    async with open_memory(tmp_path) as memory:
        mentions = [Mention("@Bob", Person("slack", account, "Bob")) for account in ("U2", "U3")]
        told = r"^Several people are called @Bob\. Say which one: slack:U2, slack:U3\.$"
        with pytest.raises(CommandError, match=told):
            await subject_of("@Bob", message(TRIP, *mentions), memory.ledger)
