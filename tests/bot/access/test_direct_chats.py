"""What is for one person alone: it goes to their direct chat with the bot, as long as they may talk with it."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.access.direct_chats import DirectChats
from bot.access.pairing import Pairing
from bot.access.policy import Role
from bot.configuration.settings import AccessSettings
from bot.events import Choices, Conversation, Person, Reply, to_json
from bot.jobs.planning import JobPlace
from bot.testing import Chat, FakeAdapter, chat
from memory import Scope, Selection
from memory.access_records import Account
from plugins.access import AccessPlugin
from plugins.language import LanguagePlugin

ACCESS = AccessSettings(owners=("test:ann", "test:olga"), people=("test:bob",), guests=("test:gus",))
WRONG_CODE = "That code is wrong or has expired. `scrubjay pair` makes a new one."  # one that is translated
BOB = Account("test", "bob")


def direct_chats(chat: Chat) -> DirectChats:
    return chat.core.services.access.direct_chats


def sent(adapter: FakeAdapter) -> list[tuple[str, str]]:
    return [(each.conversation.id, each.reply.text) for each in adapter.sent]


async def remembered(chat: Chat) -> dict[str, str]:
    """Return where each of the bot's sentences was said, of those that are stored."""
    selection = Selection(kinds=("answer", "command"))
    found = await chat.memory.passages.select(Scope.all(), selection, limit=100)
    return {passage.text: passage.conversation.external_id for passage in found if passage.author_id is None}


async def test_somebody_is_told_in_their_direct_chat_and_it_is_remembered_there(tmp_path: Path) -> None:
    async with chat(tmp_path, access=ACCESS) as ann:
        await ann.as_person("Bob").says("hello")
        ann.adapter.sent.clear()
        assert await direct_chats(ann).tell(BOB, "You are in.") is True
        assert sent(ann.adapter) == [("direct-bob", "You are in.")]
        assert (await remembered(ann))["You are in."] == "direct-bob"


async def test_a_reply_keeps_its_buttons(tmp_path: Path) -> None:
    async with chat(tmp_path, access=ACCESS) as ann:
        await ann.as_person("Bob").says("hello")
        ann.adapter.sent.clear()
        reply = Reply("Are you there?", choices=Choices("asked", ("yes", "no")))
        await direct_chats(ann).tell(BOB, reply)
        choices = ann.adapter.sent[-1].reply.choices
        assert choices is not None
        assert choices.options == ("yes", "no")


async def test_what_must_not_be_kept_is_told_and_stored_nowhere(tmp_path: Path) -> None:
    async with chat(tmp_path, access=ACCESS) as ann:
        await ann.as_person("Bob").says("hello")
        ann.adapter.sent.clear()
        assert await direct_chats(ann).tell(BOB, "the launch code is 4711", kept=False) is True
        assert sent(ann.adapter) == [("direct-bob", "the launch code is 4711")]
        assert not [text for text in await remembered(ann) if "4711" in text]


async def test_where_the_memory_is_off_somebody_is_told_and_nothing_is_stored(tmp_path: Path) -> None:
    async with chat(tmp_path, access=ACCESS, plugins=[AccessPlugin()]) as ann:
        bob = ann.as_person("Bob")
        await bob.says("hello")
        await bob.says("/memory off")
        ann.adapter.sent.clear()
        assert await direct_chats(ann).tell(BOB, "You are in.") is True
        assert sent(ann.adapter) == [("direct-bob", "You are in.")]
        assert "You are in." not in await remembered(ann)


async def test_who_was_only_met_in_a_group_is_not_told(tmp_path: Path) -> None:
    access = AccessSettings(owners=("test:ann",), people=("test:bob",), conversations=("test:group-Trip",))
    async with chat(tmp_path, access=access) as ann:
        await ann.in_group("Trip").as_person("Bob").says("hello")
        ann.adapter.sent.clear()
        assert await direct_chats(ann).tell(BOB, "You are in.") is False
        assert ann.adapter.sent == []


async def test_of_a_guest_no_direct_chat_is_known_because_nothing_of_guests_is_stored(tmp_path: Path) -> None:
    async with chat(tmp_path, access=ACCESS) as ann:
        await ann.as_person("Gus").says("hello", addressed=True)
        assert await ann.memory.ledger.owner_chats.read_all() == {}


async def test_who_was_never_met_is_not_told(tmp_path: Path) -> None:
    async with chat(tmp_path, access=ACCESS) as ann:
        await ann.says("hello")
        ann.adapter.sent.clear()
        assert await direct_chats(ann).tell(BOB, "You are in.") is False
        assert await direct_chats(ann).tell(Account("other", "ann"), "You are in.") is False
        assert ann.adapter.sent == []


async def test_who_may_not_talk_with_the_bot_any_more_is_not_told(tmp_path: Path) -> None:
    async with chat(tmp_path, access=ACCESS, plugins=[AccessPlugin()]) as ann:
        await ann.as_person("Bob").says("hello")
        ann.adapter.sent.clear()
        await ann.says("/deny test:bob")
        ann.adapter.sent.clear()
        assert await direct_chats(ann).tell(BOB, "You are in.") is False
        assert ann.adapter.sent == []


async def test_where_the_platform_is_not_connected_nobody_is_told(tmp_path: Path) -> None:
    async with chat(tmp_path, access=ACCESS) as ann:
        await ann.as_person("Bob").says("hello")
    async with chat(tmp_path, access=ACCESS, adapter=FakeAdapter("other"), first_minute=10) as ann:
        assert await direct_chats(ann).tell(BOB, "You are in.") is False
        assert "You are in." not in await remembered(ann)


async def test_the_direct_chat_that_somebody_wrote_in_last_is_the_one(tmp_path: Path) -> None:
    async with chat(tmp_path, access=ACCESS) as ann:
        bob = ann.as_person("Bob")
        await bob.says("hello")
        bob.place = Conversation("test", "direct-bob-new")
        await bob.says("hello from my new phone")
        ann.adapter.sent.clear()
        await direct_chats(ann).tell(BOB, "You are in.")
        assert sent(ann.adapter) == [("direct-bob-new", "You are in.")]


async def test_each_owner_is_told_in_the_language_of_their_chat_and_nobody_else(tmp_path: Path) -> None:
    async with chat(tmp_path, access=ACCESS, plugins=[LanguagePlugin()]) as ann:
        olga = ann.as_person("Olga")
        await ann.says("hello")
        await ann.as_person("Bob").says("hello")
        await olga.says("hello")
        await olga.says("/language de")
        ann.adapter.sent.clear()
        await direct_chats(ann).tell_owners(WRONG_CODE)
        told = dict(sent(ann.adapter))
        assert told["direct-ann"] == WRONG_CODE
        assert "Code" in told["direct-olga"]
        assert told["direct-olga"] != WRONG_CODE
        assert set(told) == {"direct-ann", "direct-olga"}


async def test_an_owner_who_was_let_in_by_a_code_is_told_and_it_is_remembered(tmp_path: Path) -> None:
    async with chat(tmp_path, access=AccessSettings()) as ann:
        await ann.says(await Pairing(ann.memory.ledger).invite(Role.OWNER))
        await ann.says("hello")
        ann.adapter.sent.clear()
        await direct_chats(ann).tell_owners(WRONG_CODE)
        assert sent(ann.adapter) == [("direct-ann", WRONG_CODE)]
        assert (await remembered(ann))[WRONG_CODE] == "direct-ann"


async def test_after_a_restart_the_languages_of_chats_are_known(tmp_path: Path) -> None:
    async with chat(tmp_path, access=ACCESS, plugins=[LanguagePlugin()]) as ann:
        await ann.says("/language de")
    async with chat(tmp_path, access=ACCESS, first_minute=10) as ann:
        await direct_chats(ann).tell_owners(WRONG_CODE)
        assert "Code" in ann.last.text
        assert ann.last.text != WRONG_CODE


async def test_an_owner_whose_chat_is_forgotten_is_told_in_english(tmp_path: Path) -> None:
    async with chat(tmp_path, access=ACCESS) as ann:
        await ann.says("hello")
        person = await ann.memory.people.find("test", "ann")
        assert person is not None
        place = JobPlace(Conversation("test", "direct-elsewhere"), Person("test", "ann", "Ann"))
        await ann.memory.ledger.owner_chats.keep(person.id, to_json(place))
        ann.adapter.sent.clear()
        await direct_chats(ann).tell_owners(WRONG_CODE)
        assert sent(ann.adapter) == [("direct-elsewhere", WRONG_CODE)]
        assert WRONG_CODE not in await remembered(ann)


async def test_that_one_owner_can_not_be_told_is_logged_and_the_others_are_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told = "I switched off the plugin “{plugin}”: {reason}"
    async with chat(tmp_path, access=ACCESS) as ann:
        await ann.says("hello")
        await ann.as_person("Olga").says("hello")
        person = await ann.memory.people.find("test", "ann")
        assert person is not None
        await ann.memory.ledger.owner_chats.keep(person.id, "written by nobody")
        ann.adapter.sent.clear()
        with caplog.at_level(logging.ERROR):
            await direct_chats(ann).tell_owners(told, plugin="dice", reason="it failed")
        assert [place for place, _ in sent(ann.adapter)] == ["direct-olga"]
        assert "dice" in sent(ann.adapter)[0][1]
        assert "An owner could not be told: I switched off the plugin “dice”: it failed" in caplog.messages
