"""The full-text query for a question's words; see `memory.search.candidates`."""

from __future__ import annotations

from collections.abc import Mapping

from memory.search.candidates import Words, find_telling
from memory.search.segment import is_single


def expression(frequencies: Mapping[str, int], total: int, enough: float) -> str:
    """Return the FTS5 query that matches about `enough` of `total` passages, the best for these words among them.

    `frequencies` says how many passages have each word, more than none. When all matches together are no more than
    enough, all match. A match is scored by all of the words, whichever it was let in by.
    """
    every = " OR ".join(quote_word(word) for word in frequencies)
    telling = find_telling(frequencies, total, enough)
    return every if telling is None else f"({' OR '.join(map(_all_of, telling))}) AND ({every})"


def _all_of(words: Words) -> str:
    return quote_word(words[0]) if len(words) == 1 else f"({' AND '.join(map(quote_word, words))})"


def quote_word(word: str) -> str:
    """Return the FTS5 query for a word."""
    return f'"{word}"*' if is_single(word) else f'"{word}"'
