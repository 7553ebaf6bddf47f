"""The words of dates in the world's languages: months, weekdays and times of day.

`calendar_words.json` holds them; tests/adapters/exports/whatsapp/derive_calendar.py made it from the Unicode CLDR.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

Period = Literal["am", "pm", "noon", "night"]

_DROPPED: Final = dict.fromkeys(map(ord, " .’'\"״׳\u00a0\u202f\u200e\u200f"))


@dataclass(frozen=True, slots=True)
class CalendarWords:
    """Months by number, weekdays from Monday (0) on, and the half of the day that a word means."""

    months: dict[str, int]
    weekdays: dict[str, int]
    periods: dict[str, Period]


@cache
def calendar_words() -> CalendarWords:
    """Return the words, read once; keys are in the form that `key_of` gives."""
    words = json.loads(files("adapters.exports.whatsapp").joinpath("calendar_words.json").read_text("utf-8"))
    return CalendarWords(words["months"], words["weekdays"], words["periods"])


def key_of(word: str) -> str:
    """Return a word as it is looked up: lower case, without dots, spaces and quotation marks."""
    return word.casefold().translate(_DROPPED)
