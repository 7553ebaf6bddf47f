"""Reads dates that name their month or their weekday: "28 Aug 2013", "Aug 28, 2013", "Tue, 3/4/24", "28 de agosto"."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from adapters.exports.whatsapp.calendar_words import calendar_words, key_of

_WORD = r"[^\d\s.,،/:\[\]()-]{2,16}"
_DAY, _YEAR = r"\d{1,2}(?:\.|º|er)?", r"(?:\d{4}|\d{2})(?![\d:.])"
_OF = r"(?: de| of)?"
NAMED_DATE: Final = re.compile(
    rf"(?<![\w:])(?:{_WORD}\.?,? )?(?:"
    rf"{_DAY}{_OF}[ -]{_WORD}\.?(?:{_OF},?[ -]{_YEAR})?"
    rf"|\d{{4}},?[ -]{_WORD}\.?[ -]\d{{1,2}}(?!\d)"
    rf"|{_WORD}\.? \d{{1,2}}(?![\d:.])(?:,? \d{{4}}(?!\d))?"
    rf")|(?<![\w:]){_WORD}\.?,? \d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}(?!\d)"
)
"""A date with a word in it, its weekday in front or not; whether the word is a month's, `read_named` tells."""
_WORDS = re.compile(_WORD)
_NUMBERS = re.compile(r"\d+")


class NamedDate(NamedTuple):
    """A day whose month is named; `year` is None where the date has none."""

    day: int
    month: int
    year: int | None


def read_named(text: str) -> NamedDate | None:
    """Return the date that a text with a month's name stands for; None when none is named."""
    months = calendar_words().months
    month = next(
        (months[key] for word in _WORDS.findall(text) if _tells(word) and (key := key_of(word)) in months), None
    )
    numbers = _NUMBERS.findall(text)
    if month is None or not 1 <= len(numbers) <= 2:
        return None
    if len(numbers) == 1:
        return NamedDate(int(numbers[0]), month, None)
    year_first = len(numbers[0]) == 4
    day, year = (numbers[1], numbers[0]) if year_first else (numbers[0], numbers[1])
    return NamedDate(int(day), month, int(year))


def weekday_of(text: str) -> int | None:
    """Return the weekday that a date opens with, Monday being 0; None when it opens with a number."""
    if text[:1].isdigit():
        return None
    found = _WORDS.match(text)
    return calendar_words().weekdays.get(key_of(found.group())) if found else None


def _tells(word: str) -> bool:
    """Tell whether a word is long enough to be a month's or a weekday's: "de" stands between day and month."""
    return len(word) > 2 or (len(word) > 1 and not word.isascii())


def is_date_word(text: str) -> bool:
    """Tell whether a word is a month's or a weekday's name."""
    key, words = key_of(text), calendar_words()
    return _tells(text) and (key in words.months or key in words.weekdays)
