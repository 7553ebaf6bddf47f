"""What Telegram's updates become: people, places, links, replies, and words for what is no text."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Update

from adapters.telegram.incoming import TelegramIncoming
from bot.events import Feedback, Message, MessageEdited

INCOMING = TelegramIncoming(4321, "jay_test_bot")
ANA = {"id": 7, "is_bot": False, "first_name": "Ana", "last_name": "Lopes"}
GROUP = {"id": -1001234567890, "type": "supergroup", "title": "Trip"}
PLACE = {"latitude": 38.7, "longitude": -9.13}


def event(kind: str = "message", **fields: Any) -> object:
    message = {"message_id": 42, "date": 1_714_770_840, "chat": GROUP, "from": ANA, **fields}
    update = Update.de_json({"update_id": 1, kind: message}, None)
    return INCOMING.event(update)


def message(**fields: Any) -> Message:
    found = event(**fields)
    assert isinstance(found, Message)
    return found


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


def test_a_group_message_has_its_author_its_time_and_its_address() -> None:
    said = message(text="we leave at nine")
    assert (said.event_id, said.sender.id, said.sender.name) == ("-1001234567890:42", "7", "Ana Lopes")
    assert (said.conversation.id, said.conversation.title, said.conversation.kind) == (
        "-1001234567890",
        "Trip",
        "group",
    )
    assert said.sent_at.isoformat() == "2024-05-03T21:14:00+00:00"
    assert said.link == "https://t.me/c/1234567890/42"
    assert not said.addressed


def test_who_is_mentioned_is_known_by_account_where_telegram_tells_it_or_they_have_written() -> None:
    eve = {"id": 8, "is_bot": False, "first_name": "Eve", "last_name": "Lee", "username": "EveLee"}
    told = message(text="/allow Eve Lee", entities=[entity("text_mention", 7, 7, user=eve)])
    assert [(each.text, each.person.id) for each in told.mentions] == [("Eve Lee", "8")]
    written = {"text": "/allow @evelee", "entities": [entity("mention", 7, 7)]}
    assert message(**written).mentions == ()
    message(text="hello", **{"from": eve})
    assert [(each.text, each.person.name) for each in message(**written).mentions] == [("@evelee", "Eve Lee")]


def test_direct_chats_and_basic_groups_have_no_addresses() -> None:
    assert message(text="hi", chat={"id": 7, "type": "private", "first_name": "Ana"}).link is None
    assert message(text="hi", chat={"id": -55, "type": "group", "title": "Old"}).link is None


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"text": "@jay_test_bot, when?", "entities": [entity("mention", 0, 13)]}, "when?"),
        ({"text": "@JAY_test_bot when?", "entities": [entity("mention", 0, 13)]}, "when?"),
        ({"text": "so, @jay_test_bot?", "entities": [entity("mention", 4, 13)]}, "so, @jay_test_bot?"),
        ({"text": "@jay_test_bot", "entities": [entity("mention", 0, 13)]}, "@jay_test_bot"),
        ({"caption": "@jay_test_bot", "caption_entities": [entity("mention", 0, 13)]}, "@jay_test_bot"),
        (
            {
                "text": "Jay 😀?",
                "entities": [entity("text_mention", 0, 3, user={"id": 4321, "is_bot": True, "first_name": "J"})],
            },
            "Jay 😀?",
        ),
        ({"text": "/ask@jay_test_bot when", "entities": [entity("bot_command", 0, 17)]}, "/ask@jay_test_bot when"),
    ],
)
def test_a_mention_or_a_command_with_the_bots_name_addresses_it(fields: dict[str, Any], text: str) -> None:
    said = message(**fields)
    assert said.addressed
    assert said.text == text


def test_a_command_for_another_bot_is_not_for_this_one_even_as_a_reply_to_it() -> None:
    reply = {"message_id": 41, "date": 1, "chat": GROUP, "from": {"id": 4321, "is_bot": True, "first_name": "Jay"}}
    assert message(text="and?", reply_to_message=reply).addressed
    assert message(text="and?", reply_to_message=reply).reply_to == "-1001234567890:41"
    assert not message(text="/x@other_bot", reply_to_message=reply).addressed
    assert not message(text="@jay_test_bot2 hi", entities=[entity("mention", 0, 14)]).addressed


def test_an_anonymous_admin_speaks_as_the_group_and_other_bots_are_not_heard() -> None:
    bot: Any = {"from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}}
    said = message(text="rules", sender_chat=GROUP, **bot)
    assert (said.sender.id, said.sender.name) == ("-1001234567890", "Trip")
    assert event(text="beep", **bot) is None


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"location": PLACE}, "(location: 38.70000, -9.13000)"),
        (
            {"location": PLACE, "venue": {"location": PLACE, "title": "Pier", "address": "Rua 1"}},
            "(place: Pier, Rua 1; 38.70000, -9.13000)",
        ),
        ({"contact": {"phone_number": "+351", "first_name": "Rui", "last_name": "D"}}, "(contact: Rui D, +351)"),
    ],
)
def test_places_and_contacts_are_put_into_words(fields: dict[str, Any], text: str) -> None:
    assert message(**fields).text == text


def test_service_messages_mean_nothing() -> None:
    assert event(new_chat_members=[ANA]) is None
    assert event("channel_post", new_chat_title="News") is None


@pytest.mark.parametrize(
    ("origin", "author"),
    [
        ({"type": "user", "sender_user": ANA}, "Ana Lopes"),
        ({"type": "hidden_user", "sender_user_name": "Rui"}, "Rui"),
        ({"type": "chat", "sender_chat": GROUP}, "Trip"),
        ({"type": "channel", "chat": {**GROUP, "type": "channel"}, "message_id": 3}, "Trip"),
    ],
)
def test_a_forwarded_message_names_who_said_it_first(origin: dict[str, Any], author: str) -> None:
    said = message(text="/forget all", forward_origin={"date": 1_714_770_840, **origin})
    assert said.text == f"(forwarded: {author}, 3 May 2024 21:14 UTC)\n/forget all"
    assert said.sender.name == "Ana Lopes"


def test_an_edit_names_the_message_it_changes() -> None:
    changed = event("edited_message", text="@jay_test_bot we leave at ten", edit_date=1_714_770_900)
    assert isinstance(changed, MessageEdited)
    assert (changed.message_id, changed.text) == ("-1001234567890:42", "we leave at ten")


def reaction(before: str, after: str, **fields: Any) -> object:
    def listed(emoji: str) -> list[dict[str, str]]:
        return [{"type": "emoji", "emoji": emoji}] if emoji else []

    changed = {"chat": GROUP, "message_id": 42, "date": 1_714_770_840, "user": ANA, **fields}
    changed |= {"old_reaction": listed(before), "new_reaction": listed(after)}
    return INCOMING.event(Update.de_json({"update_id": 1, "message_reaction": changed}, None))


@pytest.mark.parametrize(
    ("before", "after", "value"), [("", "👍", 1), ("👍", "👎", -1), ("👎", "", 0), ("👍", "🔥", 0)]
)
def test_thumbs_are_judgements(before: str, after: str, value: int) -> None:
    given = reaction(before, after)
    assert isinstance(given, Feedback)
    assert (given.value, given.message_id, given.sender.name) == (value, "-1001234567890:42", "Ana Lopes")


def test_other_reactions_and_anonymous_ones_are_not() -> None:
    assert reaction("", "🔥") is None
    assert reaction("", "👍", user=None, actor_chat=GROUP) is None


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (
            {"text": "😀 see the plan", "entities": [entity("text_link", 7, 8, url="https://example.org/plan")]},
            "😀 see the plan (https://example.org/plan)",
        ),
        (
            {"text": "https://a.org", "entities": [entity("text_link", 0, 13, url="https://a.org/")]},
            "https://a.org",
        ),
        ({"dice": {"emoji": "🎲", "value": 4}}, "🎲 4"),
        (
            {"checklist": {"title": "Pack", "tasks": [{"id": 1, "text": "tent"}, {"id": 2, "text": "stove"}]}},
            "Pack\n- tent\n- stove",
        ),
    ],
)
def test_links_dice_and_checklists_are_words(fields: dict[str, Any], text: str) -> None:
    assert message(**fields).text == text


def test_what_was_paid_for_is_a_file_and_a_preview_is_none() -> None:
    size = {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}
    paid = [{"type": "photo", "photo": [size]}, {"type": "preview", "width": 9, "height": 9}]
    said = message(caption="ours", paid_media={"star_count": 1, "paid_media": paid})
    assert [(each.name, each.media_type) for each in said.attachments] == [("photo-u.jpg", "image/jpeg")]


def test_an_edited_caption_keeps_the_name_of_its_file() -> None:
    file = {"file_id": "f", "file_unique_id": "u", "file_name": "plan.pdf", "mime_type": "application/pdf"}
    changed = event("edited_message", caption="the new plan", document=file, edit_date=1_714_770_900)
    assert isinstance(changed, MessageEdited)
    assert changed.text == "the new plan\n(plan.pdf)"


def test_a_channels_posts_are_said_by_the_channel_and_can_be_changed() -> None:
    channel = {"id": -1009, "type": "channel", "title": "News", "username": "ournews"}
    fields = {"chat": channel, "sender_chat": channel, "from": None, "text": "We open at nine."}
    said = event("channel_post", **fields)
    assert isinstance(said, Message)
    assert (said.sender.id, said.sender.name, said.conversation.kind) == ("-1009", "News", "group")
    assert (said.link, said.addressed) == ("https://t.me/ournews/42", False)
    changed = event("edited_channel_post", **{**fields, "text": "We open at ten."})
    assert isinstance(changed, MessageEdited)
    assert changed.text == "We open at ten."


def test_what_is_quoted_from_another_chat_is_part_of_the_message() -> None:
    origin = {"type": "hidden_user", "sender_user_name": "Eve", "date": 1_714_770_000}
    quote = {"text": "The ferry leaves at nine.", "position": 0}
    asked = message(text="@jay_test_bot when does it leave?", external_reply={"origin": origin}, quote=quote)
    assert asked.replied is not None
    assert asked.reply_to == asked.replied.event_id
    assert asked.replied.text == "(forwarded: Eve, 3 May 2024 21:00 UTC)\nThe ferry leaves at nine."
    assert (asked.replied.forwarded, asked.replied.addressed, asked.forwarded) == (True, False, False)


def test_what_people_write_to_a_channel_in_private_is_nobody_elses() -> None:
    topic = {"topic_id": 7, "user": ANA}
    assert event(text="for the editors alone", direct_messages_topic=topic) is None
