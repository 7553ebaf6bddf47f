"""Finds in a sentence what a question asks for: a sum where a sum is asked for, a day for a date."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.answering.quoting import amounts, contacts, dates, persons, places
from bot.answering.quoting.birthdays import asks_birthday, birth_told, birthday_told, is_wish, may_tell_birthday
from bot.answering.quoting.question_words import Wanted
from bot.answering.quoting.sentences import asks_something
from bot.answering.quoting.wanted import Asked
from memory import Passage

SHORT_TEXT = 160
"""Characters of a text that is about one thing, so that each of its sentences is."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may name what is asked for, and the passage that it is from.

    `authors` are everybody who speaks in what was recalled; `zone` is the asker's.
    """

    sentence: str
    passage: Passage
    authors: Sequence[str]
    zone: tzinfo | None


def names_wanted(text: str, asked: Asked) -> bool:
    """Say whether a text names something of the kind that is asked for; False where any words may be."""
    names = _NAMES.get(asked.wanted)
    return names is not None and names(text, asked)


def find_wanted(candidate: Candidate, asked: Asked) -> str | None:
    """Return the date, person, place or number that a sentence names for what is asked."""
    find = _FIND.get(asked.wanted)
    return None if find is None else find(candidate, asked)


def _names_contact(text: str, asked: Asked) -> bool:
    return contacts.names_contact(text, asked.wanted)


_NAMES: Mapping[Wanted, Callable[[str, Asked], bool]] = {
    "email": _names_contact,
    "phone": _names_contact,
    "link": _names_contact,
    "amount": lambda text, _asked: amounts.names_money(text),
    "count": amounts.names_count,
    "duration": lambda text, _asked: amounts.names_duration(text),
    "clock": lambda text, _asked: amounts.clock_of(text) is not None,
    "date": lambda text, _asked: dates.names_a_time(text),
}


def _find_date(candidate: Candidate, asked: Asked) -> str | None:
    if asks_birthday(asked) and is_wish(candidate.sentence):
        birthday = birthday_told(candidate.sentence, candidate.passage, candidate.authors, candidate.zone, asked)
        return dates.in_language(birthday, asked.language) if birthday else None
    if asks_birthday(asked):
        if born := birth_told(candidate.sentence, candidate.passage, candidate.zone, asked):
            return dates.in_language(dates.day_of(born), asked.language)
        if not may_tell_birthday(candidate.passage, asked):
            return None
    when = dates.when_of(candidate.sentence, candidate.passage.said_at, candidate.zone, asked)
    if when and not dates.is_in_month_asked(when, asked.text):
        return None
    repeats = dates.repeats_day(candidate.sentence, asked.text, candidate.passage.said_at)
    day = dates.in_language(when, asked.language) if when and not repeats else ""
    clock = None if dates.looks_back(asked) and not repeats else amounts.clock_of(candidate.sentence)
    return ", ".join(filter(None, (day, clock))) or None


def _find_person(candidate: Candidate, asked: Asked) -> str | None:
    if asks_something(candidate.sentence):  # who asks who did it is not who did it
        return None
    return persons.person_of(candidate.sentence, candidate.passage.author, candidate.authors, asked)


def _find_amount(candidate: Candidate, asked: Asked) -> str | None:
    said = candidate.passage
    beside = f"{said.author} {said.text if len(said.text) <= SHORT_TEXT else candidate.sentence}"
    return amounts.money_of(candidate.sentence, asked) if amounts.is_beside(beside, asked) else None


def _find_contact(candidate: Candidate, asked: Asked) -> str | None:
    return contacts.contact_of(candidate.sentence, asked.wanted)


_FIND: Mapping[Wanted, Callable[[Candidate, Asked], str | None]] = {
    "date": _find_date,
    "clock": lambda candidate, _asked: amounts.clock_of(candidate.sentence),
    "person": _find_person,
    "place": lambda candidate, asked: places.place_of(candidate.sentence, asked),
    "count": lambda candidate, asked: amounts.count_of(candidate.sentence, asked),
    "amount": _find_amount,
    "duration": lambda candidate, asked: amounts.duration_of(candidate.sentence, asked),
    "email": _find_contact,
    "phone": _find_contact,
    "link": _find_contact,
}
