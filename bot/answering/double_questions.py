"""Two questions in one message, "when did we book the hotel and who paid?": told apart, and answered one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from bot.answering.quoting.question_words import QUESTION_WORDS
from bot.answering.quoting.wanted import asks_first, read_question
from bot.answering.records import Answer, Timings
from memory.patterns import compile_on_use

_AND = {
    "en": "and", "de": "und", "es": "y", "fr": "et", "it": "e", "pt": "e", "nl": "en", "sv": "och", "pl": "i",
    "ru": "и", "uk": "і", "tr": "ve", "fi": "ja",
}  # fmt: skip
"""What joins two questions, by language."""
_RELATIVE = frozenset({"che", "que"})
"""Question words that stand far more often for "that"."""
_LONGEST = 300
"""Characters of a message that may be two questions."""
_NUMBER = compile_on_use(r"\[(\d{1,3})\]")


class DoubleQuestion(NamedTuple):
    """The two questions of a message; the second may lean on the first: "and who paid?"."""

    first: str
    second: str


def split_question(text: str) -> DoubleQuestion | None:
    """Return the two questions that a message asks; None where it asks one, be it with two words: "when and where?"."""
    plain = " ".join(text.split())
    if len(plain) > _LONGEST or not asks_first(plain):
        return None
    language = read_question(plain).language
    match = _joined(language).fullmatch(plain) if language in _AND else None
    if match is None or not read_question(match["first"]).stems or _is_relative(match["word"], match["first"]):
        return None
    return DoubleQuestion(f"{match['first']}?", f"{match['and']} {match['second']}")


def _is_relative(word: str, first: str) -> bool:
    """Say whether a question word goes on with one clause: "the man who came and who paid", or "when and where"."""
    said = first.casefold().split()
    word = word.casefold()
    return word in _RELATIVE or word in said[1:] or asks_first(said[-1])


@cache
def _joined(language: str) -> re.Pattern[str]:
    """Return the pattern of two questions of a language: the second begins with a question word, right behind "and"."""
    lines = (line.partition(": ")[2] for line in QUESTION_WORDS[language].strip().splitlines())
    asking = sorted({phrase for line in lines for phrase in line.split("|")}, key=len, reverse=True)
    words = "|".join(map(re.escape, asking))
    return re.compile(
        rf"(?P<first>.{{5,200}}?)[,?]?\s(?P<and>{_AND[language]})\s(?P<second>(?P<word>{words})(?!\w).{{0,200}})",
        re.IGNORECASE,
    )


def join_answers(question: str, first: Answer, second: Answer) -> Answer:
    """Return the answers to both questions of a message as one, their sources numbered on.

    Where nothing is known of either, that is said once.
    """
    if first.abstained and second.text == first.text:
        second = replace(second, text="")
    count = len(first.sources)
    return replace(
        first,
        question=question,
        text=f"{first.text}\n\n{number_on(second.text, count)}".rstrip(),
        short="; ".join(filter(None, (first.short, second.short))),
        abstained=first.abstained and second.abstained,
        model=first.model if not first.by_rules and not first.abstained else second.model,
        sources=(*first.sources, *(replace(each, n=each.n + count) for each in second.sources)),
        recollections=tuple({each.passage.id: each for each in (*first.recollections, *second.recollections)}.values()),
        drawn_from=_together(first.drawn_from, second.drawn_from),
        cited=_together(first.cited, second.cited),
        problem=first.problem or second.problem,
        by_rules=first.by_rules and second.by_rules,
        timings=_add(first.timings, second.timings),
    )


def number_on(text: str, count: int) -> str:
    """Return a text whose numbers of sources go on behind the `count` of the text before it."""
    return _NUMBER.sub(lambda match: f"[{int(match[1]) + count}]", text)


def _together(first: Sequence[int], second: Sequence[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys([*first, *second]))


def _add(first: Timings, second: Timings) -> Timings:
    """Return the times of both; the second was asked when the first was answered."""
    begun = first.first_token_ms if first.first_token_ms is not None else second.first_token_ms
    return Timings(
        first.recall_ms + second.recall_ms, begun, first.total_ms + second.total_ms, second.speed or first.speed
    )
