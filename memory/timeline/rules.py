"""The grammar of named times: patterns over token classes (see `memory.timeline.token_classes`), and what reads each.

A rule's match names the tokens it uses by groups; the group "named" (or the whole match) is what names the time.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from memory.timeline import digit_dates, meanings
from memory.timeline.meanings import Match, Meaning
from memory.timeline.token_classes import compile_pattern

Rule = tuple[re.Pattern[str], Callable[[Match], Meaning | None]]


def _rule(pattern: str, meaning: Callable[[Match], Meaning | None]) -> Rule:
    return compile_pattern(pattern), meaning


_CLAUSE_ENDS = "(?=[COMMA STOP DASH TO IN ON YEAR]|$)"
"""What follows a name of a month where it is one: "before May, ..." but not "before May left"."""

_WEEKDAY = "(?:(?P<weekday>[WEEKDAY SHORT_WEEKDAY]) COMMA? ARTICLE?)?"
_ON_DAY = "[ON FROM SINCE BEFORE UNTIL AFTER BEFORE_OR_AGO BETWEEN]"

RULES: tuple[Rule, ...] = (
    _rule(f"{_WEEKDAY} (?P<digits>DATE)", digit_dates.read_digits),
    _rule(
        f"{_WEEKDAY} (?P<digits>[DOTTED_DAY SLASHED_DAY]) [DASH TO UNTIL]{{1,2}} ARTICLE?"
        " (?P<last>[DOTTED_DAY SLASHED_DAY])",
        digit_dates.read_range,
    ),
    _rule(f"{_WEEKDAY} (?P<digits>NUMBER) STOP? [DASH TO] ARTICLE? (?P<last>DOTTED_DAY)", digit_dates.read_range),
    _rule(
        f"{_ON_DAY} ARTICLE{{0,2}} (?P<named>(?P<digits>[DOTTED_DAY SLASHED_DAY]))(?!OF)",
        digit_dates.read_day_and_month,
    ),
    _rule(
        "(?P<weekday>[WEEKDAY SHORT_WEEKDAY]) COMMA? ARTICLE? (?P<digits>[DOTTED_DAY SLASHED_DAY])",
        digit_dates.read_day_and_month,
    ),
    _rule("(?P<digits>SLASHED_DAY)", digit_dates.read_padded_day),
    _rule(
        "(?:WEEKDAY COMMA? ARTICLE?)? (?P<day>NUMBER) STOP?(?:(?:[DASH TO] ARTICLE?) (?P<last_day>NUMBER) STOP?)?"
        " [ARTICLE OF]{0,2} (?P<month>ANY_MONTH) (?:[COMMA OF]{0,2} (?P<year>YEAR))?",
        meanings.read_date,
    ),
    _rule(
        "(?:WEEKDAY COMMA? ARTICLE?)? (?P<month>ANY_MONTH) ARTICLE? (?P<day>NUMBER) (?:[DASH TO] ARTICLE?"
        " (?P<last_day>NUMBER))?(?:COMMA? (?P<year>YEAR))?",
        meanings.read_date,
    ),
    _rule(
        "(?P<day>NUMBER) STOP? [ARTICLE OF]{0,2} (?P<month>ANY_MONTH) COMMA? (?P<year>NUMBER)(?=[COMMA STOP DASH]|$)",
        meanings.read_date_of_short_year,
    ),
    _rule("(?P<named>ANNUAL) [COMMA OF ARTICLE IN]{0,2} (?P<year>YEAR)", meanings.read_part_of_year),
    _rule(
        "(?P<part>ANNUAL) [COMMA OF IN ARTICLE]{0,3} (?P<which>STEP) (?P<unit>UNIT)", meanings.read_part_of_stepped_year
    ),
    _rule(
        "(?P<which>STEP) (?P<unit>UNIT) COMMA? [IN ON]? ARTICLE? (?P<part>ANNUAL)", meanings.read_part_of_stepped_year
    ),
    _rule("(?<!PRONOUN) (?P<which>[LAST THIS NEXT PAST]) (?P<part>ANNUAL)", meanings.read_stepped_part_of_year),
    _rule(
        "(?:PREPOSITION|(?<=[MONTH SEASON FEAST YEAR]) [TO DASH]) ARTICLE{0,2} (?P<named>[MONTH SEASON FEAST])",
        meanings.read_bare_part_of_year,
    ),
    _rule(
        "(?:IN|(?<=ANY_MONTH) TO|FROM(?=MAYBE_MONTH [TO DASH] ARTICLE? ANY_MONTH)) ARTICLE?"
        " (?P<named>MAYBE_MONTH)(?!APOSTROPHE_S)",
        meanings.read_bare_part_of_year,
    ),
    _rule(
        f"[SINCE BEFORE UNTIL AFTER BEFORE_OR_AGO BETWEEN OF] (?P<named>MAYBE_MONTH) {_CLAUSE_ENDS}",
        meanings.read_bare_part_of_year,
    ),
    _rule(
        "(?P<day>WEEKDAY) COMMA? [ON IN OF ARTICLE]{0,3} (?P<which>STEP) (?P<unit>UNIT)", meanings.read_weekday_of_week
    ),
    _rule("(?P<which>STEP) (?P<unit>UNIT) COMMA? [ON IN]? ARTICLE? (?P<day>WEEKDAY)", meanings.read_weekday_of_week),
    _rule("(?<!EVERY)(?<!PRONOUN) (?P<which>STEP) (?P<day>[WEEKDAY SHORT_WEEKDAY])", meanings.read_weekday),
    _rule("ON (?P<named>(?P<day>SHORT_WEEKDAY))", meanings.read_weekday),
    _rule("(?<!EVERY) (?P<day>WEEKDAY)", meanings.read_weekday),
    _rule("(?P<which>[LAST THIS NEXT PAST]) WEEKEND", meanings.read_weekend),
    _rule("[IN ON ARTICLE OF AFTER] ARTICLE? (?P<named>WEEKEND)", meanings.read_weekend),
    _rule("(?P<which>STEP) (?P<unit>UNIT)(?!OF)", meanings.read_stepped_unit),
    _rule("(?P<unit>[UNIT WEEKEND PART_OF_DAY]) BEFORE LAST", meanings.read_before_last),
    _rule("(?P<day>WEEKDAY) BEFORE LAST", meanings.read_weekday_before_last),
    _rule("(?P<count>[ONE NUMBER_WORD NUMBER]) WEEKEND AGO", meanings.read_weekends_ago),
    _rule("(?P<named>RELATIVE_DAY)", meanings.read_relative_day),
    _rule("(?P<named>RELATIVE_PART)", meanings.read_relative_part),
    _rule("(?P<count>COUNT) OF? (?P<unit>UNIT) AGO", meanings.read_ago),
    _rule("BEFORE_OR_AGO (?P<count>COUNT) OF? (?P<unit>UNIT) AGO?", meanings.read_ago),
    _rule("(?P<count>COUNT) OF? (?P<unit>UNIT) FROM_NOW", meanings.read_from_now),
    _rule(
        "(?P<which>[LAST PAST NEXT]) (?P<count>[NUMBER_WORD NUMBER FEW]) (?P<unit>UNIT)(?!OF)", meanings.read_rolling
    ),
    _rule("(?P<count>[NUMBER_WORD NUMBER]) (?P<which>[LAST NEXT]) (?P<unit>UNIT)", meanings.read_rolling),
    _rule("(?P<which>PAST) (?P<unit>UNIT)(?!OF)", meanings.read_rolling),
    _rule("(?:PREPOSITION UNIT?|(?<=YEAR) [TO DASH]) (?P<named>YEAR)(?!UNIT)", meanings.read_year),
)

DAY_FIRST: tuple[Rule, ...] = (
    _rule(f"{_WEEKDAY} (?P<digits>DOTTED_DAY)", digit_dates.read_day_and_month),
    _rule("ARTICLE (?P<named>(?P<digits>SLASHED_DAY))(?!OF)", digit_dates.read_day_and_month),
)
"""Further rules for languages that write a day before its month, and no decimals with a point."""

ADJECTIVES_FOLLOW: tuple[Rule, ...] = (
    _rule("(?P<part>ANNUAL) (?P<which>[LAST NEXT])", meanings.read_stepped_part_of_year),
    _rule(
        "(?P<part>ANNUAL) [OF IN ARTICLE]{0,3} (?P<unit>UNIT) (?P<which>[LAST NEXT])",
        meanings.read_part_of_stepped_year,
    ),
    _rule("(?P<day>WEEKDAY) [OF IN ARTICLE]{0,3} (?P<unit>UNIT) (?P<which>[LAST NEXT])", meanings.read_weekday_of_week),
    _rule("(?P<day>WEEKDAY) (?P<which>[LAST NEXT])", meanings.read_weekday),
    _rule("WEEKEND (?P<which>[LAST NEXT])", meanings.read_weekend),
    _rule("(?P<unit>UNIT) (?P<which>[LAST NEXT])", meanings.read_stepped_unit),
    _rule("(?P<count>[NUMBER_WORD NUMBER]) (?P<unit>UNIT) (?P<which>[LAST NEXT])", meanings.read_rolling),
)
"""Further rules for languages in which "last" stands behind its noun."""
