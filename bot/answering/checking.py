"""What may stand of what a model wrote: the answer, cleaned, with the memories that carry it, or why it may not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answering.checks.asked_person import is_told_of_others, told_of
from bot.answering.checks.claims import is_foreign, made_up
from bot.answering.checks.cleaning import abstains, answer_in, is_long
from bot.answering.checks.contradictions import find_rival
from bot.answering.checks.doers import are_doers
from bot.answering.checks.support import Support, find_support, stems_of, told_in
from bot.answering.conclusions import asks_to_conclude, conclusion_of
from bot.answering.prompting.evidence import Evidence
from bot.answering.quoting.amounts import leaves_out
from bot.answering.quoting.dates import looks_back
from bot.answering.quoting.wanted import Asked, stem
from memory import Recollection
from memory.search.segment import words

_FOLLOWS = frozenset({"truth", "count", "duration", "amount"})
"""What is asked for here is said in words of the answer's own: yes, three, two weeks."""
_TIMES = frozenset({"date", "clock"})
"""What every memory has, so that a model may take it from the wrong one."""
_NO_PERSONS = frozenset({"reason", "manner", *_TIMES, "amount", "count", "duration", "place"})
"""What is asked for here is nobody's name."""
_CLEARLY_OF_THEM = 0.5
"""From here what was recalled tells clearly of the person asked about, and a model that says "nothing" overlooks it."""
_YES = re.compile(r"^\W*(?:yes|yeah|ja|sí|si|oui|sì|sim|да|はい|是|네)\b", re.IGNORECASE)
_OFFERS = re.compile(r"\b(?:or|oder|ou|o|of|eller|или|lub|czy)\b", re.IGNORECASE)
_LIST_BREAK = re.compile(r"\s{0,9}[,;]\s{1,9}")
_NAME = re.compile(r"(?<=\w\s)[A-ZÀ-ÖØ-ÞА-ЯЁ]\w+")


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
    if not answer:
        return Verdict("", doubt="nothing was answered")
    if abstains(answer):
        told = told_of(asked, recollections)
        return Verdict("", abstains=told is None or told < _CLEARLY_OF_THEM)
    answer = _keep_told(answer, asked, evidence)
    support = find_support(answer, asked, evidence)
    if not asks_to_conclude(asked.text) and is_told_of_others(asked, recollections):
        return Verdict("", support.evidence, abstains=True, doubt="it is told of somebody else")
    if is_long(answer):
        return Verdict(answer, told_in(answer, evidence))
    if doubt := _doubt(answer, asked, support, evidence):
        return Verdict("", support.evidence, doubt=doubt)
    if _YES.match(answer) and _names_untold(asked, evidence):
        return Verdict("", support.evidence, abstains=True, doubt="no memory tells of the names in the question")
    return Verdict(answer, support.evidence, rival=find_rival(answer, asked, support, evidence))


def _doubt(answer: str, asked: Asked, support: Support, evidence: Sequence[Evidence]) -> str | None:
    """Return why a short answer can't be trusted; None where it can."""
    if is_foreign(answer, asked, evidence):
        return "the answer is in another script"
    if missing := made_up(answer, asked, evidence):
        return f"no memory holds {len(missing)} of the answer's numbers and names"
    if _is_of_another(answer, asked, support, evidence):
        return f"the {asked.wanted} is that of another memory"
    if _names_only_a_writer(answer, asked, evidence):
        return f"the answer names somebody where a {asked.wanted} is asked for"
    if _says_nothing_new(answer, asked):
        return "the answer only repeats the question"
    if not support.said and not _may_differ(asked):
        return "no memory says any of the answer's words"
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


def _is_of_another(answer: str, asked: Asked, support: Support, evidence: Sequence[Evidence]) -> bool:
    """Say whether a time, a person or a sum is that of another memory than the one that tells of what is asked."""
    if asked.wanted == "person":
        # Both somewhere, and in what is quoted beside it: a quote that names another would belie the answer.
        return not (are_doers(answer, asked, evidence) and are_doers(answer, asked, support.evidence))
    if asked.wanted == "amount":
        return any(leaves_out(each.passage.text, asked) for each in support.evidence)
    return asked.wanted in _TIMES and not (support.fits_best and _is_time_of(answer, asked, support.evidence))


def _is_time_of(answer: str, asked: Asked, evidence: Sequence[Evidence]) -> bool:
    """Say whether a time stands in what an answer rests on.

    In the words; or, of what is over by then, it is when that was said, if most of what is asked is said there. A plan
    is not for the day on which it was told.
    """
    if not made_up(answer, asked, [replace(each, head="") for each in evidence]):
        return True
    if asked.wanted == "date" and not looks_back(asked):
        return False
    telling = set(asked.stems) - _writers(evidence)
    held = max(len(telling & stems_of(each.told)) for each in evidence)
    return 2 * held > len(telling) and not made_up(answer, asked, evidence)


def _says_nothing_new(answer: str, asked: Asked) -> bool:
    """Say whether an answer holds only what the question does, which offers nothing to choose from."""
    return asked.wanted != "truth" and not _OFFERS.search(asked.text) and stems_of(answer) <= stems_of(asked.text)


def _names_only_a_writer(answer: str, asked: Asked, evidence: Sequence[Evidence]) -> bool:
    """Say whether an answer is nothing but the name of somebody who wrote, where no person is asked for."""
    if asked.wanted not in _NO_PERSONS:
        return False
    return stems_of(answer) <= _writers(evidence)


def _writers(evidence: Sequence[Evidence]) -> set[str]:
    """Return the stems of the names of those who wrote the memories."""
    return {stem(part) for each in evidence for part in words(each.passage.author)}


def _may_differ(asked: Asked) -> bool:
    """Say whether an answer may be in other words than its memories: a count, a conclusion, another language."""
    return asked.wanted in _FOLLOWS or asks_to_conclude(asked.text) or asked.language != "en"


def _names_untold(asked: Asked, evidence: Sequence[Evidence]) -> bool:
    """Say whether no memory holds a name of the question: "yes" to "did we go to Naples?" needs Naples.

    Those who wrote the memories do not count, for their names are everywhere.
    """
    writers = {part for each in evidence for part in words(each.passage.author)}
    names = [name for name in _NAME.findall(asked.text) if not writers.intersection(words(name))]
    said = set(words(" ".join(each.line for each in evidence)))
    return bool(names) and not any(said.intersection(words(name)) for name in names)
