"""Asks a memory the questions of samples: counts how much of the evidence comes back, and has the answers scored."""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import mean, quantiles
from typing import Any

from bot.answering.records import Question
from bot.commands.evaluation.answers import AnswerScores, Case, Scored, report
from bot.commands.evaluation.cases import EvalQuestion, Sample
from bot.commands.evaluation.jsonl import OwnQuestion
from memory import Memory, Passage, Recollection, Scope
from memory.embedders import Embedder

TURNS_AT = (1, 5, 10, 25, 50)
SESSIONS_AT = (5, 10)
BATCH = 500
DEPTH = 100
"""Recollections asked for: deep enough that ten sessions are among them."""

OpenScores = Callable[[Memory], AnswerScores]
"""Is given the memory that holds a sample, and returns what asks it for answers."""


@dataclass(slots=True)
class Measured:
    """What was found, question by question."""

    turn_recall: list[dict[int, float]] = field(default_factory=list)
    session_recall: list[dict[int, float]] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    recall_seconds: list[float] = field(default_factory=list)
    answers: list[Scored] = field(default_factory=list)
    messages: int = 0
    ingest_seconds: float = 0.0

    def report(self) -> dict[str, Any]:
        """Return the figures; each recall is the mean over questions of the share of the evidence that came back."""
        by_category: defaultdict[str, list[dict[int, float]]] = defaultdict(list)
        for category, turns in zip(self.categories, self.turn_recall, strict=True):
            by_category[category].append(turns)
        return {
            "questions": len(self.turn_recall),
            "turn_recall": _means(self.turn_recall, TURNS_AT),
            "session_recall": _means(self.session_recall, SESSIONS_AT),
            "by_category": {
                name: {"questions": len(rows), "turn_recall": _means(rows, TURNS_AT)}
                for name, rows in sorted(by_category.items())
            },
            "ingest_messages_per_second": round(self.messages / self.ingest_seconds, 1) if self.ingest_seconds else 0.0,
            "recall_ms": _percentiles(self.recall_seconds),
            **({"answers": report(self.answers)} if self.answers else {}),
        }


async def measure(
    samples: Sequence[Sample],
    embedder: Embedder,
    progress: Callable[[int], None] | None = None,
    open_scores: OpenScores | None = None,
) -> Measured:
    """Remember each sample in a throw-away memory and ask its questions; `progress` is told of each question.

    With `open_scores` the questions are answered as well, and the answers scored.
    """
    measured = Measured()
    for sample in samples:
        with tempfile.TemporaryDirectory(prefix="scrubjay-eval-") as folder:
            async with Memory.open(Path(folder) / "memory.db", embedder) as memory:
                scores = open_scores(memory) if open_scores is not None else None
                await _measure_sample(memory, sample, measured, progress, scores)
    return measured


async def _measure_sample(
    memory: Memory,
    sample: Sample,
    measured: Measured,
    progress: Callable[[int], None] | None,
    scores: AnswerScores | None,
) -> None:
    conversation = await memory.conversations.ensure("evaluation", sample.name, kind="group")
    began = time.perf_counter()
    for at in range(0, len(sample.entries), BATCH):
        await memory.passages.add(conversation, sample.entries[at : at + BATCH])
    await memory.embeddings.embed_pending()
    measured.ingest_seconds += time.perf_counter() - began
    measured.messages += len(sample.entries)
    now = max(entry.said_at for entry in sample.entries) + timedelta(days=1)
    scope = Scope.of_conversation(conversation.id)
    for question in sample.questions:
        began = time.perf_counter()
        found = await memory.recall(question.text, scope, now=now, limit=max(TURNS_AT))
        measured.recall_seconds.append(time.perf_counter() - began)
        _count(question, sample, found, measured)
        if scores is not None:
            asked = Question(question.text, scope, now)
            measured.answers.append(await scores.ask(Case(asked, question.answer, question.category, _holds(question))))
        if progress is not None:
            progress(1)


async def measure_own(
    memory: Memory,
    scope: Scope,
    questions: Sequence[OwnQuestion],
    now: datetime,
    progress: Callable[[int], None] | None = None,
    open_scores: OpenScores | None = None,
) -> Measured:
    """Ask the memory as it is a user's own questions. Sessions are told apart by the day.

    With `open_scores` the questions are answered as well, and the answers scored.
    """
    measured = Measured()
    scores = open_scores(memory) if open_scores is not None else None
    for question in questions:
        began = time.perf_counter()
        found = await memory.recall(question.text, scope, now=now, limit=DEPTH)
        measured.recall_seconds.append(time.perf_counter() - began)
        if question.evidence:
            _count_own(question, found, measured)
        if scores is not None:
            asked = Question(question.text, scope, now)
            measured.answers.append(
                await scores.ask(Case(asked, question.answer, question.category, _is_named(question)))
            )
        if progress is not None:
            progress(1)
    return measured


def _count_own(question: OwnQuestion, found: Sequence[Recollection], measured: Measured) -> None:
    places = [_place(each, found) for each in question.evidence]
    turns = [sum(place is not None and place < k for place in places) / len(places) for k in TURNS_AT]
    days = list(dict.fromkeys(each.passage.said_at.date() for each in found))
    ranks = [None if place is None else days.index(found[place].passage.said_at.date()) for place in places]
    measured.turn_recall.append(dict(zip(TURNS_AT, turns, strict=True)))
    measured.session_recall.append(
        {k: sum(rank is not None and rank < k for rank in ranks) / len(ranks) for k in SESSIONS_AT}
    )
    measured.categories.append(question.category)


def _place(evidence: int | str, found: Sequence[Recollection]) -> int | None:
    """Return where the evidence stands among what was found."""
    return next((at for at, each in enumerate(found) if _names(evidence, each.passage)), None)


def _names(evidence: int | str, passage: Passage) -> bool:
    """Say whether evidence is this passage: by its id, or by a part of its text."""
    if isinstance(evidence, int):
        return passage.id == evidence
    return evidence.casefold() in passage.text.casefold()


def _is_named(question: OwnQuestion) -> Callable[[Passage], bool]:
    return lambda passage: any(_names(each, passage) for each in question.evidence)


def _holds(question: EvalQuestion) -> Callable[[Passage], bool]:
    return lambda passage: passage.event_id in question.evidence


def _count(question: EvalQuestion, sample: Sample, found: Sequence[Recollection], measured: Measured) -> None:
    turns = [each.passage.event_id or "" for each in found]
    sessions = list(dict.fromkeys(sample.sessions.get(each, each) for each in turns))
    wanted = frozenset(sample.sessions.get(each, each) for each in question.evidence)
    measured.turn_recall.append({k: _share(question.evidence, turns[:k]) for k in TURNS_AT})
    measured.session_recall.append({k: _share(wanted, sessions[:k]) for k in SESSIONS_AT})
    measured.categories.append(question.category)


def _share(wanted: frozenset[str], found: Sequence[str]) -> float:
    return len(wanted.intersection(found)) / len(wanted)


def _means(rows: Sequence[dict[int, float]], at: Sequence[int]) -> dict[str, float]:
    return {str(k): round(mean(row[k] for row in rows), 4) if rows else 0.0 for k in at}


def _percentiles(seconds: Sequence[float]) -> dict[str, float]:
    if len(seconds) < 2:
        return {"p50": 0.0, "p95": 0.0}
    cuts = quantiles(seconds, n=100, method="inclusive")
    return {"p50": round(cuts[49] * 1000, 2), "p95": round(cuts[94] * 1000, 2)}
