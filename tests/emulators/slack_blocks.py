"""What Slack refuses in texts and blocks (https://docs.slack.dev/reference/block-kit/blocks)."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.emulators.slack_workspace import Json

TEXT_LIMIT = 12_000
MOST_BLOCKS = 50
_TEXT_CHARS = 3000
_MOST_ELEMENTS = 10
_MOST_BUTTONS = 25
_LABEL_CHARS = 75
_BARE = re.compile(r"&(?!amp;|lt;|gt;)|<(?![@#!]|https?://|mailto:)")


class RefusalError(Exception):
    """An error as the API tells it."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


def checked_text(text: object, limit: int = TEXT_LIMIT) -> str:
    """Return a text that Slack takes."""
    if not isinstance(text, str) or not text.strip():
        raise RefusalError("no_text")
    if len(text) > limit:
        raise RefusalError("msg_too_long")
    return text


def checked_blocks(blocks: Any) -> list[Json]:
    """Return blocks that Slack takes."""
    if isinstance(blocks, str):
        blocks = json.loads(blocks)
    if not blocks:
        return []
    if not isinstance(blocks, list) or len(blocks) > MOST_BLOCKS:
        raise RefusalError("invalid_blocks")
    for block in blocks:
        _check_block(block)
    return list(blocks)


def _check_block(block: Json) -> None:
    kind = block.get("type")
    if kind == "section":
        _check_text(block.get("text"))
    elif kind == "context":
        elements = block.get("elements") or []
        if not 0 < len(elements) <= _MOST_ELEMENTS:
            raise RefusalError("invalid_blocks")
        for element in elements:
            _check_text(element)
    elif kind == "actions":
        _check_buttons(block.get("elements") or [])
    elif kind not in {"divider", "header"}:
        raise RefusalError("invalid_blocks")


def _check_buttons(buttons: list[Json]) -> None:
    """Check an actions block (https://docs.slack.dev/reference/block-kit/blocks/actions-block)."""
    actions = {button.get("action_id") for button in buttons}
    if not 0 < len(buttons) <= _MOST_BUTTONS or len(actions) < len(buttons):
        raise RefusalError("invalid_blocks")
    for button in buttons:
        text = button.get("text") or {}
        fits = 0 < len(str(text.get("text", ""))) <= _LABEL_CHARS and text.get("type") == "plain_text"
        action, value = str(button.get("action_id", "")), str(button.get("value", ""))
        if button.get("type") != "button" or not fits or not 0 < len(action) <= 255 or len(value) > 2000:
            raise RefusalError("invalid_blocks")


def _check_text(text: Any) -> None:
    if not isinstance(text, dict) or text.get("type") not in {"mrkdwn", "plain_text"}:
        raise RefusalError("invalid_blocks")
    content = text.get("text")
    if not isinstance(content, str) or not 0 < len(content) <= _TEXT_CHARS or _BARE.search(content):
        raise RefusalError("invalid_blocks")
