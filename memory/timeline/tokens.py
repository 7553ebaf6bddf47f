"""A text as tokens, each with its class (see `memory.timeline.token_classes`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from memory.patterns import compile_on_use
from memory.timeline.token_classes import TokenClass
from memory.timeline.words import Phrase, TimeLanguage, Value, fold, languages

_TOKEN = compile_on_use(
    r"""
      (?P<DATE>(?<![\d/])(?<!\d[.-])(?<!ersion\s)(?:\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{1,2}/20\d\d
           |\d{1,2}\.\s?\d{1,2}\.\s?(?:\d{4}|\d{2})|\d{1,2}(?P<between>[/-])\d{1,2}(?P=between)(?:\d{4}|\d{2}))
           (?![\w/%:]|[.,-]\d))
    | (?P<DOTTED_DAY>(?<![\d,:/])(?<!\d[.-])(?<![uU]m\s)(?<!gegen\s)(?<!at\s)(?<!ersion\s)
           \d{1,2}\.\d{1,2}(?:\.(?![\w.])|(?=\s?[-\u2013\u2014]\s?\d{1,2}\.\d{1,2}\.))
           |(?:(?<=\b[aA]m\s)|(?<=\b[vV]om\s)|(?<=\b[zZ]um\s)|(?<=\b[aA]b\s)|(?<=\b[bB]is\s)|(?<=\bden\s))
           \d{1,2}\.\d{1,2}(?!\s?(?:Uhr|h|km|kg|cm|m|l|Euro|EUR|Prozent|Mio|Liter|Kilo|Meter|Stunden)\b|[\w.,:/%]|\s?[%€$]))
    | (?P<SLASHED_DAY>(?<![\w./:,-])\d{1,2}/\d{1,2}(?![\w/%:]|[.,-]\d))
    | (?P<YEAR>(?<![\d.,:/])(?:19|20|21)\d\d(?![\d%:/]|[.,]\d)
           |(?<!\w)['’]\d\d(?![\w'’]))
    | (?P<NUMBER>(?<![\d.,:/])\d{1,3}(?:st|nd|rd|th|er|º|ª)?(?![\w%:/]|[.,]\d))
    | (?P<APOSTROPHE_S>['’]s\b)
    | (?P<word>(?:[^\W\d_]|[\u0300-\u036f])+)
    | (?P<joint>(?<=[^\W\d_])-(?=[^\W\d_]))
    | (?P<sign>[-\u2013\u2014,]|[.?!;](?!\w)|\n)
    | (?P<OTHER>[^\s'’"()_.]|_)
    """,
    re.VERBOSE,
)
"""A date, a day and a month, a year, a number, each in digits; 's, a word, a hyphen within a word, a sign, the rest."""

_SIGNS = {",": TokenClass.COMMA, **dict.fromkeys(".?!;\n", TokenClass.STOP)}
_UNREAD = ""
"""The class of a word until a language is read into it."""
_OF_PHRASES = (_UNREAD, TokenClass.APOSTROPHE_S)
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
    """Return the text's tokens; the words among them have no class until a language is read into them."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind, piece = str(match.lastgroup), match[0]
        if kind == "joint":
            continue
        found.append(_token(match.start(), match.end(), kind, piece))
    return found


def _token(start: int, end: int, kind: str, piece: str) -> Token:
    if kind == "NUMBER":
        digits = "".join(each for each in piece if each in "0123456789")
        return Token(start, end, piece, TokenClass.NUMBER, int(digits or 0))
    if kind == "YEAR":
        return Token(start, end, piece, TokenClass.YEAR, int(piece.lstrip("'’")))
    if kind == "sign":
        return Token(start, end, piece, _SIGNS.get(piece, TokenClass.DASH))
    if kind == "word":
        return Token(start, end, fold(piece) if len(piece) <= _LONGEST else piece, _UNREAD, None, piece[0].isupper())
    return Token(start, end, piece, TokenClass[kind])


def likely_languages(found: Sequence[Token]) -> list[TimeLanguage]:
    """Return English and whichever other languages the text has the most words of, which stand first.

    "hier" needs no English reader, and who writes "el 3/5" means a day of May.
    """
    words = {each.text for each in found if each.letter == _UNREAD}
    counts = [(language, len(words & language.common)) for language in languages()]
    most = max(count for _, count in counts)
    likely = [each for each in counts if each[0].name == "en" or (most and each[1] == most)]
    return [language for language, _ in sorted(likely, key=lambda each: -each[1])]


def read(found: Sequence[Token], language: TimeLanguage) -> list[Token]:
    """Return the tokens as a language has them: phrases joined, each with its class."""
    known: list[Token] = []
    at = 0
    while at < len(found):
        token = found[at]
        phrase = _phrase_at(found, at, language) if token.letter == _UNREAD else None
        if phrase is None:
            unknown = token.letter == _UNREAD
            known.append(Token(token.start, token.end, token.text, TokenClass.OTHER) if unknown else token)
            at += 1
            continue
        words, letter, value = phrase
        last = found[at + len(words) - 1]
        known.append(Token(token.start, last.end, token.text, letter, value, token.capital))
        at += len(words)
    return known


def _phrase_at(found: Sequence[Token], at: int, language: TimeLanguage) -> Phrase | None:
    for phrase in language.phrases.get(found[at].text, ()):
        words = phrase[0]
        rest = found[at + 1 : at + len(words)]
        if len(words) == 1 or words[1:] == tuple(each.text.lstrip("'’") for each in rest if each.letter in _OF_PHRASES):
            return phrase
    return None
