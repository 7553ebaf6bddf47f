"""Since when something lasts: "I've been playing for four months" of 6 December began in August."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache

from memory.timeline.calendar import MONTHS
from memory.timeline.token_classes import TokenClass
from memory.timeline.words import fold, languages

_LEADS = {
    "en": (
        r"(?:\bbeen|\bhave|\bhas|['’]ve|['’]s)\b[^.!?\n]{0,80}?"
        r"\bfor(?: about| around| almost| nearly| over| more than)?"
    ),
    "de": r"\bseit(?: etwa| ungefahr| fast| uber| ca\.?)?",
    "es": r"\b(?:desde hace|llev\w{1,6})(?: unos| unas| casi| mas de)?",
    "fr": r"\bdepuis(?: environ| presque| plus de)?",
    "it": r"\bda(?: circa| quasi| piu di)?",
    "pt": r"\b(?:desde ha|faz)(?: cerca de| quase| mais de)?",
    "nl": r"\b(?:al|sinds)(?: ongeveer| bijna| ruim| meer dan)?",
}
"""What leads from now back to the beginning, without accents.

In English only with "have" or "been": what took two weeks may be over.
"""


def since_when(text: str, said_at: datetime) -> tuple[str, str] | None:
    """Return the words that say how long something has lasted by then, and when it began: "August 2023", "2019".

    As exactly as the words are: of months the month is known, of years the year. None where a text says no such thing.
    """
    plain = "".join(folded if len(folded := fold(each)) == 1 else each for each in text)
    for language in _LEADS:
        match = _pattern(language).search(plain)
        if match is None:
            continue
        numbers, units = _vocabulary(language)
        count = int(match["count"]) if match["count"].isdecimal() else numbers[match["count"]]
        began = _go_back(said_at, count, units[match["unit"]])
        if began is not None:
            return text[match.start("named") : match.end("named")], began
    return None


def _go_back(moment: datetime, count: int, unit: str) -> str | None:
    """Return the name of the time so many units before a moment; None where that is before the year 1."""
    months = {"month": count, "year": 12 * count}.get(unit)
    if months is not None:
        year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
        named = f"{MONTHS[month]} {year}" if unit == "month" else str(year)
        return named if year > 0 else None
    days = {"day": count, "week": 7 * count}.get(unit)
    if days is None or days >= moment.toordinal():
        return None
    began = moment - timedelta(days=days)
    about = "around " if unit == "week" else ""
    return f"{about}{began.day} {MONTHS[began.month - 1]} {began.year}"


@cache
def _pattern(language: str) -> re.Pattern[str]:
    numbers, units = _vocabulary(language)
    count = "|".join(sorted(map(re.escape, numbers), key=len, reverse=True))
    unit = "|".join(sorted(map(re.escape, units), key=len, reverse=True))
    named = rf"(?P<named>(?P<count>\d{{1,3}}|{count})\s(?P<unit>{unit}))"
    return re.compile(rf"{_LEADS[language]}\s{named}(?!\w|\s(?:ago|before))")


@cache
def _vocabulary(name: str) -> tuple[dict[str, int], dict[str, str]]:
    """Return a language's words for numbers, and those for units, each with what it stands for."""
    language = next(each for each in languages() if each.name == name)
    phrases = [phrase for each in language.phrases.values() for phrase in each]
    numbers = {" ".join(words): value for words, kind, value in phrases if kind == TokenClass.NUMBER_WORD}
    units = {" ".join(words): value for words, kind, value in phrases if kind == TokenClass.UNIT}
    return (
        {word: value for word, value in numbers.items() if isinstance(value, int)},
        {word: value for word, value in units.items() if isinstance(value, str)},
    )
