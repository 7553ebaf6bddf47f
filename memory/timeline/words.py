"""The words that times are named with, per language, each with the class that the rules know it by.

Accents are folded away on both sides, so that "sabado" is Saturday too.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

from memory.search.stopwords import STOP_WORDS
from memory.timeline.token_classes import TokenClass
from memory.timeline.vocabulary import VOCABULARY

Value = int | str | tuple[int, str] | None
"""What a word stands for: a month's number, a unit's name, days from today and the part of the day, ..."""

Phrase = tuple[tuple[str, ...], str, Value]
"""One or more folded words, their class and their value."""


@dataclass(frozen=True, slots=True)
class TimeLanguage:
    """A language's phrases by their first word, the longest first."""

    name: str
    phrases: dict[str, tuple[Phrase, ...]]
    common: frozenset[str]
    """Words that tell that a text is in this language."""
    adjectives_follow: bool
    """Whether "last" stands behind its noun, as in "la semana pasada"."""


_ADJECTIVES_FOLLOW = frozenset({"es", "fr", "pt", "it"})
_COUNTED = frozenset({TokenClass.MONTH, TokenClass.MAYBE_MONTH, TokenClass.WEEKDAY, TokenClass.SHORT_WEEKDAY})
"""Classes whose line lists their values in order, from January and from Monday."""
_NUMBERED = frozenset({TokenClass.RELATIVE_DAY, TokenClass.NUMBER, TokenClass.NUMBER_WORD, TokenClass.ONE})


def fold(word: str) -> str:
    """Return the word without case and accents; other writing systems keep their marks."""
    if word.isascii():
        return word.lower()
    plain = "".join(each for each in unicodedata.normalize("NFD", word.casefold()) if not "\u0300" <= each <= "\u036f")
    return unicodedata.normalize("NFC", plain)


@cache
def languages() -> tuple[TimeLanguage, ...]:
    """Return every language that times are read in, English first."""
    return tuple(_language(name, source) for name, source in VOCABULARY.items())


def _language(name: str, source: str) -> TimeLanguage:
    phrases: dict[str, list[Phrase]] = {}
    for line in source.strip().splitlines():
        for phrase in read_line(line):
            phrases.setdefault(phrase[0][0], []).append(phrase)
    longest_first = {first: tuple(sorted(each, key=lambda it: -len(it[0]))) for first, each in phrases.items()}
    common = {fold(word) for word in STOP_WORDS[name]} | set(phrases)
    return TimeLanguage(name, longest_first, frozenset(common), name in _ADJECTIVES_FOLLOW)


def read_line(line: str) -> list[Phrase]:
    """Return the phrases of a line of the vocabulary."""
    head, _, rest = line.partition(" ")
    name, _, value = head.partition(":")
    letter = TokenClass[name]
    if letter in _COUNTED:
        groups = rest.split("|")
        return [_phrase(word, letter, at) for at, group in enumerate(groups) for word in group.split() if word != "="]
    return [_phrase(word, letter, _value(letter, value)) for word in rest.split()]


def _phrase(word: str, letter: str, value: Value) -> Phrase:
    return tuple(fold(word).split("_")), letter, value


def _value(letter: str, value: str) -> Value:
    if letter == TokenClass.RELATIVE_PART:
        offset, part = value.split(",")
        return int(offset), part
    return int(value) if letter in _NUMBERED else value.replace("_", " ") or None
