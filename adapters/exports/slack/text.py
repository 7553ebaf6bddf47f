"""Slack's message text as people read it: names for ids, addresses beside labels, escapes undone.

The markup: https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.exports.json_stream import as_list, as_map, as_text

Record = dict[str, object]
_REFERENCE = re.compile(r"<([^<>|\s][^<>|]*)(?:\|([^<>]*))?>")
_LINES = frozenset({"rich_text_section", "rich_text_preformatted", "rich_text_quote"})
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Names:
    """What people and channels are called, by id."""

    people: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)

    def person(self, identity: str, label: str = "") -> str:
        """Return a person's name, else the label that stands beside the id, else the id."""
        return self.people.get(identity) or label.removeprefix("@") or identity

    def channel(self, identity: str, label: str = "") -> str:
        """Return a channel's name likewise."""
        return self.channels.get(identity) or label.removeprefix("#") or identity


def to_plain_text(text: str, names: Names) -> str:
    """Return a text with every reference in it worded."""
    return unescape(_REFERENCE.sub(lambda found: _resolve_reference(found[1], found[2] or "", names), text))


def unescape(text: str) -> str:
    """Undo Slack's three escapes; the ampersand last, or "&amp;lt;" would become "<"."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") if "&" in text else text


def _resolve_reference(target: str, label: str, names: Names) -> str:
    if target.startswith("@"):
        return f"@{names.person(target[1:], label)}"
    if target.startswith("#"):
        return f"#{names.channel(target[1:], label)}"
    if target.startswith("!"):
        return label or f"@{target[1:].partition('^')[0]}"
    address = target.removeprefix("mailto:").removeprefix("tel:")
    return f"{label} ({address})" if label and label not in (address, target) else address


def text_of_blocks(blocks: object, names: Names) -> str:
    """Return the words of Block Kit's blocks: some messages have nothing else."""
    return "\n".join(filter(None, (_block(as_map(block), names, _DEEPEST).strip("\n") for block in as_list(blocks))))


def _block(block: Record, names: Names, depth: int) -> str:
    """Return the words of a block or of an element in one."""
    if depth == 0:
        return ""
    kind = as_text(block.get("type"))
    if kind == "user":
        return f"@{names.person(as_text(block.get('user_id')))}"
    if kind == "channel":
        return f"#{names.channel(as_text(block.get('channel_id')))}"
    if kind == "link":
        address, label = as_text(block.get("url")), as_text(block.get("text"))
        return f"{label} ({address})" if label and label != address else address
    if kind in {"emoji", "broadcast"}:
        return f":{as_text(block.get('name'))}:" if kind == "emoji" else f"@{as_text(block.get('range'))}"
    inner = block.get("text")
    words = inner if isinstance(inner, str) else _block(as_map(inner), names, depth - 1)
    words = to_plain_text(words, names) if kind == "mrkdwn" else words
    parts = [*as_list(block.get("elements")), *as_list(block.get("fields"))]
    said = words + "".join(_block(as_map(part), names, depth - 1) for part in parts)
    return f"{said}\n" if kind in _LINES or (kind == "section" and said) else said
