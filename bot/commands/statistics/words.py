"""The words and emoji of a message that say something about a conversation."""

from __future__ import annotations

import re

from memory.search.segment import words
from memory.search.stopwords import LANGUAGES_OF

SHORTEST = 3
_NOT_SAID = re.compile(r"https?://\S+|\[(?:photo|video|audio|document|sticker|contact|attachment)(?:: [^\]]*)?\]")
_PICTURES = "\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}"  # flags
    "|[0-9#*]\ufe0f?\u20e3"  # keycaps
    f"|[{_PICTURES}][\ufe0f\U0001f3fb-\U0001f3ff]*(?:\u200d[{_PICTURES}\u2640\u2642][\ufe0f\U0001f3fb-\U0001f3ff]*)*"
)


def telling_words(text: str) -> list[str]:
    """Return the words that are neither common everywhere, nor numbers, nor part of an address or a file's name."""
    found = words(_EMOJI.sub(" ", _NOT_SAID.sub(" ", text)))  # which would name emoji by their codes
    return [word for word in found if _long_enough(word) and not word.isdecimal() and word not in LANGUAGES_OF]


def emoji_in(text: str) -> list[str]:
    """Return the emoji, each with its skin tone and whatever it is joined with."""
    return [] if text.isascii() else _EMOJI.findall(text)


def _long_enough(word: str) -> bool:
    return len(word) >= SHORTEST or (len(word) > 1 and not word.isascii() and ord(word[0]) >= 0x0E00)
