"""An answer as people see it: the short answer, and below it the quotes that it rests on, with their numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.answering.checking import Verdict
from bot.answering.checks.cleaning import is_long
from bot.answering.checks.support import find_support
from bot.answering.citations import defuse, without_numbers
from bot.answering.conclusions import asks_to_conclude, conclusion_of
from bot.answering.nearest import find_nearest
from bot.answering.phrases import phrases_in
from bot.answering.prompting.evidence import Evidence
from bot.answering.quoting.shorten import shorten
from bot.answering.quoting.wanted import Asked
from bot.answering.short_answers import ShortAnswer, is_of_nobody_asked, short_answer
from bot.answering.small_talk import say_unknown
from memory import Recollection

_MOSTLY_SAID = 0.5
"""Share of the words about a tool's result that memories must say to be its sources."""


@dataclass(frozen=True, slots=True)
class Composed:
    """What is shown, what of it is the answer, and what was said that it rests on or comes near to it.

    `by_rules` says that nothing of it is the model's.
    """

    text: str
    short: str
    evidence: tuple[Recollection, ...]
    abstains: bool = False
    by_rules: bool = False


def compose(
    verdict: Verdict,
    asked: Asked,
    recollections: Sequence[Recollection],
    zone: tzinfo | None,
    found: ShortAnswer | None = None,
) -> Composed:
    """Return an answer that stands over its quotes; where none stands, what rules `found` instead."""
    if verdict.abstains:
        cited = tuple(each.recollection for each in verdict.evidence[:1])
        return compose_unknown(asked, (*cited, *recollections))
    if not verdict.answer:
        note = phrases_in(asked.language).unsure if verdict.doubt is not None else ""
        if found is not None and note and is_of_nobody_asked(asked, found, recollections):
            return compose_unknown(asked, ())
        return _quote_found(found, asked, note, zone)
    answer = defuse(verdict.answer)
    if verdict.rival is not None and not is_long(answer):
        return _both(verdict.rival, verdict.evidence[0], answer, asked, zone)
    return _show_with_quotes(answer, verdict.evidence, asked)


def _show_with_quotes(answer: str, evidence: Sequence[Evidence], asked: Asked) -> Composed:
    """Return an answer over what it rests on; a long one has the numbers of its sources instead."""
    cited = tuple(each.recollection for each in evidence)
    if is_long(answer):
        return Composed(_add_numbers(answer, len(cited)), answer, cited)
    quotes = quotes_of(cited, asked.text)
    if asks_to_conclude(asked.text):
        return Composed(_lines(answer, phrases_in(asked.language).concluded, quotes), conclusion_of(answer), cited)
    return Composed(_lines(answer, quotes), answer, cited)


def compose_unknown(asked: Asked, recollections: Sequence[Recollection]) -> Composed:
    """Return that nothing is known of what is asked, and what comes nearest to it, if anything comes near."""
    near = find_nearest(asked, recollections)
    nothing = say_unknown(asked.text)
    if near is None:
        return Composed(nothing, "", (), abstains=True)
    closest = phrases_in(asked.language).closest
    return Composed(_lines(nothing, closest, quotes_of((near,), asked.text)), "", (near,), abstains=True)


def told_of_calls(text: str, asked: Asked, evidence: Sequence[Evidence]) -> Composed:
    """Return what a model says of the tools that it called: as it stands, for it may well rest on no memory."""
    said = without_numbers(text)
    support = find_support(said, asked, evidence)
    cited = tuple(each.recollection for each in support.evidence) if support.said >= _MOSTLY_SAID else ()
    return Composed(_add_numbers(said, len(cited)), said, cited)


def quotes_of(recollections: Sequence[Recollection], question: str) -> str:
    """Return what was said, a line each: `Mara: "booked the hotel" [1]`."""
    named = zip(recollections, _names(recollections), strict=True)
    return _lines(*(_quote(number, each, author, question) for number, (each, author) in enumerate(named, start=1)))


def _both(rival: Evidence, own: Evidence, answer: str, asked: Asked, zone: tzinfo | None) -> Composed:
    """Return what was told in two ways, the newer first; the newer is the answer."""
    newest_first = sorted((own, rival), key=lambda each: each.passage.said_at, reverse=True)
    told = tuple(each.recollection for each in newest_first)
    if newest_first[0] is rival:
        found = short_answer(asked.text, told[:1], zone)
        answer = found.text if found is not None else ""
    return Composed(_lines(phrases_in(asked.language).differs, quotes_of(told, asked.text)), answer, told)


def _quote_found(found: ShortAnswer | None, asked: Asked, note: str, zone: tzinfo | None) -> Composed:
    """Return what rules found; a sentence says why somebody is quoted where that is no answer by itself."""
    if found is None:
        return Composed(say_unknown(asked.text), "", (), abstains=True, by_rules=True)
    shown = found.show(asked.text, zone)
    text = shown if found.is_named else _lines(note, shown)
    return Composed(text, found.text, (found.recollection,), by_rules=True)


def _add_numbers(text: str, sources: int) -> str:
    return " ".join([text, "".join(f"[{number}]" for number in range(1, sources + 1))]).rstrip()


def _names(recollections: Sequence[Recollection]) -> list[str]:
    """Return who said each; of two people of one name also where: "Ana (Work)"."""
    people = {(each.passage.author, each.passage.author_id, each.passage.conversation.id) for each in recollections}
    shared = Counter(author for author, *_ in people)
    return [
        f"{each.passage.author} ({each.passage.conversation.title})"
        if shared[each.passage.author] > 1 and each.passage.conversation.title
        else each.passage.author
        for each in recollections
    ]


def _quote(number: int, recollection: Recollection, author: str, question: str) -> str:
    passage = recollection.passage
    head = f"{author}: " if author else ""
    return f'{head}"{shorten(defuse(passage.text), question)}" [{number}]'


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)
