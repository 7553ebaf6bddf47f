"""From what Meta posts to the core's events; nothing here touches the network."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from typing import Literal

from adapters.whatsapp.buttons import read_press
from adapters.whatsapp.files import attachments_of
from adapters.whatsapp.payloads import Batch
from adapters.whatsapp.places import PLATFORM, Json
from adapters.whatsapp.special_messages import describe
from bot.events import (
    Choice,
    Conversation,
    Event,
    Feedback,
    Message,
    MessageDeleted,
    MessageEdited,
    Person,
    with_file_names,
)

logger = logging.getLogger(__name__)

_DIGITS = re.compile(r"\D")


def read_event(message: Json, batch: Batch) -> Event | None:
    """Return what a message means to the core, None when nothing. Raises whatever it stumbles over."""
    match message["type"]:
        case "reaction":
            return _read_feedback(message, batch)
        case "revoke":
            return MessageDeleted(conversation_of(message), (str(message["revoke"]["original_message_id"]),))
        case "edit":
            return _read_edit(message)
        case "system" | "unsupported" | "unknown":
            _log_passed_over(message)
            return None
        case _:
            return _read_press(message, batch) or _read_message(message, batch)


def conversation_of(message: Json) -> Conversation:
    """Return where something was said."""
    group = message.get("group_id")
    return (
        Conversation(PLATFORM, sender_id(message)) if group is None else Conversation(PLATFORM, str(group), "", "group")
    )


def sender_id(message: Json) -> str:
    """Return the id of who said something: the one that Meta gives them towards this business, else their number.

    A new owner of the number does not get that id. Raises KeyError where neither is told.
    """
    found = message.get("from_user_id") or message.get("from")
    if not found:
        raise KeyError("from")
    return str(found)


def said_at(message: Json) -> datetime:
    """Return when something was said: WhatsApp tells whole seconds."""
    return datetime.fromtimestamp(int(message["timestamp"]), UTC)


def _read_message(message: Json, batch: Batch) -> Message | None:
    text, files = _text_of(message), attachments_of(message)
    if not (text or files):
        return None
    context = message.get("context") or {}
    place = conversation_of(message)
    call = f"@{_DIGITS.sub('', batch.display_number)}"
    called = place.kind == "group" and len(call) > 1 and call in text
    return Message(
        event_id=str(message["id"]),
        conversation=place,
        sender=_person(message, batch),
        text=text.replace(call, "").strip(" ,:\n") or text if called else text,
        sent_at=said_at(message),
        addressed=place.kind == "direct" or called or _answers_bot(context, batch),
        reply_to=str(context["id"]) if context.get("id") else None,
        attachments=files,
        forwarded=bool(context.get("forwarded") or context.get("frequently_forwarded")),
    )


def _read_press(message: Json, batch: Batch) -> Choice | None:
    """Return what a button or a row of a list stands for; None for those that are not ours."""
    interactive = message.get("interactive") or {}
    reply = interactive.get("button_reply") or interactive.get("list_reply") or {}
    found = read_press(str(reply.get("id", "")))
    return None if found is None else Choice(conversation_of(message), _person(message, batch), *found)


def _read_edit(message: Json) -> MessageEdited | None:
    edit = message["edit"]
    text = with_file_names(_text_of(edit["message"]), attachments_of(edit["message"]))
    return MessageEdited(conversation_of(message), str(edit["original_message_id"]), text) if text else None


def _read_feedback(message: Json, batch: Batch) -> Feedback:
    """Return a judgement. WhatsApp does not tell what stood there before, so whatever is no thumb takes it back."""
    reaction = message["reaction"]
    return Feedback(
        conversation=conversation_of(message),
        sender=_person(message, batch),
        message_id=str(reaction["message_id"]),
        value=_value_of(str(reaction.get("emoji") or "")),
        given_at=said_at(message),
    )


def _value_of(emoji: str) -> Literal[-1, 0, 1]:
    return 1 if emoji.startswith("👍") else -1 if emoji.startswith("👎") else 0  # with whatever colour of skin


def _text_of(message: Json) -> str:
    """Return what was said, a caption, or what stands for something else."""
    kind = str(message["type"])
    body = message.get(kind)
    if not isinstance(body, dict):
        return describe(message)
    if kind == "interactive":
        reply = body.get("button_reply") or body.get("list_reply") or body.get("nfm_reply") or {}
        return str(reply.get("title") or reply.get("body") or "").strip()
    said = {"text": "body", "button": "text"}.get(kind, "caption")
    return str(body.get(said) or "").strip() or describe(message)


def _person(message: Json, batch: Batch) -> Person:
    identity = sender_id(message)
    contact = batch.profiles.get(identity) or batch.profiles.get(str(message.get("from") or "")) or {}
    profile = contact.get("profile") or {}
    name = profile.get("name") or profile.get("username") or message.get("from") or identity
    return Person(PLATFORM, identity, str(name))


def _answers_bot(context: Json, batch: Batch) -> bool:
    number = _DIGITS.sub("", str(context.get("from") or ""))
    return bool(number) and number == _DIGITS.sub("", batch.display_number)


def _log_passed_over(message: Json) -> None:
    if message["type"] == "system":
        told = (message.get("system") or {}).get("body") or "an account has changed"
        logger.warning("WhatsApp tells: %s. Whoever has a new id must be admitted again", told)
    else:
        logger.info("A message of a kind that WhatsApp does not pass on, such as a poll, is passed over")
