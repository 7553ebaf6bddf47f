"""What Slack refuses in texts and blocks (https://docs.slack.dev/reference/block-kit/blocks)."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.emulators.slack_workspace import Json

CUT_CHARS = 40_000
"""`chat.postMessage` cuts what is longer (https://docs.slack.dev/changelog/2018-truncating-really-long-messages)."""
UPDATE_BYTES = 4_000
"""`chat.update` refuses more, whether or not there are blocks beside it."""
STREAM_CHARS = 12_000
"""The most of one `markdown_text`."""
BLOCKS_CHARS = 13_000
"""All blocks together, as measured by others; beyond it is `msg_blocks_too_long`."""
MOST_BLOCKS = 50
MOST_HOME_BLOCKS = 100
_TEXT_CHARS = 3000
_MOST_ELEMENTS = 10
_MOST_BUTTONS = 25
_LABEL_CHARS = 75
_ID_CHARS = 255
_HEADER_CHARS = 150
_BARE = re.compile(r"&(?!amp;|lt;|gt;)|<(?![@#!]|https?://|mailto:)")


class RefusalError(Exception):
    """An error as the API tells it."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


def checked_text(text: object) -> str:
    """Return a text as `chat.postMessage` shows it: cut where it is too long."""
    if not isinstance(text, str) or not text.strip():
        raise RefusalError("no_text")
    return text[:CUT_CHARS]


def checked_change(text: object) -> str:
    """Return a text that a message may be changed to."""
    if len(checked_text(text).encode()) > UPDATE_BYTES:
        raise RefusalError("msg_too_long")
    return str(text)


def checked_stream(text: object) -> str:
    """Return Markdown that a stream takes at once."""
    if len(str(text or "")) > STREAM_CHARS:
        raise RefusalError("msg_too_long")
    return str(text or "")


def checked_blocks(blocks: Any, most: int = MOST_BLOCKS) -> list[Json]:
    """Return blocks that Slack takes."""
    if isinstance(blocks, str):
        blocks = json.loads(blocks)
    if not blocks:
        return []
    if not isinstance(blocks, list) or len(blocks) > most:
        raise RefusalError("invalid_blocks")
    for block in blocks:
        _check_block(block)
    names = [block["block_id"] for block in blocks if "block_id" in block]
    if len(set(names)) < len(names) or any(not 0 < len(str(name)) <= _ID_CHARS for name in names):
        raise RefusalError("invalid_blocks")
    if len(json.dumps(blocks, ensure_ascii=False)) > BLOCKS_CHARS:
        raise RefusalError("msg_blocks_too_long")
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
    elif kind == "header":
        text = block.get("text") or {}
        if text.get("type") != "plain_text" or not 0 < len(str(text.get("text", ""))) <= _HEADER_CHARS:
            raise RefusalError("invalid_blocks")
    elif kind != "divider":
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
        if button.get("type") != "button" or not fits or not 0 < len(action) <= _ID_CHARS or len(value) > 2000:
            raise RefusalError("invalid_blocks")


def _check_text(text: Any) -> None:
    if not isinstance(text, dict) or text.get("type") not in {"mrkdwn", "plain_text"}:
        raise RefusalError("invalid_blocks")
    content = text.get("text")
    if not isinstance(content, str) or not 0 < len(content) <= _TEXT_CHARS or _BARE.search(content):
        raise RefusalError("invalid_blocks")
