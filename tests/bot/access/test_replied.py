"""The message that another one replies to: remembered here, or in the group that a thread is in, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.access.replied import find_replied
from bot.testing import Chat, chat


async def replied_text(chat: Chat, reply_to: str | None) -> str | None:
    """Say something here in reply to a message, and return the text of what it is found to reply to."""
    message = replace(chat.message("what do you mean?"), reply_to=reply_to)
    await chat.core.deliver(message)
    await chat.core.idle()
    (stored,) = await chat.memory.passages.find_event(message.conversation.platform, message.event_id)
    found = await find_replied(chat.memory, message, stored.conversation)
    return None if found is None else found.text


async def say(chat: Chat, text: str) -> str:
    message = chat.message(text)
    await chat.core.deliver(message)
    await chat.core.idle()
    return message.event_id


async def test_a_reply_here_is_to_what_was_said_here(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        trip = ann.in_group("Trip")
        said = await say(trip, "the ferry leaves at nine")
        assert await replied_text(trip, said) == "the ferry leaves at nine"


async def test_a_reply_in_a_thread_may_be_to_what_was_said_in_its_group(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        said = await say(ann.in_group("Trip"), "the ferry leaves at nine")
        thread = ann.in_group("Trip", "topic")
        in_thread = await say(thread, "the bus leaves at ten")
        assert await replied_text(thread, said) == "the ferry leaves at nine"
        assert await replied_text(thread, in_thread) == "the bus leaves at ten"


async def test_a_reply_is_to_nothing_that_was_said_elsewhere(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        said = await say(ann.in_group("Work"), "the ferry leaves at nine")
        assert await replied_text(ann.in_group("Trip"), said) is None
        assert await replied_text(ann.in_group("Trip", "topic"), said) is None
        assert await replied_text(ann, said) is None


async def test_what_replies_to_nothing_or_to_what_is_not_remembered_has_no_such_message(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        assert await replied_text(ann, None) is None
        assert await replied_text(ann, "4711") is None
