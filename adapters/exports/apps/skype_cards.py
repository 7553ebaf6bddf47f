"""What cards and polls of Skype and Teams say: JSON, in the open or packed into a card's address."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Final

from adapters.exports.html_text import html_to_text
from adapters.exports.json_files import parse_line
from adapters.exports.json_stream import as_list, as_map, as_text

_SWIFT: Final = re.compile(r"<Swift\b[^>]{0,100}?\bb64=\"([^\"]+)\"")
_SAID: Final = ("title", "subtitle", "text", "content")
_DEEPEST: Final = 30
_TAGGED: Final = re.compile(r"<(poll(?:question|option))>([^<]+)</")


def read_card(content: str) -> str | None:
    """Return the words of a card, "" for one of pictures only; None for what is no card."""
    found = _SWIFT.search(content)
    if found is None:
        return None
    try:
        card = parse_line(b64decode(found[1], validate=False).decode("utf-8", "replace"))
    except (binascii.Error, ValueError):
        return ""
    return "\n".join(dict.fromkeys(_words_within(card, _DEEPEST)))


def read_adaptive_card(content: str) -> str:
    """Return the words of a card that stands in the open, as JSON."""
    return "\n".join(dict.fromkeys(_words_within(parse_line(content), _DEEPEST)))


def read_notice(content: str) -> str:
    """Return the words of a notice of Skype's own: a list of cards in JSON."""
    cards = as_list(parse_line(f'{{"cards": {content}}}').get("cards"))
    return "\n".join(dict.fromkeys(word for card in cards for word in _words_within(card, _DEEPEST))) or content


def read_poll(content: str) -> str:
    """Return a poll's question and answers, a line each."""
    poll = parse_line(content)
    answers = [as_map(each) for each in as_list(poll.get("options") or poll.get("answers"))]
    told = [as_text(each.get("text") or each.get("option")) for each in answers]
    question = as_text(poll.get("question") or poll.get("title"))
    if not question:
        tagged = _TAGGED.findall(content)
        question = next((text for tag, text in tagged if tag == "pollquestion"), "")
        told = [text for tag, text in tagged if tag == "polloption"]
    return "\n- ".join([f"Poll: {question}", *filter(None, told)]) if question else html_to_text(content)


def _words_within(value: object, depth: int) -> Iterator[str]:
    if depth and isinstance(value, dict):
        for key, each in value.items():
            if isinstance(each, str):
                if key in _SAID and (text := html_to_text(each)):
                    yield text
            else:
                yield from _words_within(each, depth - 1)
    elif depth and isinstance(value, list):
        for each in value:
            yield from _words_within(each, depth - 1)
