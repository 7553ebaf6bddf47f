"""The names of months, weekdays and units in each language, written once for every grammar of times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from memory.timeline.token_classes import TokenClass
from memory.timeline.vocabulary import VOCABULARY
from memory.timeline.words import read_line


@dataclass(frozen=True, slots=True)
class CalendarNames:
    """The names in one language, in lower case and without accents, the words of one set apart by blanks.

    `months` are numbered from 1 and `weekdays` from Monday as 0, as `datetime` has them; `units` are "minute", "hour",
    "day", "week", "month" and "year". Weekdays cut short ("sun") are left out: what they may be, each grammar decides.
    """

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    units: Mapping[str, str]


@cache
def calendar_names(language: str) -> CalendarNames:
    """Return the names in a language: "en", "de", "es", "fr", "pt", "it" or "nl". Raises KeyError for another."""
    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    units: dict[str, str] = {}
    for words, kind, value in (
        phrase for line in VOCABULARY[language].strip().splitlines() for phrase in read_line(line)
    ):
        name = " ".join(words)
        if kind in (TokenClass.MONTH, TokenClass.MAYBE_MONTH) and isinstance(value, int):
            months[name] = value + 1
        elif kind == TokenClass.WEEKDAY and isinstance(value, int):
            weekdays[name] = value
        elif kind == TokenClass.UNIT:
            units[name] = str(value)
    return CalendarNames(months, weekdays, units)
