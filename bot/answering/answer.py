"""An answer: in the way of the message's kind, from what is recalled, by a model or by rules, and checked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import partial
from uuid import uuid4

from bot.answering.checking import Verdict, check_answer
from bot.answering.checks.asked_person import is_told_of_others
from bot.answering.checks.cleaning import names_again
from bot.answering.checks.prompt_injection import leave_out_orders
from bot.answering.citations import without_numbers
from bot.answering.composing import Composed, compose, told_of_calls
from bot.answering.conclusions import asks_to_conclude
from bot.answering.double_questions import DoubleQuestion, join_answers, number_on, split_question
from bot.answering.kinds.classify import Classified, MessageKind, classify_message
from bot.answering.message_counts import MessageCounter
from bot.answering.periods.answers import PeriodTeller
from bot.answering.prompting.evidence import Evidence
from bot.answering.prompting.layout import Layout
from bot.answering.prompting.writing import briefly, tell_queue, write_growing
from bot.answering.quoting.birthdays import tells_birthday
from bot.answering.quoting.unknown_names import unknown_names
from bot.answering.quoting.wanted import Asked, read_question
from bot.answering.recalling.recaller import Recalled, Recaller
from bot.answering.records import Answer, AnswerOptions, Grow, Question, Stopwatch
from bot.answering.results import abstain, answer_by_rules, answer_composed, answer_in_own_words, with_history
from bot.answering.short_answers import ShortAnswer, is_of_nobody_asked, short_answer
from bot.answering.small_talk import say
from bot.answering.tools import ToolCall
from bot.answering.tracing import NO_TRACER, Tracer
from bot.answering.writer import Writer
from bot.errors import ModelError
from bot.models import LanguageModel, Prompt, Sampling
from bot.models.extractive import ExtractiveModel
from bot.models.switching import using
from bot.translation import gettext, gettext_noop
from memory import Memory, Recollection
from memory.search.names import find_named

logger = logging.getLogger(__name__)

_MODEL_FAILED = gettext_noop("The language model can't answer right now (error {id}), so I quote what I remember.")
_TALK = (
    "You are {name}, a friendly assistant in a chat. Answer the message itself, in its language, briefly and "
    "correctly. Say nothing about memories or sources."
)


@dataclass(frozen=True, slots=True)
class _Floor:
    """What an answer of a model is held against: the memories that fit, and what rules find in them."""

    fitting: Sequence[Recollection]
    found: ShortAnswer | None
    quoted: Answer


class Answerer:
    """Answers questions from the memory with a language model. Cancelling `answer` cancels the generation."""

    def __init__(
        self,
        memory: Memory,
        model: LanguageModel,
        options: AnswerOptions | None = None,
        tracer: Tracer = NO_TRACER,
    ) -> None:
        self.tracer = tracer
        self._memory = memory
        self._model = model
        self._options = options or AnswerOptions()
        self._layout = Layout(model, self._options)
        self._recaller = Recaller(memory, self._options)
        self._periods = PeriodTeller(memory, model, self._options)
        self._counter = MessageCounter(memory, self._options)
        self._latest: Answerer | None = None

    @property
    def model(self) -> LanguageModel:
        """The language model."""
        return self._model

    @property
    def options(self) -> AnswerOptions:
        """How answers are made."""
        return self._options

    @property
    def writer(self) -> Writer:
        """The language model as plugins use it."""
        return Writer(self._model, self._options.sampling)

    @property
    def zone(self) -> tzinfo | None:
        """The zone that times are shown in; None shows each in its own."""
        return self._options.zone

    def classify(self, text: str, now: datetime) -> Classified:
        """Return what kind of message a text is; `now` is when it was written."""
        return classify_message(text, self._options.name, self._local(now))

    async def answer(self, question: Question, grow: Grow | None = None) -> Answer:
        """Answer in the way of the message's kind; `grow` follows the text as it is written."""
        with self.tracer.span("answer") as span:
            async with using(self._model) as model:
                answer = await self._with(model)._answer(question, grow)  # noqa: SLF001 (another one of this class)
            span.note(model=answer.model, abstained=answer.abstained, quoted=bool(answer.problem or answer.by_rules))
            if (speed := answer.timings.speed) is not None:
                span.note(prompt_tokens=speed.prompt_tokens, generated_tokens=speed.generated_tokens)
        return answer

    def _with(self, model: LanguageModel) -> Answerer:
        """Return the same with the model that answers now; it is kept, for how it has laid out each conversation."""
        if model is self._model:
            return self
        if self._latest is None or self._latest.model is not model:
            self._latest = Answerer(self._memory, model, self._options, self.tracer)
        return self._latest

    async def _answer(self, question: Question, grow: Grow | None) -> Answer:
        clock = Stopwatch(self.tracer)
        said = question.said or self.classify(question.text, question.now)
        if said.kind.is_small_talk:
            return await self._talk(question, said, grow, clock)
        calls = await self._call_tools(question)
        answer = None if calls else await self._answer_by_kind(question, said, grow, clock)
        return answer or await self._answer_from_memories(question, calls, grow, clock)

    async def _answer_by_kind(
        self, question: Question, said: Classified, grow: Grow | None, clock: Stopwatch
    ) -> Answer | None:
        """Answer what is no single question of what is remembered; None where it is one."""
        if said.kind is MessageKind.TASK:
            return await self._talk(question, said, grow, clock)
        if said.kind is MessageKind.STATEMENT and question.is_remembered:
            return answer_in_own_words(question, say(said.kind, said.language, self._options.name), clock)
        told = await self._counter.tell(question, clock)
        if told is None and said.kind is MessageKind.PERIOD:
            told = await self._periods.tell(question, grow, clock)
        if told is not None:
            return told
        both = None if question.replied is not None else split_question(question.text)
        return None if both is None else await self._answer_both(question, both, grow)

    async def _answer_both(self, question: Question, both: DoubleQuestion, grow: Grow | None) -> Answer:
        """Answer the two questions of a message, the second below the first."""
        first = await self._answer_from_memories(replace(question, text=both.first), (), grow, Stopwatch(self.tracer))

        def grow_below(shown: Callable[[], str]) -> None:
            if grow is not None:
                grow(lambda: f"{first.text}\n\n{number_on(shown(), len(first.sources))}")

        second = await self._answer_from_memories(
            replace(question, text=both.second, leans_on=both.first),
            (),
            None if grow is None else grow_below,
            Stopwatch(self.tracer),
        )
        return join_answers(question.text, first, second)

    async def _answer_from_memories(
        self, question: Question, calls: tuple[ToolCall, ...], grow: Grow | None, clock: Stopwatch
    ) -> Answer:
        """Answer from what is recalled, or abstain when nothing fits."""
        with clock.span("recall"):
            recalled = await self._recaller.recall(question)
        clock.recalled = clock.elapsed()
        answer = await self._answer_from(recalled, question, calls, grow, clock)
        if answer.abstained and not answer.sources:
            answer = await self._periods.add_day(question, answer)
        return replace(answer, recollections=recalled.recollections, timings=clock.timings())

    async def _answer_from(
        self, recalled: Recalled, question: Question, calls: tuple[ToolCall, ...], grow: Grow | None, clock: Stopwatch
    ) -> Answer:
        """Answer by rules, or by a model that is held against them."""
        zone, recollections = self._options.zone, recalled.recollections
        asked = read_question(question.text)
        telling = leave_out_orders(question.text, recollections)
        if self._may_answer(question, telling):
            recollections = telling
        fitting = recollections if self._may_answer(question, recollections) else ()
        if not fitting and not calls:
            return abstain(question, recollections, self._model.name, clock)
        if not calls and _is_about_one(asked) and is_told_of_others(asked, fitting):
            nothing = compose(Verdict("", abstains=True), asked, fitting, zone)
            return answer_composed(question, nothing, (), self._model.name, clock)
        found = short_answer(question.text, fitting, zone, recalled.before, recalled.english)
        if found is None or is_of_nobody_asked(asked, found, fitting):
            quoted = abstain(question, fitting, self._model.name, clock)
        else:
            quoted = answer_by_rules(question, found, zone, clock)
        if isinstance(self._model, ExtractiveModel):
            return quoted
        if grow is not None and fitting:
            grow(lambda: quoted.text)
        floor = _Floor(fitting, found, quoted)
        return await self._answer_by_model(recalled, floor, question, calls, grow, clock)

    def _may_answer(self, question: Question, recollections: Sequence[Recollection]) -> bool:
        """Say whether what was recalled may hold the answer, or what a model can conclude it from.

        "Would Ann like Vivaldi?" is concluded from what Ann said, though nobody spoke of Vivaldi.
        """
        fits = self._recaller.fits(recollections) or tells_birthday(read_question(question.text), recollections)
        if asks_to_conclude(question.text) and not isinstance(self._model, ExtractiveModel):
            return fits or bool(find_named(question.text, {each.passage.author for each in recollections}))
        return fits and not unknown_names(question.text, recollections)

    async def _answer_by_model(
        self,
        recalled: Recalled,
        floor: _Floor,
        question: Question,
        calls: tuple[ToolCall, ...],
        grow: Grow | None,
        clock: Stopwatch,
    ) -> Answer:
        """Have the model answer, and return what stands of that; what rules found where it fails."""
        options, results = self._options, [call.shown for call in calls]
        with clock.span("prompt"):
            laid_out, evidence = self._layout.lay_out(recalled, floor.fitting, question, results)
        if grow is not None:
            laid_out = replace(laid_out, on_wait=partial(tell_queue, grow, floor.quoted.text, question.text))
        if calls:
            text, problem = await self._write(laid_out, grow, clock)
        else:
            text, problem = await self._write(laid_out, grow, clock, briefly(options), names_again)
        if problem is not None:
            answer = replace(floor.quoted, text=self._note(problem, results) + floor.quoted.text)
        elif calls:
            composed = told_of_calls(text, read_question(question.text), evidence)
            answer = answer_composed(question, composed, evidence, self._model.name, clock)
        else:
            asked = read_question(question.text, recalled.before, recalled.english)
            composed = self._check(asked, text, evidence, floor)
            answer = answer_composed(question, composed, evidence, self._model.name, clock)
            if floor.found is not None and not composed.abstains and floor.found.contradicts(composed.short):
                answer = replace(floor.quoted, by_rules=True)
        answer = replace(answer, problem=problem, calls=calls)
        return with_history(answer, question, recalled.earlier if recalled.before else ())

    async def _write(
        self,
        laid_out: Prompt,
        grow: Grow | None,
        clock: Stopwatch,
        sampling: Sampling | None = None,
        until: Callable[[str], bool] | None = None,
    ) -> tuple[str, str | None]:
        """Return the model's text, and what went wrong when there is none."""
        try:
            text = await write_growing(self._model, laid_out, sampling or self._options.sampling, grow, clock, until)
        except ModelError as error:
            return "", str(error)
        return text, None if text else "the model returned nothing"

    async def _talk(self, question: Question, said: Classified, grow: Grow | None, clock: Stopwatch) -> Answer:
        """Make small talk, or do a task: with the model where it may, without memories and sources."""
        options = self._options
        fixed = say(said.kind, said.language, options.name)
        by_model = said.kind not in (MessageKind.ABOUT, MessageKind.EMPTY) and options.general
        if isinstance(self._model, ExtractiveModel) or not by_model:
            return answer_in_own_words(question, fixed, clock)
        earlier = await self._recaller.read_earlier(question) if said.kind is MessageKind.TASK else []
        laid_out = self._layout.talk(question, _TALK.format(name=options.name), earlier)
        text, problem = await self._write(laid_out, grow, clock)
        if problem is not None:
            self._note(problem, ())
        answer = answer_in_own_words(question, without_numbers(text) or fixed, clock)
        return with_history(replace(answer, problem=problem, model=self._model.name), question, earlier)

    def _local(self, moment: datetime) -> datetime:
        """Return a moment in the zone that the asker lives by."""
        return moment if self._options.zone is None else moment.astimezone(self._options.zone)

    def _note(self, problem: str, results: Sequence[str]) -> str:
        """Log why the model failed, and return the lines that stand before the quote instead of its words."""
        error_id = uuid4().hex[:8]
        logger.error("Error %s: %s failed to answer: %s", error_id, self._model.name, problem)
        return "\n\n".join([gettext(_MODEL_FAILED, id=error_id), *results, ""])

    async def _call_tools(self, question: Question) -> tuple[ToolCall, ...]:
        """Let the model call tools for the question, from the asker's words alone."""
        if question.toolbox is None:
            return ()
        zone = self._options.zone
        now = question.now if zone is None else question.now.astimezone(zone)
        return await question.toolbox.use(self._model, question.text, now, self._options.sampling)

    def _check(self, asked: Asked, text: str, evidence: Sequence[Evidence], floor: _Floor) -> Composed:
        """Return what may stand of a model's text, over what it rests on; else what rules found."""
        verdict = check_answer(text, asked, evidence, floor.fitting)
        if verdict.doubt is not None:
            logger.info("An answer of %s does not stand: %s", self._model.name, verdict.doubt)
        return compose(verdict, asked, floor.fitting, self._options.zone, floor.found)


def _is_about_one(asked: Asked) -> bool:
    """Say whether a question is about what the person it names did or has; "who has Ann's key?" is about another."""
    return asked.wanted != "person" and not asks_to_conclude(asked.text)
