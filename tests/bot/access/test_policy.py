from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.access.members import Members
from bot.access.policy import AllowList, Role, scope_of, title_of
from bot.events import Conversation, Person
from memory import Memory, Scope, records
from memory.access_records import Grant, GrantedRole, GrantKind
from memory.embedders.hashing import HashingEmbedder


def listed() -> AllowList:
    return AllowList(
        owners=[("slack", "U1")],
        people=[("slack", "U2")],
        guests=[("slack", "U3")],
        conversations=[("slack", "C1")],
        workspaces=[("slack", "T1")],
    )


def person(account: str, platform: str = "slack") -> Person:
    return Person(platform, account, account)


def group(place: str, workspace: str | None = None, platform: str = "slack") -> Conversation:
    return Conversation(platform, place, kind="group", workspace=workspace)


DIRECT = Conversation("slack", "D1")


@pytest.mark.parametrize(
    ("who", "where", "role"),
    [
        (person("U1"), group("C9"), Role.OWNER),
        (person("U1"), DIRECT, Role.OWNER),
        (person("U2"), DIRECT, Role.MEMBER),
        (person("U2"), group("C1"), Role.MEMBER),
        (person("U2"), group("C9"), None),
        (person("U3"), group("C1"), Role.GUEST),
        (person("U3"), DIRECT, Role.GUEST),
        (person("U9"), group("C1"), Role.MEMBER),
        (person("U9"), group("C9"), None),
        (person("U9"), group("C9", "T1"), Role.MEMBER),
        (person("U9"), group("C9", "T2"), None),
        (person("U9"), DIRECT, None),
        (person("U1", "telegram"), group("C1", platform="telegram"), None),
        (person("me", "console"), Conversation("console", "chat"), Role.OWNER),
    ],
)
async def test_nobody_is_listened_to_who_is_not_named_nor_in_a_place_that_is(
    who: Person, where: Conversation, role: Role | None
) -> None:
    assert await listed().role(who, where) is role


@pytest.fixture
async def members(tmp_path: Path) -> AsyncIterator[Members]:
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as memory:
        yield Members(listed(), memory.ledger)


async def decide(members: Members, kind: GrantKind, subject: str, role: GrantedRole) -> None:
    await members._ledger.grants.keep(Grant("slack", kind, subject, role))


async def test_a_decision_goes_before_the_settings_and_the_closer_one_before_the_wider(members: Members) -> None:
    assert await members.role(person("U2"), DIRECT) is Role.MEMBER
    await decide(members, "person", "U2", "denied")
    assert await members.role(person("U2"), DIRECT) is None
    assert await members.role(person("U2"), group("C1")) is None
    await decide(members, "conversation", "C5", "denied")
    assert await members.role(person("U9"), group("C5", "T1")) is None
    assert await members.role(person("U9"), group("C6", "T1")) is Role.MEMBER
    await decide(members, "workspace", "T1", "guest")
    assert await members.role(person("U9"), group("C6", "T1")) is Role.GUEST
    assert await members.role(person("U9"), group("C1", "T1")) is Role.GUEST
    await decide(members, "conversation", "C1", "denied")
    assert await members.role(person("U9"), group("C1")) is None


async def test_a_thread_belongs_to_its_group(members: Members) -> None:
    await decide(members, "conversation", "C7", "member")
    thread = Conversation("slack", "C7", kind="group", thread="1.5")
    assert await members.role(person("U9"), thread) is Role.MEMBER


async def test_nobody_takes_away_what_the_settings_give_an_owner(members: Members) -> None:
    await decide(members, "person", "U1", "denied")
    assert await members.role(person("U1"), group("C9")) is Role.OWNER


async def test_a_platform_is_owned_once_an_owner_is_listed_or_paired(members: Members) -> None:
    assert await members.has_owner("slack")
    assert await members.has_owner("console")
    assert not await members.has_owner("telegram")
    await members._ledger.grants.keep(Grant("telegram", "person", "1", "member"))
    assert not await members.has_owner("telegram")
    await members._ledger.grants.keep(Grant("telegram", "person", "1", "owner"))
    assert await members.has_owner("telegram")


def test_a_direct_chat_sees_its_persons_own_memories_under_all_accounts() -> None:
    assert scope_of(Conversation("slack", "D1"), frozenset({5, 6}), 1) == Scope(owner_ids=frozenset({5, 6}))


def test_a_group_and_its_threads_see_what_everybody_in_the_group_can_read() -> None:
    group = Conversation("slack", "C1", kind="group")
    thread, private = replace(group, thread="7"), replace(group, thread="8", private=True)
    readable = frozenset({("slack", "C1")})
    assert [place.audience for place in (group, thread, private)] == ["C1", "C1", None]
    for number, place in enumerate((group, thread, private)):
        assert scope_of(place, frozenset({5}), number) == Scope(frozenset({number}), audiences=readable)


async def test_lists_let_everybody_read_what_the_place_shows_them() -> None:
    ann, place = records.PersonRecord(5, "slack", "U1", "Ann"), group("C1")
    assert await listed().scope(ann, place, 7, frozenset({5})) == scope_of(place, frozenset({5}), 7)


def test_who_is_listed_more_than_once_has_the_highest_of_these_roles() -> None:
    account = ("slack", "U1")
    everywhere = AllowList(owners=[account], people=[account], guests=[account])
    assert everywhere.people == {account: Role.OWNER}
    assert AllowList(people=[account], guests=[account]).people == {account: Role.MEMBER}


def test_a_platform_has_an_owner_by_the_lists_only_where_one_is_named() -> None:
    listed = AllowList(local=["console"], owners=[("slack", "U1")], people=[("telegram", "1")])
    assert [listed.lists_owner(name) for name in ("console", "slack", "telegram")] == [True, True, False]


def test_a_direct_chat_without_a_title_is_called_after_its_person_and_a_group_is_not() -> None:
    ann = Person("slack", "U1", "Ann")
    assert title_of(DIRECT, ann) == "Ann"
    assert title_of(replace(DIRECT, title="Notes"), ann) == "Notes"
    assert title_of(group("C1"), ann) == ""
