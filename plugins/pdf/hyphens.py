"""Words that a line's end has cut: most are one, but "well-known" keeps its hyphen, and "Haus- und Hof" its space."""

from __future__ import annotations

import re
from collections.abc import Collection

_LEFT = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)-\Z")
_RIGHT = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_AND_WORDS = "und oder bis sowie bzw and or to en of et ou y o e och og eller"
_AND = frozenset(_AND_WORDS.split())
"""Behind the first of two compounds, whose second half is said once: "pre- and postwar"."""
_COMPOUNDING_WORDS = (
    "half cross mid post pre semi vice single double triple multi open closed hard soft fast slow deep left right top "
    "high low long short full large small old new bottom state decision user real time year day world hand cost data "
    "machine computer rule risk"
)
_ALWAYS_WORDS = "well self non quasi ill two three four five six seven eight nine ten first second third"
_ALWAYS = frozenset(_ALWAYS_WORDS.split())
_COMPOUNDING = frozenset(_COMPOUNDING_WORDS.split()) | _ALWAYS
_HEAD_WORDS = (
    "known based related free wide specific level term time made aware driven oriented friendly quality speed range "
    "scale sized standing lasting looking sounding being defined established written paid placed performing dependent "
    "independent like grade class hand sided ended size depth length art in law date end source risk income cost value "
    "volume impact profile resolution frequency energy pressure temperature century bit byte way language user purpose "
    "state order party person year day week month hour minute line page world founded"
)
_HEADS = frozenset(_HEAD_WORDS.split())
_JOINING_WORDS = "of the in on to and a at by for out up off down over one two ten year day week"
_JOINING = frozenset(_JOINING_WORDS.split())
_LONGEST_CUT = 4
"""Letters before a hyphen that are hardly a word of their own."""
_NOT_ALONE = re.compile(
    r"(?:ing|ings|er|ers|est|ed|ly|ness|age|ages|ish|less|en|ens|ward|wards|some|hood|ship|ful|fully|come|fare|spring|"
    r"lights?|lighted|ways?|lands?|self|selves|tions?|ments?|able|ible|al|ant|ent|ity|ic|ism|ist)\Z"
)
"""Ends of words rather than words, or halves of what is written as one word."""


def join_hyphenated(text: str, said: str, known: Collection[str] = ()) -> str:
    """Join a text that ends with a hyphen to what goes on in the next line; `known` are words that stand whole nearby.

    What goes on with a capital or a digit ("X-Ray", "Covid-19") has its hyphen for good.
    """
    left, right = _LEFT.search(text.replace("\u2010", "-")), _RIGHT.match(said)
    if left is None or right is None or not said[0].islower():
        return text + said
    first, second = left[1].casefold(), right[0].casefold()
    if f"{first}{second}" in known:
        return text[:-1] + said
    if second in _AND:
        return f"{text} {said}"
    if _cut_again(first):
        return text[:-1] + said
    keeps = f"{first}-{second}" in known or "-" in first or _is_compound(first, second)
    return text + said if keeps else text[:-1] + said


def _cut_again(first: str) -> bool:
    """Whether a compound was cut within its second word: "self-em-" goes on in "ployed", not in a third word."""
    of_compound, _, last = first.rpartition("-")
    return of_compound in _ALWAYS and last not in _JOINING and last not in _HEADS and len(last) <= _LONGEST_CUT


def _is_compound(first: str, second: str) -> bool:
    if first not in _COMPOUNDING or _NOT_ALONE.match(second):
        return False
    head = second.partition("-")[0]
    return first in _ALWAYS or head in _HEADS or "-" in second
