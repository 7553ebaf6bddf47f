"""Owners are told in their direct chats what would otherwise stand in the log alone, once and only where it helps."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.access.pairing import Pairing
from bot.access.policy import Role
from bot.adapter import Trouble
from bot.configuration.settings import AccessSettings
from bot.errors import AdapterError
from bot.events import Conversation, UnreadableUpdate
from bot.pipeline.owner_notices import ENOUGH_SPACE, LITTLE_SPACE, OwnerNotices
from bot.testing import Chat, FakeAdapter, chat
from plugins.chat import ChatPlugin

ACCESS = AccessSettings(owners=("test:ann",), people=("test:bob",))


class Other(FakeAdapter):
    """Another platform, which can be out of reach."""

    trouble: Trouble | None = None


class Clock:
    """The time that the notices go by."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


def notices_of(chat: Chat, clock: Clock) -> OwnerNotices:
    return OwnerNotices(chat.memory, chat.core.services.access.direct_chats, clock)


def told(chat: Chat) -> list[str]:
    """Return what was sent since the last look."""
    texts = [each.reply.text for each in chat.adapter.sent]
    chat.adapter.sent.clear()
    return texts


@contextmanager
def free_space(monkeypatch: pytest.MonkeyPatch, free: int) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1 << 40, 0, free))
        yield


async def test_a_platform_that_is_long_out_of_reach_is_told_once_and_so_is_its_return(tmp_path: Path) -> None:
    async with chat(tmp_path, access=ACCESS) as ann:
        await ann.says("hello")
        clock, other = Clock(), Other("slack")
        notices = notices_of(ann, clock)
        told(ann)
        other.trouble = Trouble(clock.now, "the network is down")
        clock.now += timedelta(minutes=14)
        await notices.look_around([other])
        assert told(ann) == []
        clock.now += timedelta(minutes=2)
        await notices.look_around([other])
        await notices.look_around([other])
        assert told(ann) == ["I have not reached slack for 16 minutes: the network is down"]
        other.trouble = None
        await notices.look_around([other])
        await notices.look_around([other])
        assert told(ann) == ["I reach slack again."]


async def test_nobody_is_told_on_the_platform_that_is_out_of_reach(tmp_path: Path) -> None:
    async with chat(tmp_path, access=ACCESS) as ann:
        await ann.says("hello")
        clock, same = Clock(), Other(ann.adapter.name)
        notices = notices_of(ann, clock)
        told(ann)
        same.trouble = Trouble(clock.now - timedelta(hours=1), "the network is down")
        await notices.look_around([same])
        notices.note_failure(same, AdapterError("the token is refused"))
        await notices.look_around([same])
        assert told(ann) == []


async def test_an_adapter_that_has_failed_is_named_with_the_reason(tmp_path: Path) -> None:
    async with chat(tmp_path, access=ACCESS) as ann:
        await ann.says("hello")
        notices = notices_of(ann, Clock())
        told(ann)
        notices.note_failure(Other("slack"), AdapterError("the token is refused"))
        await notices.look_around([])
        await notices.look_around([])
        (sentence,) = told(ann)
        assert "I no longer run on slack: " in sentence
        assert "the token is refused" in sentence


async def test_a_disk_that_fills_up_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with chat(tmp_path, access=ACCESS) as ann:
        await ann.says("hello")
        notices = notices_of(ann, Clock())
        told(ann)
        with free_space(monkeypatch, LITTLE_SPACE - 1):
            await notices.look_around([])
            await notices.look_around([])
        (sentence,) = told(ann)
        assert "1.1 GB left" in sentence
        with free_space(monkeypatch, ENOUGH_SPACE):
            await notices.look_around([])
        with free_space(monkeypatch, 0):
            await notices.look_around([])
        assert len(told(ann)) == 1


async def test_updates_that_were_set_aside_are_told_once_a_day(tmp_path: Path) -> None:
    async with chat(tmp_path, access=ACCESS) as ann:
        await ann.says("hello")
        clock = Clock()
        notices = notices_of(ann, clock)
        told(ann)
        update = UnreadableUpdate(Conversation("test", ""), "{}", "no date")
        await ann.core.deliver(update)
        await ann.core.deliver(update)
        await notices.look_into_memory()
        assert told(ann) == ["Updates that I could not handle and set aside: 2. `scrubjay unhandled` shows them."]
        await ann.core.deliver(update)
        await notices.look_into_memory()
        assert told(ann) == []
        clock.now += timedelta(days=1)
        await notices.look_into_memory()
        assert len(told(ann)) == 1


async def test_owners_hear_who_was_let_in_by_a_code(tmp_path: Path) -> None:
    async with chat(tmp_path, access=ACCESS) as ann:
        await ann.says("hello")
        notices = notices_of(ann, Clock())
        await ann.as_person("Zoe").says(await Pairing(ann.memory.ledger).invite(Role.MEMBER))
        told(ann)
        await notices.look_into_memory()
        await notices.look_into_memory()
        assert told(ann) == ["test:zoe was let in by a code. /members shows in which role."]


async def test_who_became_an_owner_is_not_told_of_it(tmp_path: Path) -> None:
    async with chat(tmp_path, access=AccessSettings()) as ann:
        notices = notices_of(ann, Clock())
        await ann.says(await Pairing(ann.memory.ledger).invite(Role.OWNER))
        await ann.says("hello")
        told(ann)
        await notices.look_into_memory()
        assert told(ann) == []


async def test_who_wants_no_notices_gets_none(tmp_path: Path) -> None:
    async with chat(tmp_path, access=ACCESS, plugins=[ChatPlugin()]) as ann:
        await ann.says("/notices")
        assert "I tell you in our direct chat" in ann.last.text
        await ann.says("/notices off")
        assert "my log does" in ann.last.text
        notices = notices_of(ann, Clock())
        told(ann)
        notices.note_failure(Other("slack"), AdapterError("the token is refused"))
        await notices.look_around([])
        assert told(ann) == []
        await ann.as_person("Bob").says("/notices on")
        assert "I tell you" not in ann.adapter.sent[-1].reply.text
