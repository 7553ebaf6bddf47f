"""The classes of tokens, and patterns over them that are written with their names.

A class is one letter, so that a text becomes a string over which ordinary regular expressions search: `compile_pattern`
turns names into the letters.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache

from memory.patterns import compile_on_use


class TokenClass(StrEnum):
    """What a word or a sign can be in the name of a time."""

    DATE = "A"  # a date in digits: 2024-05-03
    DOTTED_DAY = "e"  # a day and a month with dots: 3.5.
    SLASHED_DAY = "q"  # with a stroke between them, which may be a share: 3/5
    YEAR = "Y"
    NUMBER = "N"  # a number in digits that may be that of a day
    MONTH = "M"
    MAYBE_MONTH = "m"  # a month that is also a word or a name: may, March
    WEEKDAY = "W"
    SHORT_WEEKDAY = "w"  # a weekday cut short, which may be a word: sun, wed
    SEASON = "S"
    FEAST = "H"
    RELATIVE_DAY = "D"  # yesterday, tomorrow
    RELATIVE_PART = "Z"  # tonight, last night
    PART_OF_DAY = "P"
    WEEKEND = "K"
    UNIT = "U"  # minute, hour, day, week, month, year
    LAST = "L"
    PAST = "l"  # the past week, which ends now
    THIS = "T"
    NEXT = "X"
    AGO = "G"  # behind what it measures
    BEFORE_OR_AGO = "V"  # in front of it: "vor drei Tagen", "vor Mai"
    FROM_NOW = "R"
    NUMBER_WORD = "n"
    ONE = "O"  # "a", "an" as a number
    FEW = "F"
    IN = "i"
    ON = "I"  # on, at, over
    ARTICLE = "c"
    OF = "o"
    BETWEEN = "B"
    FROM = "r"
    TO = "t"  # to, and
    SINCE = "s"
    AFTER = "a"
    BEFORE = "b"
    UNTIL = "u"
    EVERY = "E"
    PRONOUN = "j"
    HOW_MANY = "h"
    HOW_LONG = "k"
    WILL = "f"  # a word of a sentence about the future
    WAS = "p"  # a word of a sentence about the past
    APOSTROPHE_S = "z"
    COMMA = ","
    DASH = "-"
    STOP = "."  # the end of a sentence
    OTHER = "x"


_SETS = {
    "ANY_MONTH": "[MONTH MAYBE_MONTH]",
    "ANNUAL": "[MONTH MAYBE_MONTH SEASON FEAST]",
    "STEP": "[LAST THIS NEXT]",
    "COUNT": "[ONE NUMBER_WORD NUMBER FEW]",
    "PREPOSITION": "[IN ON FROM SINCE BEFORE UNTIL AFTER BEFORE_OR_AGO BETWEEN OF]",
}
"""Names for any one of several classes."""

_NAME = compile_on_use(r"[A-Z][A-Z_]+")


@cache
def compile_pattern(written: str) -> re.Pattern[str]:
    """Return the pattern over classes that is written with their names, as in "(?P<day>WEEKDAY) BEFORE? [LAST NEXT]".

    Blanks only set apart. Everything else is as in a regular expression. Raises KeyError for an unknown name.
    """
    classes = _NAME.sub(lambda name: _SETS.get(name[0], name[0]), written)
    letters = _NAME.sub(lambda name: re.escape(TokenClass[name[0]]), classes)
    return compile_on_use("".join(letters.split()))
