from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.events import Attachment, Conversation, Message, Person, Reply, Source, from_json, to_json

MESSAGE = Message(
    event_id="-100:7",
    conversation=Conversation("telegram", "-100", "Trip", "group", "12"),
    sender=Person("telegram", "5", "Zoë 🦜"),
    text="a\0b\n“quoted”",
    sent_at=datetime(2024, 5, 3, 12, tzinfo=timezone(timedelta(hours=2))),
    addressed=True,
    reply_to="-100:6",
    attachments=(Attachment("a.pdf", "application/pdf", "file-1", 12),),
    link="https://t.me/c/100/7",
)


def test_a_message_survives_the_inbox() -> None:
    assert from_json(Message, to_json(MESSAGE)) == MESSAGE


def test_a_reply_survives_the_outbox() -> None:
    source = Source(1, "text", "Ann", datetime(2024, 5, 3, tzinfo=UTC), "Trip", "telegram", "message", 0.5)
    reply = Reply("answer [1]", (source,))
    assert from_json(Reply, to_json(reply)) == reply


def test_a_damaged_payload_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="Message"):
        from_json(Message, '{"event_id": 1}')


def test_a_thread_is_apart_from_its_group_and_knows_it() -> None:
    thread = MESSAGE.conversation
    assert thread.key == "-100/12"
    assert thread.parent == Conversation("telegram", "-100", "Trip", "group")
    assert thread.parent.key == "-100"
    assert thread.parent.parent is None
