"""What is set for one conversation: read by its threads, kept by whom it belongs to, gone with what it came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.access.chat_settings import MOST_PERSONA_CHARS, ChatSettings, ScopedChatSettings, read_chat_settings
from bot.access.sources import HandlerSources
from bot.errors import AccessDenied, CommandError
from bot.events import Message
from bot.hosting.store import Values
from bot.testing import Chat, ScriptedModel, chat
from memory import ConversationRecord, Scope, Selection
from memory.plugin_records import PluginSpace
from plugins.chat import ChatPlugin


async def say_first(asker: Chat) -> tuple[Message, ConversationRecord, int]:
    """Say something, and return the message, its conversation in the memory, and what it is stored as."""
    message = asker.message("hello")
    await asker.core.deliver(message)
    await asker.core.idle()
    (found,) = await asker.memory.passages.find_event(message.conversation.platform, message.event_id)
    return message, found.conversation, found.id


async def settings_of(asker: Chat, *, is_owner: bool = False, keeps: bool = True) -> ScopedChatSettings:
    message, home, said = await say_first(asker)
    sources = HandlerSources.of(frozenset({said}))
    return ScopedChatSettings(asker.memory, message, home, is_owner=is_owner, keeps=keeps, sources=sources)


async def test_nothing_is_set_at_first(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        assert await (await settings_of(ann)).read() == ChatSettings(persona="", streaming=True)


async def test_what_is_set_in_a_direct_chat_holds_there_and_nowhere_else(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        bob = ann.as_person("Bob")
        settings = await settings_of(bob)
        await settings.set_persona("  like a\n pirate ")
        await settings.set_streaming(on=False)
        assert await settings.read() == ChatSettings("like a pirate", streaming=False)
        assert await (await settings_of(bob)).read() == ChatSettings("like a pirate", streaming=False)
        assert await (await settings_of(ann)).read() == ChatSettings()


@pytest.mark.parametrize("asked", ["what does the parrot eat?", "who writes the most?"])
async def test_an_answer_in_a_persona_is_forgotten_with_it(tmp_path: Path, asked: str) -> None:
    """A model may have taken words of it into the answer."""
    async with chat(tmp_path, plugins=[ChatPlugin()], model=ScriptedModel("Arr, says Captain Zugspitze.")) as ann:
        await ann.says("/persona like Captain Zugspitze")
        found = await ann.memory.passages.select(Scope.all(), Selection(matching="zugspitze"), limit=9)
        how = next(each for each in found if each.author == "Ann")
        await ann.says("the parrot eats sunflower seeds")
        await ann.says(asked)
        everything = Selection(everything=True)
        before = await ann.memory.passages.select(Scope.all(), everything, limit=99)
        assert any(each.kind == "answer" for each in before)
        await ann.memory.forget(Scope.all(), Selection(passage_ids=(how.id,)))
        after = await ann.memory.passages.select(Scope.all(), everything, limit=99)
        assert [each.text for each in after if each.kind == "answer"] == []


async def test_a_thread_has_its_groups_settings_where_it_has_none_of_its_own(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        group = await settings_of(ann.in_group("Trip"), is_owner=True)
        thread = await settings_of(ann.in_group("Trip", "topic"), is_owner=True)
        await group.set_persona("a pirate")
        await group.set_streaming(on=False)
        assert await thread.read() == ChatSettings("a pirate", streaming=False)
        await thread.set_persona("a butler")
        assert await thread.read() == ChatSettings("a butler", streaming=False)
        assert await group.read() == ChatSettings("a pirate", streaming=False)


async def test_a_thread_of_a_group_that_nothing_is_known_of_has_its_own(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        thread = await settings_of(ann.in_group("Trip", "topic"), is_owner=True)
        await thread.set_persona("a butler")
        assert await thread.read() == ChatSettings("a butler")


async def test_in_a_group_an_owner_alone_sets_them(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        members = await settings_of(ann.in_group("Trip").as_person("Bob"))
        with pytest.raises(AccessDenied, match=r"In a group, only my owner can set that\."):
            await members.set_persona("a pirate")
        with pytest.raises(AccessDenied, match=r"In a group, only my owner can set that\."):
            await members.set_streaming(on=False)
        assert await members.read() == ChatSettings()


async def test_where_nothing_is_kept_nothing_is_set(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        settings = await settings_of(ann, keeps=False)
        with pytest.raises(CommandError):
            await settings.set_persona("a pirate")
        with pytest.raises(CommandError):
            await settings.set_streaming(on=False)
        assert await settings.read() == ChatSettings()


async def test_a_persona_has_a_greatest_length(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        settings = await settings_of(ann)
        with pytest.raises(CommandError, match=r"Say it in 500 characters\."):
            await settings.set_persona("x" * (MOST_PERSONA_CHARS + 1))
        await settings.set_persona("x" * MOST_PERSONA_CHARS)
        assert (await settings.read()).persona == "x" * MOST_PERSONA_CHARS


async def test_a_persona_goes_with_the_message_that_set_it_and_the_rest_stays(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        message, home, said = await say_first(ann)
        await ann.says("the tortoise sleeps in the cellar")  # so that the conversation stays
        sources = HandlerSources.of(frozenset({said}))
        settings = ScopedChatSettings(ann.memory, message, home, is_owner=True, keeps=True, sources=sources)
        await settings.set_persona("a pirate")
        await settings.set_streaming(on=False)
        await ann.memory.forget(Scope.all(), Selection(passage_ids=(said,)))
        assert await settings.read() == ChatSettings(persona="", streaming=False)


async def test_a_setting_of_an_older_version_does_no_harm(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        message, home, _ = await say_first(ann)
        space = PluginSpace("chat.settings", conversation_id=home.id)
        await Values(ann.memory.ledger.plugin_values, space).set("mood", "sunny")
        assert await read_chat_settings(ann.memory, home, message.conversation) == ChatSettings()
