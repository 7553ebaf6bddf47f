"""A text as tokens, and the tokens as a string of classes, one letter each (see `memory.timeline.words`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from memory.timeline.words import Language, Phrase, Value, fold, languages

_TOKEN = re.compile(
    r"""
      (?P<A>(?<![\d./-])(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2}/\d{1,2}/\d{4}
           |\d{4}/\d{1,2}/\d{1,2})(?![\d/]|[.-]\d))
    | (?P<Y>(?<![\d.,:/])(?:19|20|21)\d\d(?![\d%:/]|[.,]\d))
    | (?P<N>(?<![\d.,:/])\d{1,3}(?:st|nd|rd|th|er|º|ª)?(?![\w%:/]|[.,]\d))
    | (?P<z>['’]s\b)
    | (?P<w>(?:[^\W\d_]|[\u0300-\u036f])+)
    | (?P<d>(?<=[^\W\d_])-(?=[^\W\d_]))
    | (?P<p>[-\u2013\u2014,]|[.?!;](?!\w)|\n)
    | (?P<x>[^\s'’"()_.]|_)
    """,
    re.VERBOSE,
)
"""A date in digits, a year, a number, 's, a word, the hyphen within a word, punctuation, anything else."""

_LONGEST = 40
"""No word that names a time is longer; longer ones need no folding."""


class Token(NamedTuple):
    """A piece of the text: where it stands, how it reads, and its class and value in one language.

    A tuple, since making one takes half the time that a frozen dataclass takes, and every word becomes one.
    """

    start: int
    end: int
    text: str
    letter: str
    value: Value = None
    capital: bool = False


def tokens(text: str) -> list[Token]:
    """Return the text's tokens; the words among them have the class "w" until a language is read into them."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind, piece = str(match.lastgroup), match[0]
        if kind == "d":
            continue
        found.append(_token(match.start(), match.end(), kind, piece))
    return found


def _token(start: int, end: int, kind: str, piece: str) -> Token:
    if kind == "N":
        return Token(start, end, piece, "N", int("".join(each for each in piece if each in "0123456789") or 0))
    if kind == "Y":
        return Token(start, end, piece, "Y", int(piece))
    if kind == "p":
        letter = piece if piece in ",-" else "." if piece in ".?!;\n" else "-"
        return Token(start, end, piece, letter)
    if kind == "w":
        return Token(start, end, fold(piece) if len(piece) <= _LONGEST else piece, kind, None, piece[0].isupper())
    return Token(start, end, piece, kind)


def likely_languages(found: Sequence[Token]) -> list[Language]:
    """Return English and whichever other languages the text has the most words of; "hier" needs no English reader."""
    words = {each.text for each in found if each.letter == "w"}
    counts = [(language, len(words & language.common)) for language in languages()]
    most = max(count for _, count in counts)
    return [language for language, count in counts if language.name == "en" or (most and count == most)]


def read(found: Sequence[Token], language: Language) -> list[Token]:
    """Return the tokens as a language has them: phrases joined, each with its class."""
    known: list[Token] = []
    at = 0
    while at < len(found):
        token = found[at]
        phrase = _phrase_at(found, at, language) if token.letter == "w" else None
        if phrase is None:
            known.append(token if token.letter != "w" else Token(token.start, token.end, token.text, "x"))
            at += 1
            continue
        words, letter, value = phrase
        last = found[at + len(words) - 1]
        known.append(Token(token.start, last.end, token.text, letter, value, token.capital))
        at += len(words)
    return known


def _phrase_at(found: Sequence[Token], at: int, language: Language) -> Phrase | None:
    for phrase in language.phrases.get(found[at].text, ()):
        words = phrase[0]
        if len(words) == 1 or words[1:] == tuple(
            each.text.lstrip("'’") for each in found[at + 1 : at + len(words)] if each.letter in "wz"
        ):
            return phrase
    return None
