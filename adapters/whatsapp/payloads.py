"""What Meta posts, taken apart: one post holds messages and statuses of several people, and perhaps of several numbers.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from adapters.whatsapp.places import Json
from bot.adapter import repair_json_text


class MalformedPayload(ValueError):  # noqa: N818 (said as such)
    """Raised for what is not of the shape that Meta documents; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one number was told at once; `names` are the people's profiles by each of their ids."""

    number: str
    display_number: str
    messages: list[object] = field(default_factory=list)
    statuses: list[Json] = field(default_factory=list)
    errors: list[Json] = field(default_factory=list)
    profiles: dict[str, Json] = field(default_factory=dict)


def read_batches(body: bytes) -> list[Batch]:
    """Read a post. Raises MalformedPayload where it is none of Meta's; other kinds of news are passed over."""
    try:
        payload = json.loads(repair_json_text(body.decode("utf-8", "replace")))
    except RecursionError:
        raise MalformedPayload("the JSON is nested too deeply") from None
    except ValueError as error:
        raise MalformedPayload(f"not JSON: {error}") from None
    if not isinstance(payload, dict):
        raise MalformedPayload("no JSON object")
    changes = [change for entry in _objects(payload, "entry") for change in _objects(entry, "changes")]
    return [_read_value(change["value"]) for change in changes if _is_messages(change)]


def as_object(value: object) -> Json:
    """Return a value that must be an object. Raises MalformedPayload."""
    if not isinstance(value, dict):
        raise MalformedPayload(f"a message is a {type(value).__name__}")
    return value


def _is_messages(change: Json) -> bool:
    return change.get("field", "messages") == "messages" and isinstance(change.get("value"), dict)


def _read_value(value: Json) -> Batch:
    metadata = value.get("metadata")
    about = metadata if isinstance(metadata, dict) else {}
    messages = value.get("messages")
    profiles = {
        str(contact[key]): contact
        for contact in _objects(value, "contacts")
        for key in ("wa_id", "user_id")
        if contact.get(key)
    }
    return Batch(
        number=str(about.get("phone_number_id", "")),
        display_number=str(about.get("display_phone_number", "")),
        messages=[_identify(each, profiles) for each in messages] if isinstance(messages, list) else [],
        statuses=list(_objects(value, "statuses")),
        errors=list(_objects(value, "errors")),
        profiles=profiles,
    )


def _identify(message: object, profiles: dict[str, Json]) -> object:
    """Return a message with its sender's user id, which may stand in their profile alone."""
    if not isinstance(message, dict) or message.get("from_user_id"):
        return message
    user = profiles.get(str(message.get("from")), {}).get("user_id")
    return {**message, "from_user_id": user} if user else message


def _objects(holder: Json, name: str) -> Iterator[Json]:
    found = holder.get(name)
    return (each for each in found if isinstance(each, dict)) if isinstance(found, list) else iter(())
