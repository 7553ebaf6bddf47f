"""What programs have written: answers from the memory, and texts of the language model itself, without the memory."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from bot.answering.answer import Answerer
from bot.answering.closing import closable
from bot.answering.kinds.classify import MessageKind
from bot.answering.program_tools import choose_calls
from bot.answering.records import Answer, Question
from bot.models import LanguageModel, Prompt, Sampling, ToolSpec, Turn, WantedCall
from bot.models.extractive import ExtractiveModel
from bot.models.switching import using
from bot.pipeline.received import Received
from bot.pipeline.request_services import RequestServices
from memory import Passage, records

_PAST_IDS = 1 << 62
"""Where the numbers begin of what a program says was said before: it is stored nowhere, and no passage has one."""


@dataclass(frozen=True, slots=True)
class Usage:
    """How many tokens were read and written."""

    prompt_tokens: int
    completion_tokens: int


class Completions:
    """Writes for one caller, the `asker`, within what they may read. Nothing of it is stored."""

    def __init__(self, services: RequestServices, asker: Received) -> None:
        self._services = services
        self._model = services.answerer.model
        self._asker = asker

    @property
    def sampling(self) -> Sampling:
        """How the next token is chosen where a request does not say."""
        return self._services.answerer.options.sampling

    def streams(self, text: str) -> bool:
        """Say whether an answer to this grows as it is written; one from memories stands only once it is checked."""
        return self._services.answerer.classify(text, datetime.now(UTC)).kind is MessageKind.TASK

    async def answer(
        self, turns: Sequence[Turn], sampling: Sampling, grow: Callable[[str], None] | None = None
    ) -> tuple[Answer, Usage]:
        """Answer the last of the turns from the memory; the others are what was said before."""
        async with using(self._model) as model:
            answer = await self._answer(model, turns, sampling, grow)
            speed = answer.timings.speed
            if speed is not None:
                return answer, Usage(speed.prompt_tokens, speed.generated_tokens)
            return answer, Usage(sum(model.count(turn.text) for turn in turns), model.count(answer.text))

    async def _answer(
        self, model: LanguageModel, turns: Sequence[Turn], sampling: Sampling, grow: Callable[[str], None] | None
    ) -> Answer:
        services, now = self._services, datetime.now(UTC)
        answerer = Answerer(services.memory, model, replace(services.answerer.options, sampling=sampling))
        text = turns[-1].text
        asked = replace(self._asker, message=replace(self._asker.message, text=text, sent_at=now))
        question = Question(
            text,
            asked.scope,
            now,
            earlier=self._passages(turns[:-1], now) if turns[:-1] else (),
            adjust=None if services.adjust is None else partial(services.adjust, asked),
        )
        answer = await answerer.answer(question, None if grow is None else lambda text: grow(text()))
        services.metrics.count_answer(answer)
        return answer

    async def write(
        self, turns: Sequence[Turn], sampling: Sampling, usage: Callable[[Usage], None]
    ) -> AsyncIterator[str]:
        """Yield what the model writes to these turns, in pieces; then `usage` is told. Raises ModelError."""
        prompt = Prompt(tuple(turns), turns[-1].text)
        written, begun = 0, time.perf_counter()
        metrics = self._services.metrics
        async with using(self._model) as model, aclosing(closable(model.stream(prompt, sampling))) as pieces:
            async for piece in pieces:
                if not written:
                    metrics.first_token.observe(time.perf_counter() - begun)
                written += 1
                yield piece
            speed = model.last_speed
            if speed is not None:
                metrics.count_generation(speed)
                usage(Usage(speed.prompt_tokens, speed.generated_tokens))
            else:
                usage(Usage(sum(model.count(turn.text) for turn in turns), written))

    async def choose_calls(
        self, turns: Sequence[Turn], tools: Sequence[ToolSpec], sampling: Sampling, *, must_call: bool, most: int
    ) -> tuple[WantedCall, ...]:
        """Return the functions of the program that the model wants called. Raises ModelError."""
        async with using(self._model) as model:
            if not tools or isinstance(model, ExtractiveModel):
                return ()
            return await choose_calls(model, turns, tools, sampling, must_call=must_call, most=most)

    def _passages(self, turns: Sequence[Turn], now: datetime) -> tuple[Passage, ...]:
        """Return what a program says was said before, as the history of a conversation has it."""
        place = records.ConversationRecord(0, self._asker.message.sender.platform, "", "", "direct", None)
        name = self._services.answerer.options.name
        return tuple(
            Passage(
                id=_PAST_IDS + number,
                conversation=place,
                author=name if turn.role == "assistant" else self._asker.message.sender.name,
                author_id=None,
                said_at=now,
                kind="answer" if turn.role == "assistant" else "question",
                text=turn.text,
            )
            for number, turn in enumerate(turns)
            if turn.role != "system"
        )
