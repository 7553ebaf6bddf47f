"""What a language's words of times are made of; `plugins.reminders.languages` has a file for each language.

Words are in lower case and without accents; bars separate those that mean the same. A meaning is a kind and a value, as
`plugins.reminders.lexer` yields them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.answering import calendar_names
from plugins.reminders.spoken_time import SpokenTime

Value = int | str | tuple[int, str] | timedelta | None
Meaning = tuple[str, Value]

MORNING, AFTERNOON, EVENING, NIGHT = (9, "am"), (15, "pm"), (19, "pm"), (21, "pm")
HALF_HOUR, HOUR_AND_HALF = timedelta(minutes=30), timedelta(minutes=90)
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """A language: the words that ask for a reminder, those that lead to what it is about, and those of times.

    `questions` are words after which somebody wants to hear something now: "remind me what Ann said". A language whose
    words are not set apart by blanks finds its times by itself, with `find_times`; a time may stand before its trigger.
    """

    trigger: str
    leads: str
    questions: str
    words: Mapping[str, Meaning]
    month_first: bool = False
    find_times: Callable[[str], Iterator[SpokenTime]] | None = None

    @property
    def word_ends(self) -> str:
        """What a word may not be followed by, as a pattern."""
        return "" if self.find_times is not None else r"(?![\w-])"


def map_words(language: str, table: Mapping[str, Meaning], numbers: str) -> dict[str, Meaning]:
    """Return what words mean: those of the table, numbers from one on, and the calendar's own in the language."""
    names = calendar_names(language)
    found: dict[str, Meaning] = {}
    found |= {word: ("unit", unit) for word, unit in names.units.items()}
    found |= {word: ("weekday", number) for word, number in names.weekdays.items()}
    found |= {word: ("month", number) for word, number in names.months.items()}
    found |= {word: ("number", number) for number, row in enumerate(numbers.split(), 1) for word in row.split("|")}
    return found | {word: meaning for words, meaning in table.items() for word in words.split("|")}
