"""What may stand of what a model wrote: the answer, cleaned, with the memories that carry it, or why it may not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.checks.asked_person import is_told_of_others, told_of
from bot.answering.checks.claims import made_up
from bot.answering.checks.cleaning import abstains, answer_in, is_long
from bot.answering.checks.contradictions import find_rival
from bot.answering.checks.doubts import find_doubt, is_yes
from bot.answering.checks.support import find_support, told_in
from bot.answering.conclusions import asks_to_conclude, conclusion_of
from bot.answering.prompting.evidence import Evidence
from bot.answering.quoting.wanted import Asked
from memory import Recollection
from memory.patterns import compile_on_use
from memory.search.segment import words

_TIMES = frozenset({"date", "clock"})
_CLEARLY_OF_THEM = 0.5
"""From here what was recalled tells clearly of the person asked about, and a model that says "nothing" overlooks it."""
_LIST_BREAK = compile_on_use(r"\s{0,9}[,;]\s{1,9}")
_BECAUSE = compile_on_use(
    r"(?<=\S\s)(?:because|weil|porque|parce que|perché|omdat|потому что)\s{1,9}(?:of\s{1,9})?"
    r"(\S{1,80}\s{1,9}\S.{0,600})$",
    re.IGNORECASE,
)
"""What stands behind "because"; before it a model says the question once more."""
_NAME = compile_on_use(r"(?<=\w\s)[A-ZÀ-ÖØ-ÞА-ЯЁ]\w+")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may stand of an answer. `answer` is "" where nothing may.

    `abstains` says that the memories hold no answer, `doubt` why the model's can't be trusted, for the log.
    """

    answer: str
    evidence: tuple[Evidence, ...] = ()
    abstains: bool = False
    doubt: str | None = None
    rival: Evidence | None = None
    """A memory that answers the same question in another way."""


def check_answer(
    text: str, asked: Asked, evidence: Sequence[Evidence], recollections: Sequence[Recollection] = ()
) -> Verdict:
    """Hold what a model wrote against the memories that it saw, and the person asked about against all recalled."""
    answer = answer_in(text, asked.text)
    if not answer or abstains(answer):
        return _leave_unanswered(answer, asked, recollections)
    if asked.wanted == "reason" and not is_long(answer) and (reason := _BECAUSE.search(answer)):
        answer = reason[1]
    answer = _keep_told(answer, asked, evidence)
    support = find_support(answer, asked, evidence)
    if untold := _find_untold(answer, asked, evidence, recollections):
        return Verdict("", support.evidence, abstains=True, doubt=untold)
    if is_long(answer):
        return Verdict(answer, told_in(answer, evidence))
    if doubt := find_doubt(answer, asked, support, evidence):
        return Verdict("", support.evidence, doubt=doubt)
    return Verdict(answer, support.evidence, rival=find_rival(answer, asked, support, evidence))


def _leave_unanswered(answer: str, asked: Asked, recollections: Sequence[Recollection]) -> Verdict:
    """Return what comes of no answer, or of one that says that there is none, which may have overlooked something."""
    if not answer:
        return Verdict("", doubt="nothing was answered")
    told = told_of(asked, recollections)
    return Verdict("", abstains=told is None or told < _CLEARLY_OF_THEM)


def _find_untold(
    answer: str, asked: Asked, evidence: Sequence[Evidence], recollections: Sequence[Recollection]
) -> str | None:
    """Return why the memories can't hold what was asked for, whatever a model answers; None where they may."""
    if not asks_to_conclude(asked.text) and is_told_of_others(asked, recollections):
        return "it is told of somebody else"
    if not is_long(answer) and is_yes(answer) and _names_untold(asked, evidence):
        return "no memory tells of the names in the question"
    return None


def _keep_told(answer: str, asked: Asked, evidence: Sequence[Evidence]) -> str:
    """Return an answer without what only decorates it and is made up: a conclusion's reason, some items of a list.

    Where nothing would be left the answer is returned as it is, to be refused as a whole.
    """
    if is_long(answer) or asked.wanted in _TIMES or not made_up(answer, asked, evidence):
        return answer
    if asks_to_conclude(asked.text):
        return conclusion_of(answer)
    # The first word may have a capital because it is the first; here each is one of several.
    told = [part for part in _LIST_BREAK.split(answer) if not made_up(f"and {part}", asked, evidence)]
    return ", ".join(told) or answer


def _names_untold(asked: Asked, evidence: Sequence[Evidence]) -> bool:
    """Say whether no memory holds a name of the question: "yes" to "did we go to Naples?" needs Naples.

    Those who wrote the memories do not count, for their names are everywhere.
    """
    writers = {part for each in evidence for part in words(each.passage.author)}
    names = [name for name in _NAME.findall(asked.text) if not writers.intersection(words(name))]
    said = set(words(" ".join(each.line for each in evidence)))
    return bool(names) and not any(said.intersection(words(name)) for name in names)
