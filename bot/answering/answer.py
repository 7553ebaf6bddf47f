"""An answer: recall, prompt, model, and citations that were checked."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from functools import partial
from uuid import uuid4

from bot.answering import prompt
from bot.answering.checking import Verdict, check_answer
from bot.answering.checks.asked_person import is_told_of_others
from bot.answering.citations import so_far
from bot.answering.closing import closable
from bot.answering.composing import Composed, compose, told_of_calls
from bot.answering.evidence import Evidence
from bot.answering.examples import EXAMPLES_TEXT
from bot.answering.phrases import ENGLISH, phrases_in
from bot.answering.prompt import RECENT, Ask, Budget, History
from bot.answering.quoting.wanted import read_question
from bot.answering.short_answers import short_answer
from bot.answering.sources import source_of
from bot.answering.tools import Toolbox, ToolCall
from bot.answering.writer import Writer
from bot.errors import ModelError
from bot.events import Reply, Source
from bot.models import LanguageModel, Prompt, Sampling, SpeedReport, Turn
from bot.models.extractive import ExtractiveModel
from bot.models.visible_text import without_thinking
from memory import Memory, Passage, Recollection, Scope

logger = logging.getLogger(__name__)

_RECALL_CHARS = 2000
_LEANING_WORDS = 3
_ANSWER_TOKENS = 160
_GOING_ON = frozenset({"and", "but", "und", "aber", "y", "pero", "e", "mas", "et", "mais"})
_MODEL_FAILED = "The language model can't answer right now (error {id}), so I quote what I remember."

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
    zone: tzinfo | None = None

    @property
    def system(self) -> str:
        """The words that open every prompt, always the same."""
        return f"You are {self.name}. {self.persona}"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, what may be read to answer it, and where the conversation's history is found.

    `exclude` holds passages that can't be an answer: the question itself, when it was stored first. `adjust` has the
    plugins' say in what is recalled, `toolbox` what the model may call; None where there is none.
    """

    text: str
    scope: Scope
    now: datetime
    conversation_id: int | None = None
    exclude: frozenset[int] = frozenset()
    adjust: Adjust | None = None
    toolbox: Toolbox | None = None


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
    passages the model saw. `cited` are those of them that are its sources. `calls` are the tools that were
    called for it.
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

    @property
    def reply(self) -> Reply:
        """The answer as it is sent."""
        return Reply(self.text, self.sources)


class _Clock:
    """Measures one answer."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self.recalled = 0.0
        self.first_token: float | None = None
        self.speed: SpeedReport | None = None

    def elapsed(self) -> float:
        return (time.perf_counter() - self._start) * 1000

    def token(self) -> None:
        if self.first_token is None:
            self.first_token = self.elapsed()

    def timings(self) -> Timings:
        return Timings(self.recalled, self.first_token, self.elapsed(), self.speed)


class Answerer:
    """Answers questions from the memory with a language model. Cancelling `answer` cancels the generation."""

    def __init__(self, memory: Memory, model: LanguageModel, options: AnswerOptions | None = None) -> None:
        self._memory = memory
        self._model = model
        self._options = options or AnswerOptions()
        self._history = History()

    @property
    def writer(self) -> Writer:
        """The language model as plugins use it."""
        return Writer(self._model, self._options.sampling)

    @property
    def zone(self) -> tzinfo | None:
        """The zone that times are shown in; None shows each in its own."""
        return self._options.zone

    async def answer(self, question: Question, grow: Grow | None = None) -> Answer:
        """Answer, or abstain when nothing that is remembered fits; `grow` follows the text as it is written."""
        clock = _Clock()
        budget = self._budget()
        earlier = await self._earlier(question)
        history = self._turns(question, earlier, budget) if _leans_on_before(question.text) else ()
        recollections = await self._recall(question, earlier)
        if question.adjust is not None:
            recollections = await question.adjust(recollections)
        clock.recalled = clock.elapsed()
        calls = await self._called(question)
        fits = self._fits(recollections)
        if not fits and not calls:
            return self._abstained(question, recollections, clock)
        fitting = recollections if fits else []
        if isinstance(self._model, ExtractiveModel):
            asked = read_question(question.text)
            if not is_told_of_others(asked, fitting):
                return self._quoted(question, fitting, clock)
            nothing = compose(Verdict("", abstains=True), asked, fitting, self._options.zone)
            return replace(self._finished(question, nothing, (), clock), recollections=tuple(recollections))
        results = [call.shown for call in calls]
        ask = Ask(question.text, fitting, history, question.now, results)
        options = self._options
        laid_out, evidence = prompt.build(ask, options.system, options.zone, budget, self._model.count)
        try:
            sampling = options.sampling if calls else _briefly(options.sampling)
            text = await _Writing(laid_out, grow, clock).run(self._model, sampling)
            problem = None if text else "the model returned nothing"
        except ModelError as error:
            text, problem = "", str(error)
        if problem is not None:
            answer = self._quoted(question, fitting, clock, self._note(problem, results))
        else:
            composed = (
                told_of_calls(text, read_question(question.text), evidence)
                if calls
                else self._checked(question, text, evidence, fitting)
            )
            answer = self._finished(question, composed, evidence, clock)
        return replace(answer, problem=problem, recollections=tuple(recollections), calls=calls)

    def _note(self, problem: str, results: Sequence[str]) -> str:
        """Log why the model failed, and return the lines that stand before the quote instead of its words."""
        error_id = uuid4().hex[:8]
        logger.error("Error %s: %s failed to answer: %s", error_id, self._model.name, problem)
        return "\n\n".join([_MODEL_FAILED.format(id=error_id), *results, ""])

    async def _called(self, question: Question) -> tuple[ToolCall, ...]:
        """Let the model call tools for the question, from the asker's words alone."""
        if question.toolbox is None:
            return ()
        zone = self._options.zone
        now = question.now if zone is None else question.now.astimezone(zone)
        return await question.toolbox.use(self._model, question.text, now, self._options.sampling)

    async def _earlier(self, question: Question) -> list[Passage]:
        """Return what was said before in the conversation: its own history, whatever else the scope sees."""
        if question.conversation_id is None:
            return []
        own = Scope.of_conversation(question.conversation_id)
        passages = await self._memory.read_history(question.conversation_id, own, limit=RECENT)
        return [passage for passage in passages if passage.id not in question.exclude]

    def _turns(self, question: Question, earlier: Sequence[Passage], budget: Budget) -> tuple[Turn, ...]:
        if question.conversation_id is None:
            return ()
        return self._history.turns(question.conversation_id, earlier, budget.history, self._model.count)

    async def _recall(self, question: Question, earlier: Sequence[Passage]) -> list[Recollection]:
        """Recall for the question; for one such as "and when?" together with what was asked before it."""
        found = await self._recalled(question, question.text)
        asked = [passage for passage in earlier if passage.kind in ("message", "question")]
        if self._fits(found) or not asked or not _leans_on_before(question.text):
            return found
        last = asked[-1]
        both = replace(question, exclude=question.exclude | {last.id})
        again = await self._recalled(both, f"{last.text[-_RECALL_CHARS // 2 :]}\n{question.text}")
        return again if self._fits(again) else found

    async def _recalled(self, question: Question, words: str) -> list[Recollection]:
        return await self._memory.recall(
            words[:_RECALL_CHARS],
            question.scope,
            now=question.now,
            limit=self._options.limit,
            exclude=question.exclude,
        )

    def _fits(self, recollections: Sequence[Recollection]) -> bool:
        return any(recollection.relevance >= self._options.relevance for recollection in recollections)

    def _budget(self) -> Budget:
        options, model = self._options, self._model
        system = model.count(f"{options.system}\n\n{prompt.RULES}")
        examples = model.count(EXAMPLES_TEXT)
        return Budget.of(model.context_size, options.sampling.max_tokens, system, options.token_budget, examples)

    def _quoted(self, question: Question, fitting: Sequence[Recollection], clock: _Clock, note: str = "") -> Answer:
        """Return the short answer that rules find, and the one quote it rests on; `note` stands before it."""
        found = short_answer(question.text, fitting, self._options.zone)
        if found is None:
            return replace(self._abstained(question, fitting, clock), text=f"{note}{ENGLISH.nothing}")
        passage = found.recollection.passage
        return Answer(
            question=question.text,
            text=note + found.shown(question.text, self._options.zone),
            abstained=False,
            model=ExtractiveModel.name,
            sources=(source_of(1, passage, found.recollection.score),),
            timings=clock.timings(),
            recollections=tuple(fitting),
            drawn_from=(passage.id,),
            cited=(passage.id,),
            short=found.text,
        )

    def _abstained(self, question: Question, recollections: Sequence[Recollection], clock: _Clock) -> Answer:
        return Answer(
            question=question.text,
            text=phrases_in(read_question(question.text).language).nothing,
            abstained=True,
            model=self._model.name,
            sources=(),
            timings=clock.timings(),
            recollections=tuple(recollections),
        )

    def _checked(
        self, question: Question, text: str, evidence: Sequence[Evidence], recollections: Sequence[Recollection]
    ) -> Composed:
        """Return what may stand of a model's text, over what it rests on."""
        asked = read_question(question.text)
        verdict = check_answer(text, asked, evidence, recollections)
        if verdict.doubt is not None:
            logger.info("An answer of %s does not stand: %s", self._model.name, verdict.doubt)
        return compose(verdict, asked, recollections, self._options.zone)

    def _finished(self, question: Question, composed: Composed, evidence: Sequence[Evidence], clock: _Clock) -> Answer:
        return Answer(
            question=question.text,
            text=composed.text,
            short=composed.short,
            abstained=composed.abstains,
            model=self._model.name,
            sources=tuple(
                source_of(number, each.passage, each.score) for number, each in enumerate(composed.evidence, start=1)
            ),
            cited=tuple(each.passage.id for each in composed.evidence),
            timings=clock.timings(),
            recollections=(),
            drawn_from=tuple(each.passage.id for each in sorted(evidence, key=lambda each: each.rank)),
        )


class _Writing:
    """One prompt being answered: collects the text and shows it as it grows."""

    def __init__(self, laid_out: Prompt, grow: Grow | None, clock: _Clock) -> None:
        self._prompt = laid_out
        self._grow = grow
        self._clock = clock

    async def run(self, model: LanguageModel, sampling: Sampling) -> str:
        """Return the model's whole text. Raises ModelError."""
        text = ""
        async with aclosing(closable(model.stream(self._prompt, sampling))) as pieces:
            async for piece in pieces:
                self._clock.token()
                text += piece
                if self._grow is not None:
                    self._grow(partial(_shown_so_far, text))
        self._clock.speed = model.last_speed
        return without_thinking(text)


def _shown_so_far(text: str) -> str:
    """Return what may be shown of a growing text; its numbers are left out, for the sources are found when it ends."""
    return so_far(without_thinking(text), known=0)


def _briefly(sampling: Sampling) -> Sampling:
    """Return how a short answer is sampled: it ends with its paragraph, and a model that loops is stopped soon."""
    return replace(sampling, max_tokens=min(sampling.max_tokens, _ANSWER_TOKENS), stop=(*sampling.stop, "\n\n"))


def _leans_on_before(text: str) -> bool:
    """Say whether a question is too short to stand for itself, or goes on from the one before it."""
    words = text.casefold().split()
    return len(words) <= _LEANING_WORDS or words[0] in _GOING_ON
