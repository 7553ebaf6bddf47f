"""The numbers, dates and names in an answer, which must stand in its memories or follow from them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from bot.answering.prompting.evidence import Evidence
from bot.answering.quoting.amounts import count_sums
from bot.answering.quoting.wanted import Asked
from memory.patterns import compile_on_use
from memory.search.segment import words

_NUMBER = compile_on_use(r"\d+(?:[.,:]\d+)*")
_ORDINAL = compile_on_use(r"(?<!\d)\d{1,9}(?:st|nd|rd|th)\b")
_NAME = compile_on_use(r"(?<![\w.])[^\W\d_a-z]\w+")
_FOLLOWS = frozenset({"count", "duration", "amount", "truth"})
"""What is asked for here is counted or worked out, so that its number need not stand anywhere."""
_MOST_COMMAS, _TWO = 2, 2
_COUNTED, _FEW_DIGITS = 20, 2
"""What may be counted from memories, at most."""
_SHARE_OF_SCRIPT = 0.3


def made_up(answer: str, asked: Asked, evidence: Sequence[Evidence]) -> list[str]:
    """Return the numbers and names of an answer that neither the memories nor the question hold."""
    known = " ".join([*(each.line for each in evidence), asked.text])
    missing = []
    if asked.wanted not in _FOLLOWS:
        numbers = {_unify(each) for each in _NUMBER.findall(known)}
        missing += [each for each in _NUMBER.findall(answer) if _unify(each) not in numbers]
    said = set(words(known))
    opening = re.match(r"\W*\w+", answer)
    start = opening.end() if opening else 0
    names = [match[0] for match in _NAME.finditer(answer) if match.start() >= start and match[0][0].isupper()]
    return missing + [name for name in names if not said.intersection(words(name)) and not _begins(name, said)]


def missing_in(answer: str, asked: Asked, cited: Sequence[Evidence]) -> list[str]:
    """Return the numbers of an answer that none of the memories it rests on holds: a floor taken from another flat.

    Not of what is counted or worked out, nor of a list, which may rest on more memories than are cited. Nobody counts
    to more than the memories of a prompt are.
    """
    counts = asked.wanted == "count"
    if (asked.wanted in _FOLLOWS and not counts) or answer.count(",") > _MOST_COMMAS:
        return []
    known = " ".join([*(each.line for each in cited), asked.text])
    held = {*map(_unify, _NUMBER.findall(known)), *_ORDINAL.findall(known)}
    ordinals = [] if asked.wanted == "date" else _ORDINAL.findall(answer)  # "May 5th" is 5 May
    missing = [each for each in ordinals or _NUMBER.findall(answer) if _unify(each) not in held]
    return [each for each in missing if len(each) > _FEW_DIGITS or int(each) > _COUNTED] if counts else missing


def _unify(number: str) -> str:
    """Return a number with one sign between its figures: 10.45 is 10:45, and 1,000 is 1.000."""
    return re.sub("[.,:]", ".", number)


def is_made_up_sum(answer: str, evidence: Sequence[Evidence]) -> bool:
    """Say whether a sum of money stands in no memory, and can't be worked out from those that do."""
    held = " ".join(each.line for each in evidence)
    if set(_NUMBER.findall(answer)) <= set(_NUMBER.findall(held)):
        return False
    return count_sums(held) < _TWO


def is_foreign(answer: str, asked: Asked, evidence: Sequence[Evidence]) -> bool:
    """Say whether an answer is written in a script that is neither the question's nor the memories'."""
    letters = _scripts(answer)
    known = _scripts(" ".join([asked.text, *(each.line for each in evidence)]))
    strange = sum(count for script, count in letters.items() if script not in known)
    return strange > _SHARE_OF_SCRIPT * max(1, letters.total())


def _begins(name: str, said: set[str]) -> bool:
    """Say whether a name is said with another ending: "Lissabons", "Anna's"."""
    stem = name.casefold()[:5]
    return len(stem) > 3 and any(word.startswith(stem) for word in said)


def _scripts(text: str) -> Counter[str]:
    return Counter(unicodedata.name(each, "?").split()[0] for each in text if each.isalpha())
