"""What is asked, how it is answered, and what comes of it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from bot.answering.kinds.classify import Classified
from bot.answering.tools import Toolbox, ToolCall
from bot.answering.tracing import NO_TRACER, Tracer
from bot.events import Reply, Source
from bot.models import Sampling, SpeedReport
from memory import Passage, Recollection, Scope

Grow = Callable[[Callable[[], str]], None]
"""Is told each time the text has grown, and given what returns the whole checked text so far.

Checking takes longer the more there is to check, so it is left to whoever shows the text, at their pace.
"""

Adjust = Callable[[Sequence[Recollection]], Awaitable[list[Recollection]]]
"""Is given what was recalled, and returns what is to be."""


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """How answers are made: who the bot is, how much it recalls, and from which relevance on it answers at all."""

    name: str = "Scrubjay"
    persona: str = "You answer questions from what you remember. Be brief and concrete, and give names and dates."
    limit: int = 12
    relevance: float = 0.35
    token_budget: int | None = None
    sampling: Sampling = field(default_factory=Sampling)
    penalizes_repeats: bool = False
    """Whether the sampling's `repeat_penalty` holds for short answers too, for somebody set it."""
    zone: tzinfo | None = None
    general: bool = True
    """Whether the model may also make small talk and do tasks that have nothing to do with the memory."""

    @property
    def system(self) -> str:
        """The words that open every prompt, always the same."""
        return f"You are {self.name}. {self.persona}"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, what may be read to answer it, and where the conversation's history is found.

    `exclude` holds passages that can't be an answer: the question itself, when it was stored first. `adjust` has the
    plugins' say in what is recalled, `toolbox` what the model may call; None where there is none. `replied` is the
    message that the question replies to, `askers` are the accounts of who asks.
    """

    text: str
    scope: Scope
    now: datetime
    conversation_id: int | None = None
    exclude: frozenset[int] = frozenset()
    adjust: Adjust | None = None
    toolbox: Toolbox | None = None
    replied: Passage | None = None
    askers: frozenset[int] = frozenset()
    earlier: tuple[Passage, ...] = ()
    """What was said before, oldest first, where no conversation keeps it."""
    is_remembered: bool = False
    """Whether the text is a message that was stored, so that what it tells needs no more than to be acknowledged."""
    persona: str = ""
    """How the people of the conversation want the bot to speak; it has no say in what is told."""
    leans_on: str = ""
    """The question that stood before it in the same message."""
    said: Classified | None = None
    """What kind of message it is, where that is known already."""


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds; `first_token_ms` counts from the question, and is None when no model was asked.

    `speed` is what the model measured of its own part; None where there was none, or it can't.
    """

    recall_ms: float
    first_token_ms: float | None
    total_ms: float
    speed: SpeedReport | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer. `recollections` are all that were recalled, best first, whether cited or not.

    `short` is the answer itself, without numbers and without the quote that is set beside it: "3 May 2024".
    `problem` says what went wrong when the model failed and the answer quotes instead. `drawn_from` holds the
    passages the model saw, memories and what was said before it. `cited` are those of them that are its sources.
    `calls` are the tools that were called for it. `by_rules` says that the model wrote something else, which does not
    stand. `asked_in` is the passage of the question, where it is one.
    """

    question: str
    text: str
    abstained: bool
    model: str
    sources: tuple[Source, ...]
    timings: Timings
    recollections: tuple[Recollection, ...]
    drawn_from: tuple[int, ...] = ()
    problem: str | None = None
    calls: tuple[ToolCall, ...] = ()
    cited: tuple[int, ...] = ()
    short: str = ""
    by_rules: bool = False
    asked_in: int | None = None

    @property
    def reply(self) -> Reply:
        """The answer as it is sent."""
        return Reply(self.text, self.sources)


class Stopwatch:
    """Measures one answer, in milliseconds; its parts are traced as well, where somebody collects that."""

    def __init__(self, tracer: Tracer = NO_TRACER) -> None:
        self.span = tracer.span
        self._start = time.perf_counter()
        self.recalled = 0.0
        self.first_token: float | None = None
        self.speed: SpeedReport | None = None

    def elapsed(self) -> float:
        """Return the time since the question."""
        return (time.perf_counter() - self._start) * 1000

    def note_token(self) -> None:
        """Note the first piece of the model's text."""
        if self.first_token is None:
            self.first_token = self.elapsed()

    def timings(self) -> Timings:
        """Return what was measured so far."""
        return Timings(self.recalled, self.first_token, self.elapsed(), self.speed)
