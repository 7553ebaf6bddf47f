from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.access import AllowList, scope_of
from bot.events import Conversation, Message, Person
from memory import Scope, records

POLICY = AllowList(owners=[("slack", "U1")], people=[("slack", "U2")], conversations=[("slack", "C1")])


def message(platform: str, person: str, place: str) -> Message:
    home = Conversation(platform, place, kind="group")
    return Message("1", home, Person(platform, person, person), "hello", datetime(2024, 5, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    ("platform", "person", "place", "admitted"),
    [
        ("slack", "U1", "C9", True),
        ("slack", "U2", "C9", True),
        ("slack", "U9", "C1", True),
        ("slack", "U9", "C9", False),
        ("telegram", "U1", "C1", False),
        ("console", "me", "here", True),
    ],
)
async def test_nobody_is_admitted_who_is_not_named(platform: str, person: str, place: str, *, admitted: bool) -> None:
    assert await POLICY.admits(message(platform, person, place)) is admitted


async def test_the_owner_is_who_is_named_so_or_sits_at_the_machine() -> None:
    assert await POLICY.is_owner(Person("slack", "U1", "Ann"))
    assert await POLICY.is_owner(Person("console", "me", "Ann"))
    assert not await POLICY.is_owner(Person("slack", "U2", "Bob"))
    assert not await POLICY.is_owner(Person("telegram", "U1", "Ann"))


def home(number: int, kind: records.ConversationKind, owner: int | None) -> records.Conversation:
    return records.Conversation(number, "slack", str(number), "", kind, owner)


def test_a_direct_chat_sees_its_persons_own_memories_under_all_accounts() -> None:
    assert scope_of(home(1, "direct", 5), frozenset({5, 6})) == Scope(owner_ids=frozenset({5, 6}))


def test_a_group_sees_itself_and_a_thread_its_group_too() -> None:
    group, thread = home(1, "group", None), home(2, "group", None)
    assert scope_of(group, frozenset({5})) == Scope.of_conversation(1)
    assert scope_of(thread, frozenset({5}), group) == Scope.of_conversation(1, 2)
