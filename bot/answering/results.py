"""Answers as records: from what a model wrote, what rules found, a text of the bot's own, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo

from bot.answering.composing import Composed, compose_unknown
from bot.answering.prompting.evidence import Evidence
from bot.answering.quoting.wanted import read_question
from bot.answering.records import Answer, Question, Stopwatch
from bot.answering.short_answers import ShortAnswer
from bot.answering.sources import source_of
from bot.models.extractive import ExtractiveModel
from memory import Passage, Recollection


def answer_in_own_words(question: Question, text: str, clock: Stopwatch) -> Answer:
    """Return a text that rests on no memory as the answer."""
    return Answer(
        question=question.text,
        text=text,
        abstained=False,
        model=ExtractiveModel.name,
        sources=(),
        timings=clock.timings(),
        recollections=(),
        short=text,
    )


def answer_by_rules(question: Question, found: ShortAnswer, zone: tzinfo | None, clock: Stopwatch) -> Answer:
    """Return the short answer that rules found, and the one quote it rests on."""
    passage = found.recollection.passage
    return Answer(
        question=question.text,
        text=found.show(question.text, zone),
        abstained=False,
        model=ExtractiveModel.name,
        sources=(source_of(1, passage, found.recollection.score),),
        timings=clock.timings(),
        recollections=(),
        drawn_from=(passage.id,),
        cited=(passage.id,),
        short=found.text,
    )


def abstain(question: Question, recollections: Sequence[Recollection], model: str, clock: Stopwatch) -> Answer:
    """Return that nothing is remembered of what is asked, although a model of that name was there to ask.

    What comes nearest to it, if anything does, is quoted.
    """
    composed = compose_unknown(read_question(question.text), recollections)
    return replace(answer_composed(question, composed, (), model, clock), recollections=tuple(recollections))


def answer_composed(
    question: Question, composed: Composed, evidence: Sequence[Evidence], model: str, clock: Stopwatch
) -> Answer:
    """Return what was composed from the words of a model of that name, and from the `evidence` that it saw.

    It is drawn from that and from what it quotes, which may be what comes nearest where nothing answers.
    """
    seen = [each.passage.id for each in sorted(evidence, key=lambda each: each.rank)]
    quoted = [each.passage.id for each in composed.evidence]
    return Answer(
        question=question.text,
        text=composed.text,
        short=composed.short,
        abstained=composed.abstains,
        by_rules=composed.by_rules,
        model=model,
        sources=tuple(
            source_of(number, each.passage, each.score) for number, each in enumerate(composed.evidence, start=1)
        ),
        cited=tuple(quoted),
        timings=clock.timings(),
        recollections=(),
        drawn_from=tuple(dict.fromkeys([*seen, *quoted])),
    )


def with_history(answer: Answer, question: Question, earlier: Sequence[Passage]) -> Answer:
    """Return an answer for which the model saw what was said `earlier`, too: it is made from that as well."""
    replied = () if question.replied is None else (question.replied,)
    seen = (*answer.drawn_from, *(passage.id for passage in (*earlier, *replied)))
    return replace(answer, drawn_from=tuple(dict.fromkeys(seen)))
