"""The words of what is forgotten: which of them tell what it was about, and how a reply would have quoted it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from memory.search.segment import words
from memory.search.stopwords import LANGUAGES_OF

Item = TypeVar("Item")
_LEAST_LETTERS = 4
SHORTEST_QUOTE = 6  # characters: a shorter text stands in too many replies that have nothing to do with it
_QUOTED_CHARS = 100
"""A listing shows a memory on one line, cut after about this many characters."""
MOST_TEXTS = 1000
"""The most texts that are read of what is forgotten at once."""
MOST_TRACED = 100
"""The most texts whose older quotations are looked for at once."""
_SOUGHT = 64
"""The most words that are looked for in what was asked."""
HISTORY = ("question", "answer", "command")


class Text(NamedTuple):
    """A passage's own words."""

    passage_id: int
    kind: str
    text: str


def pick_some(items: Sequence[Item], most: int) -> Sequence[Item]:
    """Return every so many of them, from the first on, so that there are not more than `most`."""
    return items[:: max(1, -(-len(items) // most))]


def sought_words(texts: Iterable[Text]) -> list[str]:
    """Return the telling words of what was said, and not asked, answered or commanded: the longest, not too many."""
    return sorted(telling_words(each.text for each in texts if each.kind not in HISTORY), key=len)[-_SOUGHT:]


def texts_to_trace(texts: Sequence[Text]) -> tuple[str, ...]:
    """Return which of forgotten texts are looked for afterwards: what people said, or all where nobody said anything.

    The bot's own wording recurs in answers about other things, so that finding it would tell nothing.
    """
    said = tuple(each.text for each in texts if each.kind not in ("answer", "command"))
    return said or tuple(each.text for each in texts)


def telling_words(texts: Iterable[str]) -> set[str]:
    """Return the words that tell what texts are about, folded: no stop words, and nothing short but numbers."""
    found = {word for text in texts for word in words(text)}
    return {
        word
        for word in found - LANGUAGES_OF.keys()
        if len(word) >= _LEAST_LETTERS or not word.isascii() or any(letter.isdigit() for letter in word)
    }


def quote_of(text: str) -> str:
    """Return what a reply that quotes a text holds of it."""
    return " ".join(text.split())[:_QUOTED_CHARS].rstrip()
