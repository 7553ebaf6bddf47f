"""From a text to the words of a time in it, each with its meaning and its place; other words keep theirs."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from plugins.reminders.vocabulary import Value, Vocabulary


@dataclass(frozen=True, slots=True)
class Item:
    """A word or a figure: what it means, and from where to where it stands. One without a meaning is a "word".

    A "clock" is minutes since midnight, or those and "am" or "pm"; a "date" is written as year-month-day with zeros for
    what is not said, or as "?day-month" where it may be the other way round.
    """

    kind: str
    value: Value
    start: int
    end: int


_FIGURES = re.compile(
    r"""
    (?P<iso>\d{4}-\d{2}-\d{2})(?:t(?=\d)|(?!\d))
    | (?P<clock>\d{1,2}[:h][0-5]\d|\d{1,2}[.][0-5]\d(?=\s*(?:uhr|am\b|pm\b|h\b)))(?:\s*(?P<half>[ap][.]?m)\b[.]?)?
    | (?P<date>\d{1,2}[./]\d{1,2}(?:[./](?:\d{4}|\d{2})\b|[.](?=\s|\Z)|(?=\s|\Z|,)))
    | (?P<hour>\d{1,2})\s*(?P<half2>[ap][.]?m)\b[.]?
    | (?P<oclock>\d{1,2})h(?![a-z])
    | (?P<ordinal>\d{1,2})(?:st|nd|rd|th|er|[.]|º|ª)(?=[\s,]|\Z)
    | (?P<number>\d{1,4})(?![\d.,/:-]*\d)
    """,
    re.VERBOSE,
)
_BLANKS = re.compile(r"[\s,;]*")
_WORD = re.compile(r"[^\s,;]+")


def plain(text: str) -> str:
    """Return a text in lower case and without accents, of the same length."""
    return "".join(map(_plain, text))


def items_of(text: str, language: Vocabulary) -> list[Item]:
    """Return the items of a text, in order."""
    found: list[Item] = []
    flat, at = plain(text), 0
    while (gap := _BLANKS.match(flat, at)) is not None and (at := gap.end()) < len(flat):
        item = _phrase(flat, at, language) or _figure(flat, at, language) or _word(flat, at)
        found.append(item)
        at = item.end
    return found


def _phrase(flat: str, at: int, language: Vocabulary) -> Item | None:
    match = _phrases(language).match(flat, at)
    if match is None:
        return None
    kind, value = language.words[" ".join(match[0].split())]
    return Item(kind, value, at, match.end())


def _figure(flat: str, at: int, language: Vocabulary) -> Item | None:
    match = _FIGURES.match(flat, at)
    if match is None:
        return None
    kind, value = _meaning(match, language)
    return Item(kind, value, at, match.end())


def _word(flat: str, at: int) -> Item:
    match = _WORD.match(flat, at)
    return Item("word", None, at, len(flat) if match is None else match.end())


def _meaning(match: re.Match[str], language: Vocabulary) -> tuple[str, Value]:
    half = match["half"] or match["half2"]
    match match.lastgroup if half is None else "half":
        case "iso":
            return "date", match["iso"]
        case "date":
            return "date", _date(match["date"], language)
        case "ordinal":
            return "ordinal", int(match["ordinal"])
        case "number":
            return "number", int(match["number"])
    hours, _, minutes = (
        (match["clock"] or match["hour"] or match["oclock"]).replace("h", ":").replace(".", ":").partition(":")
    )
    since_midnight = int(hours) * 60 + int(minutes or 0)
    return "clock", since_midnight if half is None else (since_midnight, f"{half[0]}m")


def _date(figures: str, language: Vocabulary) -> str:
    first, second, year, *_ = [*map(int, re.findall(r"\d+", figures)), 0]
    year += 2000 if 0 < year < 100 else 0
    is_open = language.month_first and "/" in figures and max(first, second) <= 12 and first != second
    if is_open:
        return f"?{year}-{first}-{second}"
    month_first = language.month_first and "/" in figures and second > 12
    month, day = (first, second) if month_first else (second, first)
    return f"{year}-{month}-{day}"


@cache
def _plain(character: str) -> str:
    base = unicodedata.normalize("NFKD", "'" if character in "’´`" else character)[0].lower()
    return base if len(base) == 1 else character


@cache
def _phrases(language: Vocabulary) -> re.Pattern[str]:
    either = "|".join(
        re.escape(phrase).replace(r"\ ", r"\s+") for phrase in sorted(language.words, key=len, reverse=True)
    )
    return re.compile(rf"(?<![\w-])(?:{either})(?![\w-])")
