"""From words such as "since Monday" or "3 hours" to the past moment that is meant."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from memory.patterns import compile_on_use
from memory.timeline.calendar_names import calendar_names
from memory.timeline.expressions import named_windows

_SHORT = compile_on_use(r"(?:since |last |the last )?(\d{1,4}|an?|one)\s*([a-z]+?)s?(?: ago)?", re.IGNORECASE)
_CUT_SHORT = {"m": "minute", "h": "hour", "hr": "hour", "d": "day", "w": "week"}
_LENGTHS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
"""How long units are; months and years are not all of one length, and are left to the calendar."""
_CLOCK = compile_on_use(r"(?:since |at )?(\d{1,2})[:.](\d{2})", re.IGNORECASE)
_PHRASES = ("{}", "since {}", "in {}", "on {}", "in the last {}", "last {}")


def moment_of(words: str, now: datetime) -> datetime | None:
    """Return the past moment that the words name, in the zone of `now`; None when they name none.

    A span ("yesterday", "last week") means its beginning.
    """
    words = " ".join(words.split())
    return _short(words, now) or _clock(words, now) or _find_named(words, now)


def _short(words: str, now: datetime) -> datetime | None:
    match = _SHORT.fullmatch(words)
    if match is None:
        return None
    word = match[2].casefold()
    length = _LENGTHS.get(_CUT_SHORT.get(word) or calendar_names("en").units.get(word, ""))
    return None if length is None else now - length * (int(match[1]) if match[1].isdecimal() else 1)


def _clock(words: str, now: datetime) -> datetime | None:
    """Return the last time that the clock showed this."""
    match = _CLOCK.fullmatch(words)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    today = now.replace(hour=int(match[1]), minute=int(match[2]), second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def _find_named(words: str, now: datetime) -> datetime | None:
    for phrase in _PHRASES:
        past = [window.start for window in named_windows(phrase.format(words), now) if window.start < now]
        if past:
            return max(past)
    return None
