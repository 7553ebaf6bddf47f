"""What the bot can't handle is set aside after its second failure, and told to its owner; what comes next is taken."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.adapter import Delivery
from bot.events import Attachment, Conversation, Message, Person, UnreadableUpdate
from bot.pipeline.core import Core
from bot.testing import FakeAdapter
from memory import Scope, Selection
from memory.errors import RecordRefused, StorageError
from tests.adapters.bots import talking

ANA = Person("test", "ana", "Ana")
CHAT = Conversation("test", "chat")
WHEN = datetime.fromisoformat("2024-05-03T12:00:00+00:00")


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    async with talking(tmp_path, [FakeAdapter()]) as core:
        yield core


async def test_what_fails_twice_is_set_aside_as_it_came_and_the_next_is_taken(
    core: Core, caplog: pytest.LogCaptureFixture
) -> None:
    naive = Message("1", CHAT, ANA, "the ferry leaves at nine", WHEN.replace(tzinfo=None))
    assert await core.deliver(naive) is Delivery.SET_ASIDE
    assert await core.deliver(Message("2", CHAT, ANA, "the tent is torn", WHEN)) is Delivery.ACCEPTED
    (kept,) = await core.services.memory.ledger.unhandled_updates.read_all()
    assert (kept.platform, kept.conversation) == ("test", "chat")
    assert "the ferry leaves at nine" in kept.payload
    assert "time zone" in kept.problem
    assert "2 of 2 tries" in caplog.text


async def test_lone_surrogates_are_repaired_wherever_they_stand(core: Core) -> None:
    person = Person("test", "ana", "An\ud800a")
    file = Attachment("ca\udce9.bin", "application/x-b\udfff", "reference")
    message = Message("1", Conversation("test", "chat", "T\ud83dtle"), person, "half \ud83d", WHEN, attachments=(file,))
    assert await core.deliver(message) is Delivery.ACCEPTED
    await core.idle()
    found = await core.services.memory.passages.find_event("test", "1")
    assert [passage.text for passage in found] == ["half \ufffd\n(ca\ufffd.bin)"]
    assert await core.services.memory.ledger.unhandled_updates.read_all() == []


async def test_an_update_where_the_memory_is_off_is_counted_without_its_words(core: Core) -> None:
    await core.services.memory.ledger.pauses.start("test", "chat", "ana")
    await core.deliver(UnreadableUpdate(CHAT, "private words", "TypeError: no"))
    (kept,) = await core.services.memory.ledger.unhandled_updates.read_all()
    assert (kept.payload, kept.problem) == ("", "TypeError: no")


async def test_what_was_set_aside_goes_with_what_is_forgotten_of_its_chat(core: Core) -> None:
    memory = core.services.memory
    await core.deliver(Message("1", CHAT, ANA, "the tent is torn", WHEN))
    for chat in ("chat", "", "another"):
        await core.deliver(UnreadableUpdate(Conversation("test", chat), "the tent is torn", "TypeError: no"))
    await memory.forget(Scope.all(), Selection(matching="the tent is torn"))
    kept = await memory.ledger.unhandled_updates.read_all()
    assert [each.conversation for each in kept] == ["another"]


async def test_only_the_latest_hundred_are_kept(core: Core) -> None:
    for number in range(120):
        await core.deliver(UnreadableUpdate(CHAT, str(number), "TypeError: no"))
    kept = await core.services.memory.ledger.unhandled_updates.read_all()
    assert [each.payload for each in kept] == [str(number) for number in range(20, 120)]


def test_a_refused_record_is_told_from_a_database_that_cannot_be_written() -> None:
    assert issubclass(RecordRefused, StorageError)
