"""Which times a text names: "yesterday", "last March", "since Easter", relative to when it was said.

Weeks run from Monday to Sunday, seasons are those of the northern hemisphere, and every span lies in the time zone of
the moment at which the text was said. English is read thoroughly; German, Spanish, French, Portuguese, Italian and
Dutch for days, weekdays, weeks, months, years and distances ("vor drei Tagen"); Chinese and Japanese for dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from memory.records import TimeWindow
from memory.timeline import cjk
from memory.timeline.calendar import TimeSpan
from memory.timeline.combined import FoundTime, combine
from memory.timeline.digit_dates import is_month_first
from memory.timeline.meanings import Match, Meaning
from memory.timeline.rules import ADJECTIVES_FOLLOW, DAY_FIRST, RULES, Rule
from memory.timeline.token_classes import TokenClass, compile_pattern
from memory.timeline.tokens import Token, likely_languages, read, tokens
from memory.timeline.words import TimeLanguage

_NAMES_A_TIME = compile_pattern(
    "[DATE DOTTED_DAY SLASHED_DAY YEAR MONTH MAYBE_MONTH WEEKDAY SHORT_WEEKDAY SEASON FEAST RELATIVE_DAY RELATIVE_PART"
    " WEEKEND UNIT NUMBER PART_OF_DAY AGO]"
)
_MEASURES = compile_pattern(
    "(?:HOW_LONG|HOW_MANY [^STOP]{0,2} UNIT) [^STOP]{0,60} [SINCE BEFORE AFTER BETWEEN FROM TO UNTIL BEFORE_OR_AGO]"
)
_MAX_QUESTION = 4000
"""Characters of a question that are looked at, as many as recall looks at."""


@dataclass(frozen=True, slots=True)
class _TimeReading:
    """A named time: where in the text it stands, what it means, and whether its sentence looks ahead or back."""

    start: int
    end: int
    meaning: Meaning
    tense: str = ""
    """ "f" for a sentence about the future, "p" about the past, "" if it does not say."""
    bounded: bool = False
    """Whether a "since", "before", "between" ... made it: in "how many days before" that is what is measured from."""

    def likely(self) -> tuple[TimeSpan, ...]:
        """Return the spans that it can mean, going by the tense."""
        spans = self.meaning.spans
        if not self.meaning.by_tense or not self.tense:
            return tuple(dict.fromkeys(spans))
        return spans[-1:] if self.tense == "f" else spans[:1]

    def likely_when_told(self, now: datetime) -> tuple[TimeSpan, ...]:
        """Return the same for what was told at `now`: a day that is nearly a year past and soon again stays open.

        A tense may be that of another clause: "6 June it is, you were right", told on 19 May.
        """
        spans = tuple(dict.fromkeys(self.meaning.spans))
        is_day = self.meaning.by_tense and len(spans) > 1 and spans[0].end - spans[0].start < _MONTH
        if is_day and now - spans[0].end > _LONG_AGO and spans[-1].start - now < _SOON:
            return spans if self.tense != "f" else spans[-1:]
        return self.likely()


_LONG_AGO, _SOON, _MONTH = timedelta(days=270), timedelta(days=75), timedelta(days=28)


def named_windows(text: str, said_at: datetime) -> list[TimeWindow]:
    """Return the times that a text names, in the order of the text, in the time zone of `said_at`.

    Where the words leave two readings open, both are returned, the earlier first: 03/05/2024 is a day in March and one
    in May; "on Friday" in a sentence without a tense is the last one and the next. Raises ValueError for a `said_at`
    without a time zone.
    """
    zone = _zone(said_at)
    found = [
        span.window(zone, text[each.start : each.end])
        for each in _readings(text, said_at)
        for span in each.likely_when_told(said_at.replace(tzinfo=None, fold=0))
    ]
    return [each for each in found if each is not None]


def question_window(question: str, now: datetime) -> TimeWindow | None:
    """Return the one span of time that a question is about, None if it names none.

    A bare month or weekday is the latest one that is over or running, unless the question looks ahead; then the window
    lies in the future, where nothing has been said yet. Times within each other ("on Friday, 3 May") give the
    narrower one, several apart ("in March or in May") and dates of two readings give a window that spans them all.
    What "how many days before ..." counts from is not a constraint. Raises ValueError for a `now` without a time zone.
    """
    zone = _zone(now)
    question = question[:_MAX_QUESTION]
    readings = list(_readings(question, now))
    if any(each.bounded for each in readings) and _measures(question):
        readings = [each for each in readings if not each.bounded]
    windows = [_one(each, question, now, zone) for each in readings]
    return _together([each for each in windows if each is not None], question, readings)


def relative_times(text: str, said_at: datetime) -> list[tuple[str, str]]:
    """Return the words of a text whose meaning hangs on when it was said, each with that meaning spelled out.

    For a citation or a language model: "I went there yesterday" of 3 May 2024 gives [("yesterday", "2 May 2024")].
    The meaning is in English; words that can mean two things are left out. Raises ValueError without a time zone.
    """
    zone = _zone(said_at)
    pairs = []
    for each in _readings(text, said_at):
        spans = each.likely_when_told(said_at.replace(tzinfo=None, fold=0))
        words = text[each.start : each.end]
        if each.meaning.relative and len(spans) == 1 and spans[0].window(zone, words) is not None:
            pairs.append((words, spans[0].label))
    return pairs


def _zone(moment: datetime) -> tzinfo:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; give one, or nobody can tell which day that was")
    return moment.tzinfo


def _measures(question: str) -> bool:
    found = tokens(question)
    return any(_MEASURES.search(_letters(read(found, language))) for language in likely_languages(found))


def _one(reading: _TimeReading, question: str, now: datetime, zone: tzinfo) -> TimeWindow | None:
    """Return what a reading is in a question: past if it does not say, spanning what stays open."""
    spans = replace(reading, tense="f" if reading.tense == "f" else "p").likely()
    local = now.replace(tzinfo=None)
    spans = tuple(each for each in spans if each.start <= local) or spans
    if not spans:
        return None
    whole = TimeSpan(min(each.start for each in spans), max(each.end for each in spans), "")
    return whole.window(zone, question[reading.start : reading.end])


def _together(windows: Sequence[TimeWindow], question: str, readings: Sequence[_TimeReading]) -> TimeWindow | None:
    if len(windows) < 2:
        return windows[0] if windows else None
    words = question[min(each.start for each in readings) : max(each.end for each in readings)]
    start, end = max(each.start for each in windows), min(each.end for each in windows)
    if start < end:
        return TimeWindow(start, end, words)
    return TimeWindow(min(each.start for each in windows), max(each.end for each in windows), words)


def _readings(text: str, said_at: datetime) -> list[_TimeReading]:
    """Return what is named, in the order of the text: the longest reading where several overlap."""
    now = said_at.replace(tzinfo=None, fold=0)
    found = [_TimeReading(start, end, meaning) for start, end, meaning in cjk.readings(text, now)]
    plain = tokens(text)
    month_first = is_month_first(text)
    for language in likely_languages(plain):
        known = read(plain, language)
        letters = _letters(known)
        if _NAMES_A_TIME.search(letters):
            order = False if month_first is None and language.name != "en" else month_first
            matches = _matches(known, letters, language, said_at, month_first=order)
            found += [_reading(known, letters, each) for each in combine(known, letters, matches, now)]
    return _longest(found)


def _letters(known: Sequence[Token]) -> str:
    return "".join(each.letter for each in known)


def _matches(
    known: Sequence[Token], letters: str, language: TimeLanguage, said_at: datetime, *, month_first: bool | None
) -> list[FoundTime]:
    """Return the times that the rules find, without overlaps, in the order of the text."""
    now = said_at.replace(tzinfo=None, fold=0)
    found: list[FoundTime] = []
    for pattern, meaning_of in _rules_of(language):
        for match in pattern.finditer(letters):
            groups = {name: known[match.start(name)] for name, letter in match.groupdict().items() if letter}
            try:
                meaning = meaning_of(Match(groups, now, said_at, month_first))
            except (ValueError, OverflowError, IndexError, StopIteration):
                continue  # no such day, or beyond the calendar's ends
            if meaning is not None and meaning.spans:
                named = "named" if "named" in groups and groups.keys() <= {"named", "digits"} else 0
                found.append(FoundTime(match.start(named), match.end(named), meaning))
    taken = bytearray(len(known))
    kept: list[FoundTime] = []
    for each in sorted(found, key=lambda it: (it.first - it.last, it.first)):
        if not any(taken[each.first : each.last]):
            taken[each.first : each.last] = b"\1" * (each.last - each.first)
            kept.append(each)
    return sorted(kept, key=lambda it: it.first)


def _rules_of(language: TimeLanguage) -> tuple[Rule, ...]:
    return (
        *RULES,
        *(DAY_FIRST if language.name != "en" else ()),
        *(ADJECTIVES_FOLLOW if language.adjectives_follow else ()),
    )


def _reading(known: Sequence[Token], letters: str, found: FoundTime) -> _TimeReading:
    start, end = known[found.first].start, known[found.last - 1].end
    return _TimeReading(start, end, found.meaning, _tense(letters, found.first, found.last), found.bounded)


_SENTENCE = 200
"""Tokens on each side in which a sentence's tense is looked for."""


def _tense(letters: str, at: int, last: int) -> str:
    start = max(letters.rfind(TokenClass.STOP, max(at - _SENTENCE, 0), at), at - _SENTENCE, 0)
    end = letters.find(TokenClass.STOP, last, at + _SENTENCE)
    sentence = letters[start : end if end >= 0 else at + _SENTENCE]
    ahead, back = TokenClass.WILL in sentence, TokenClass.WAS in sentence
    return "" if ahead == back else "f" if ahead else "p"


def _longest(found: list[_TimeReading]) -> list[_TimeReading]:
    """Return the readings without overlaps: the longest, and of equals the first found."""
    kept: list[_TimeReading] = []
    for each in sorted(found, key=lambda it: (it.start, it.start - it.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
        elif each.end - each.start > kept[-1].end - kept[-1].start:
            kept[-1] = each
    return kept
