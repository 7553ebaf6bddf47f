"""Which questions ask for all that happened in a time: "what did we do yesterday?", "summarise last week"."""

from __future__ import annotations

import re
from datetime import datetime

from bot.answering.periods.words import DOING, GENERIC, SINCE_LEFT
from memory import TimeWindow
from memory.patterns import compile_on_use
from memory.timeline.expressions import question_window

_LONGEST_QUESTION = 300
"""Characters that such a question has at most."""
_WORD = compile_on_use(r"[^\W\d_]+")
_SINCE_LEFT = compile_on_use(SINCE_LEFT, re.IGNORECASE)
_MOST_OTHERS = 2
"""Words that tell of something else than the time: a person's name, at most."""


def is_about_a_period(text: str, now: datetime) -> bool:
    """Say whether a question asks for what happened in a time; who did it may be named."""
    return since_left(text) or bool(period_of(text, now) and len(other_words(text, now)) <= _MOST_OTHERS)


def since_left(text: str) -> bool:
    """Say whether a question means the time since its asker last said something."""
    return len(text) <= _LONGEST_QUESTION and bool(_SINCE_LEFT.search(text))


def period_of(text: str, now: datetime) -> TimeWindow | None:
    """Return the past time that a question is about as a whole; None where it is about something in particular.

    It lies in the zone of `now`.
    """
    if len(text) > _LONGEST_QUESTION or not any(word in DOING for word in _words(text)):
        return None
    window = question_window(text, now)
    return window if window is not None and window.start < now else None


def other_words(text: str, now: datetime) -> list[str]:
    """Return the words of a question beside the time and what asks for it: in "what did Ada do today?" Ada."""
    window = question_window(text, now)
    time = set(_words(window.words)) if window is not None else set()
    return [word for word in _words(text) if word not in GENERIC and word not in time]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
