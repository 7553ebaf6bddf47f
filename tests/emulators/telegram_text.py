"""What Telegram makes of a text: its limits, its entities and its HTML, and what it says when they are wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

TEXT_LIMIT = 4096
_TYPES = frozenset(
    {
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
    }
)
_CODE = frozenset({"code", "pre"})
_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
}
_ENTITY = re.compile(r"&(?!(lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);)")

Entity = dict[str, Any]


class BadText(ValueError):  # noqa: N818 (a refusal, told to the bot)
    """Raised for a text that Telegram does not take."""


def units(text: str) -> int:
    """Return a text's length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, entity: Entity) -> str:
    """Return what an entity covers."""
    data = text.encode("utf-16-le", "surrogatepass")
    covered = data[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])]
    return covered.decode("utf-16-le")


def checked(
    text: str, entities: object, parse_mode: str | None, *, may_be_empty: bool = False
) -> tuple[str, list[Entity]]:
    """Return text and entities as Telegram keeps them. Raises BadText."""
    if parse_mode:
        text, found = _parsed(text, parse_mode)
    else:
        found = _listed(text, entities)
    if not text.strip() and not may_be_empty:
        raise BadText("message text is empty")
    if units(text) > TEXT_LIMIT:
        raise BadText("message is too long")
    _check_nesting(found)
    return text, found


def _listed(text: str, entities: object) -> list[Entity]:
    if entities is None:
        return []
    if not isinstance(entities, list):
        raise BadText("can't parse entities: expected an Array of MessageEntity")
    for entity in entities:
        _check_entity(text, entity)
    return list(entities)


def _check_entity(text: str, entity: object) -> None:
    if not isinstance(entity, dict) or entity.get("type") not in _TYPES:
        raise BadText(f"can't parse entities: {entity!r} is no MessageEntity")
    offset, length = entity.get("offset"), entity.get("length")
    if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length <= 0:
        raise BadText("can't parse entities: ENTITY_BOUNDS_INVALID")
    if offset + length > units(text):
        raise BadText("can't parse entities: ENTITY_BOUNDS_INVALID, beyond the end")
    try:
        covered = cut(text, entity)
    except UnicodeDecodeError:
        raise BadText("can't parse entities: ENTITY_BOUNDS_INVALID, within a character") from None
    if covered != covered.strip():
        raise BadText(f"can't parse entities: blanks at an end of {covered!r}")
    if entity["type"] == "text_link":
        _check_url(entity.get("url"))


def _check_url(url: object) -> None:
    parts = urlsplit(url if isinstance(url, str) else "")
    if parts.scheme not in {"http", "https", "tg"} or not parts.netloc:
        raise BadText(f"can't parse entities: wrong URL {url!r}")


def _check_nesting(entities: list[Entity]) -> None:
    for number, first in enumerate(entities):
        for second in entities[number + 1 :]:
            a, b = sorted((first, second), key=lambda entity: (entity["offset"], -entity["length"]))
            if a["offset"] + a["length"] <= b["offset"]:
                continue
            if b["offset"] + b["length"] > a["offset"] + a["length"]:
                raise BadText(f"can't parse entities: {a['type']} and {b['type']} cross each other")
            if _CODE & {a["type"], b["type"]}:
                raise BadText(f"can't parse entities: {a['type']} and {b['type']} can't be nested")
            if a["type"] == b["type"] and "blockquote" in a["type"]:
                raise BadText("can't parse entities: blockquotes can't be nested")


@dataclass
class _Html(HTMLParser):
    """Reads Telegram's subset of HTML."""

    text: str = ""
    found: list[Entity] = field(default_factory=list)
    open: list[tuple[str, int, dict[str, str | None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise BadText(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {self.getpos()[1]}')
        self.open.append((tag, units(self.text), dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            raise BadText(f'can\'t parse entities: Unexpected end tag at byte offset {self.getpos()[1]}: "{tag}"')
        _, start, attributes = self.open.pop()
        entity: Entity = {"type": _TAGS[tag], "offset": start, "length": units(self.text) - start}
        if tag == "a":
            _check_url(attributes.get("href"))
            entity["url"] = attributes["href"]
        if entity["length"]:
            self.found.append(entity)

    def handle_data(self, data: str) -> None:
        self.text += data


def _parsed(text: str, parse_mode: str) -> tuple[str, list[Entity]]:
    if parse_mode.upper() != "HTML":
        raise BadText(f"can't parse entities: this server reads HTML and lists of entities, not {parse_mode}")
    if _ENTITY.search(text):
        raise BadText("can't parse entities: unescaped &")
    parser = _Html()
    parser.feed(text)
    parser.close()
    if parser.open:
        raise BadText(f"can't parse entities: Can't find end tag corresponding to start tag {parser.open[-1][0]}")
    return parser.text, parser.found
