"""Targets: what platforms post. Anything may be read as nothing; what makes no sense raises where it is set aside."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress

from adapters.slack.api import Api, ApiCall, Json, RefusedError
from adapters.slack.directory import Directory
from adapters.slack.incoming import SlackIncoming
from adapters.slack.payloads import MalformedPayload as MalformedForSlack
from adapters.slack.payloads import check_payload, parse_payload
from adapters.slack.settings import SlackSettings
from adapters.slack.threads import Threads
from adapters.telegram.incoming import TelegramIncoming
from adapters.telegram.payloads import read_update
from adapters.whatsapp.incoming import read_event
from adapters.whatsapp.payloads import MalformedPayload as MalformedForWhatsApp
from adapters.whatsapp.payloads import as_object, read_batches
from adapters.whatsapp.statuses import DeliveryStatuses
from bot.adapter import repair
from bot.events import Message, MessageEdited
from tests.fuzz.target import Target

_UPDATE = {
    "update_id": 7,
    "message": {
        "message_id": 5,
        "date": 1714770840,
        "chat": {"id": -100123, "type": "supergroup", "title": "Trip"},
        "from": {"id": 9, "is_bot": False, "first_name": "Ada", "username": "ada"},
        "text": "/ask@jay when? @bob",
        "entities": [{"type": "bot_command", "offset": 0, "length": 8}, {"type": "mention", "offset": 15, "length": 4}],
        "reply_to_message": {"message_id": 4, "date": 1714770800, "chat": {"id": -100123, "type": "supergroup"}},
    },
}
_SLACK_MESSAGE = {
    "type": "message",
    "channel": "C1",
    "channel_type": "channel",
    "user": "U9",
    "text": "<@U1> see <https://a.b|b> &amp; <#C2|general> <!date^1392734382^{date}|today> <!here>",
    "ts": "1714770840.000100",
    "thread_ts": "1714770800.000100",
    "files": [
        {"id": "F1", "name": "a.png", "mimetype": "image/png", "url_private_download": "https://files.slack.com/a"}
    ],
    "attachments": [{"is_share": True, "author_name": "Bo", "text": "hi", "ts": "1714770000.1"}],
}
_SLACK_CHANGE = {
    "type": "message",
    "subtype": "message_changed",
    "channel": "D1",
    "message": {**_SLACK_MESSAGE, "edited": {"ts": "1"}},
    "previous_message": {"text": "before"},
}
_THUMB = {
    "type": "reaction_removed",
    "user": "U9",
    "reaction": "+1::skin-tone-2",
    "item": {"type": "message", "channel": "C1", "ts": "1.2"},
    "event_ts": "1714770840.1",
}


def _whatsapp(**told: object) -> bytes:
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": "106540352242922"},
        "contacts": [{"profile": {"name": "Ada"}, "wa_id": "16505550001", "user_id": "US.1"}],
        **told,
    }
    return json.dumps({"entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}]}).encode()


def _posts() -> Iterator[bytes]:
    head = {"from": "16505550001", "id": "wamid.A", "timestamp": "1714770840"}
    yield _whatsapp(
        messages=[
            {**head, "type": "text", "text": {"body": "hi"}, "context": {"id": "wamid.B", "from": "15550783881"}},
            {**head, "type": "image", "image": {"id": "7", "mime_type": "image/jpeg", "caption": "x"}},
            {**head, "type": "reaction", "reaction": {"message_id": "wamid.B", "emoji": "👍"}},
        ]
    )
    yield _whatsapp(
        messages=[
            {**head, "type": "location", "location": {"latitude": 52.5, "longitude": 13.4, "name": "Home"}},
            {**head, "type": "interactive", "interactive": {"button_reply": {"id": "q:1", "title": "Yes"}}},
            {
                **head,
                "type": "edit",
                "edit": {"original_message_id": "wamid.C", "message": {"type": "text", "text": {}}},
            },
        ]
    )
    yield _whatsapp(
        statuses=[{"id": "wamid.D", "status": "failed", "errors": [{"code": 131047, "title": "late"}]}],
        errors=[{"code": 130429, "title": "Rate limit hit"}],
    )


def make_targets() -> Iterator[Target]:
    """Yield a target for each platform."""
    yield Target("webhook-telegram", _receive_from_telegram, (json.dumps(_UPDATE).encode(),))
    yield Target("webhook-whatsapp", _receive_from_whatsapp, tuple(_posts()))
    events = (_SLACK_MESSAGE, _SLACK_CHANGE, _THUMB)
    bodies = [json.dumps({"type": "event_callback", "team_id": "T1", "event": event}).encode() for event in events]
    yield Target("webhook-slack", _SlackReceiving(), tuple(bodies))


def _receive_from_telegram(data: bytes) -> None:
    """An update may be read as none; what makes no sense as one is set aside by who takes it in, as Slack's are."""
    update = read_update(data, None)
    with suppress(AttributeError, TypeError, ValueError, KeyError):
        TelegramIncoming(1, "jay").event(update)


def _receive_from_whatsapp(data: bytes) -> None:
    try:
        batches = read_batches(data)
    except MalformedForWhatsApp:
        return
    statuses = DeliveryStatuses()
    for batch in batches:
        for status in batch.statuses:
            statuses.note(status)
        for message in batch.messages:
            event = None
            with suppress(Exception):  # whatever it raises is caught for each message, which is then set aside
                event = read_event(as_object(message), batch)
            _check(event)


class _Workspace(Api):
    """A workspace that answers every question at once, without a network."""

    async def call(self, request: ApiCall, *, eager: bool = False) -> Json:  # noqa: ARG002 (the call's own)
        """Tell of everybody and of every channel the same."""
        if self.host == "refusing.example":
            raise RefusedError("missing_scope", "users:read")
        return {
            "user_id": "U1",
            "bot_id": "B1",
            "team_id": "T1",
            "user": {"name": "ada", "profile": {"display_name": "Ada"}},
            "url": "https://trip.slack.com/",
            "channel": {"name": "general"},
            "messages": [{"ts": "1714770800.000100", "user": "U2", "text": "begun"}],
            "message": {"reactions": [{"name": "-1", "users": ["U9"]}]},
        }


class _SlackReceiving:
    def __init__(self) -> None:
        self._incoming: SlackIncoming | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def __call__(self, data: bytes) -> None:
        try:
            payload = parse_payload(data.decode("utf-8", "replace"))
            check_payload(payload)
        except MalformedForSlack:
            return
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._incoming = self._loop.run_until_complete(_make_incoming())
        event = payload.get("event")
        if isinstance(event, dict) and self._incoming is not None:
            found = None
            with suppress(Exception):  # as above: what it raises is caught, and the event set aside
                found = self._loop.run_until_complete(self._incoming.event(repair(event)))
            _check(found)


async def _make_incoming() -> SlackIncoming:
    settings = SlackSettings.model_validate({"bot_token": "xoxb-1-a", "app_token": "xapp-1-a"})
    api = _Workspace(settings)
    directory = Directory(api)
    await directory.identify()
    return SlackIncoming(api, directory, Threads(api), settings)


def _check(event: object) -> None:
    """What is delivered can be stored."""
    if isinstance(event, Message | MessageEdited):
        event.text.encode()
    if isinstance(event, Message):
        _check_time(event)


def _check_time(message: Message) -> None:
    if message.sent_at.utcoffset() is None:
        raise AssertionError(message)
