"""Which years a day without one may lie in: "5 October", asked of a chat of years ago."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace

from memory.patterns import compile_on_use
from memory.records import TimeWindow
from memory.timeline.calendar_names import calendar_names
from memory.timeline.vocabulary import VOCABULARY
from memory.timeline.words import fold

_YEARS_BACK = 15
"""Years before the latest that a day without a year may lie in."""
_YEAR = compile_on_use(r"\d{4}")
_WORD = compile_on_use(r"[^\W\d_]+")


def years_meant(window: TimeWindow) -> Iterator[TimeWindow]:
    """Yield a window, and where its words name a month without a year the same days of the years before, latest first.

    Who asks for "5 October" of an old chat means the last one of which it tells.
    """
    yield window
    if _YEAR.search(window.words) or not _names_month(window.words):
        return
    for back in range(1, _YEARS_BACK + 1):
        with contextlib.suppress(ValueError):  # 29 February
            start = window.start.replace(year=window.start.year - back)
            yield replace(window, start=start, end=window.end.replace(year=window.end.year - back))


def _names_month(text: str) -> bool:
    names = {fold(word) for word in _WORD.findall(text)}
    return any(names & calendar_names(language).months.keys() for language in VOCABULARY)
