"""What Slack sends, looked at before Bolt sees it: Bolt fails on other shapes, and Slack would send them again."""

from __future__ import annotations

import json
from typing import Any

from adapters.slack.api import Json

_SHAPES: dict[str, type | tuple[type, ...]] = {
    "type": str,
    "team_id": str,
    "enterprise_id": str,
    "api_app_id": str,
    "event_id": str,
    "event": dict,
    "authorizations": list,
}
_EVENT_SHAPES: dict[str, type | tuple[type, ...]] = {"type": str, "user": (str, dict), "bot_id": str, "subtype": str}


class MalformedPayload(ValueError):  # noqa: N818 (said as such)
    """Raised for what is not of the shape that Slack documents; says what is wrong with it."""


def parse_payload(text: str) -> Json:
    """Read the JSON of an event. Raises MalformedPayload."""
    try:
        parsed = json.loads(text)
    except RecursionError:
        raise MalformedPayload("the JSON is nested too deeply") from None
    except ValueError as error:
        raise MalformedPayload(f"not JSON: {error}") from None
    if not isinstance(parsed, dict):
        raise MalformedPayload("no JSON object")
    return parsed


def check_payload(payload: object) -> None:
    """Look at the parts of an event that Bolt relies on. Raises MalformedPayload."""
    if not isinstance(payload, dict):
        raise MalformedPayload("the payload is not an object")
    _check(payload, _SHAPES)
    event = payload.get("event")
    if isinstance(event, dict):
        _check(event, _EVENT_SHAPES)
    if payload.get("type") == "event_callback" and not (isinstance(event, dict) and event.get("type")):
        raise MalformedPayload("the event has no type")
    if not all(isinstance(each, dict) for each in payload.get("authorizations") or ()):
        raise MalformedPayload("an authorization is not an object")


def _check(found: dict[str, Any], shapes: dict[str, type | tuple[type, ...]]) -> None:
    for name, shape in shapes.items():
        value = found.get(name)
        if value is not None and not isinstance(value, shape):
            raise MalformedPayload(f"{name} is a {type(value).__name__}")
