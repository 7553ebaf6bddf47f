"""Asks for answers as users do, through the `Answerer`, and scores them against those expected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean, quantiles
from typing import Any

from bot.answering.answer import Answerer
from bot.answering.records import Answer, Question
from bot.commands.evaluation.token_f1 import f1_by_parts, f1_score
from bot.models import LanguageModel
from memory import Passage

MULTI_HOP = "multi-hop"
"""The kind whose answers are lists, scored part by part."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question, its expected answer, None where nothing is known of it, and which passages it rests on."""

    question: Question
    expected: str | None
    category: str
    is_evidence: Callable[[Passage], bool]


@dataclass(frozen=True, slots=True)
class Scored:
    """How one question was answered."""

    category: str
    is_answerable: bool
    abstained: bool
    f1: float
    cited: tuple[bool, ...]
    """For each source, whether it is evidence."""
    prompt_tokens: int | None
    first_word_ms: float | None
    total_ms: float


@dataclass(frozen=True, slots=True)
class AnswerScores:
    """Asks questions and scores how each is answered."""

    answerer: Answerer
    model: LanguageModel
    """The one that the answerer asks, for its reports."""

    async def ask(self, case: Case) -> Scored:
        """Ask, and score the answer. Raises MemoryStoreError."""
        answer = await self.answerer.answer(case.question)
        speed = self.model.last_speed if answer.timings.first_token_ms is not None else None
        return Scored(
            category=case.category,
            is_answerable=case.expected is not None,
            abstained=answer.abstained,
            f1=_f1(answer, case),
            cited=_check_citations(answer, case),
            prompt_tokens=None if speed is None else speed.prompt_tokens,
            first_word_ms=answer.timings.first_token_ms,
            total_ms=answer.timings.total_ms,
        )


def report(scored: Sequence[Scored]) -> dict[str, Any]:
    """Return the figures of all that was asked, rates from 0 to 1; None where there was nothing to measure.

    `adversarial_right` is the share of questions without an answer that were not answered, `wrongly_abstained` that of
    the others. `cited_precision` is the share of the sources of answered questions that are evidence.
    """
    answerable = [each for each in scored if each.is_answerable]
    by_kind: defaultdict[str, list[float]] = defaultdict(list)
    for each in answerable:
        by_kind[each.category].append(each.f1)
    kinds = {kind: _mean(scores) for kind, scores in sorted(by_kind.items()) if kind != "all"}
    return {
        "questions": len(scored),
        "f1": {"all": _mean([each.f1 for each in answerable]), **kinds},
        "adversarial_right": _mean([each.abstained for each in scored if not each.is_answerable]),
        "wrongly_abstained": _mean([each.abstained for each in answerable]),
        "cited_precision": _mean([right for each in answerable if not each.abstained for right in each.cited]),
        "prompt_tokens": _percentiles([each.prompt_tokens for each in scored if each.prompt_tokens is not None], 0),
        "first_word_s": _percentiles([each.first_word_ms / 1000 for each in scored if each.first_word_ms is not None]),
        "total_s": _percentiles([each.total_ms / 1000 for each in scored]),
    }


def _f1(answer: Answer, case: Case) -> float:
    if answer.abstained or case.expected is None:
        return 0.0
    score = f1_by_parts if case.category == MULTI_HOP else f1_score
    return score(answer.short, case.expected)


def _check_citations(answer: Answer, case: Case) -> tuple[bool, ...]:
    passages = {(each.passage.text, each.passage.said_at): each.passage for each in answer.recollections}
    shown = [passages.get((source.text, source.said_at)) for source in answer.sources]
    return tuple(passage is not None and case.is_evidence(passage) for passage in shown)


def _mean(values: Sequence[float]) -> float | None:
    return round(mean(values), 4) if values else None


def _percentiles(values: Sequence[float], digits: int = 3) -> dict[str, float | None]:
    if not values:
        return {"p50": None, "p95": None}
    cuts = quantiles(values, n=100, method="inclusive") if len(values) > 1 else list(values) * 100
    return {"p50": round(cuts[49], digits or None), "p95": round(cuts[94], digits or None)}
