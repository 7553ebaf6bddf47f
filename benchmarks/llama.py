"""What everything around llama.cpp costs: recall, prompt, stream, citations and storing, against the bare generation.

The model has random weights and one token a byte; it is as slow as a small real one and never ends by itself.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from benchmarks.bare_llama import BareLlama, bare_llama
from benchmarks.corpus import Corpus
from benchmarks.measuring import Row, Setup, Spread, by_round, timed
from bot.answering.answer import Answerer
from bot.answering.records import Answer, AnswerOptions, Question
from bot.models import Prompt, Sampling, SpeedReport
from bot.models.llama import LlamaModel, LlamaSettings
from memory import ConversationRecord, Entry, Memory, Scope
from tests.gguf_files import write_gguf

AT_MOST = 0.05
NOW = datetime(2025, 1, 1, 12, tzinfo=UTC)
TEMPLATE = "chatml"
REMEMBERED = 300
MEMORIES = 400
"""Tokens of a prompt that are recollections; at a byte a token, a few messages."""


class _Recorded(LlamaModel):
    """Keeps the last prompt and its report, to run the same again bare."""

    prompt: Prompt | None = None

    async def stream(self, prompt: Prompt, sampling: Sampling) -> AsyncIterator[str]:
        """Yield what the model says."""
        self.prompt = prompt
        async for piece in super().stream(prompt, sampling):
            yield piece

    def read(self) -> tuple[Prompt, SpeedReport]:
        """Return the last prompt and its report. Raises RuntimeError before there is one."""
        if self.prompt is None or self.last_speed is None:
            raise RuntimeError("nothing was generated")
        return self.prompt, self.last_speed


class _Chat:
    """A conversation with the bot that asks and stores as the bot does."""

    def __init__(
        self, memory: Memory, conversation: ConversationRecord, answerer: Answerer, questions: list[str]
    ) -> None:
        self._memory = memory
        self._conversation = conversation
        self._answerer = answerer
        self._questions = questions
        self._asked = 0

    async def turn(self) -> None:
        """Ask the next question: stored, answered with citations, the answer stored."""
        text = self._questions[self._asked % len(self._questions)]
        self._asked += 1
        asked = await self._memory.passages.add(self._conversation, [self._entry(text, "question", "me")])
        scope = Scope.of_conversation(self._conversation.id)
        question = Question(text, scope, NOW, self._conversation.id, frozenset({asked[0].id}))
        answer: Answer = await self._answerer.answer(question, lambda _: None)
        await self._memory.passages.add(
            self._conversation, [replace(self._entry(answer.text, "answer", "bot"), kind="answer")]
        )

    def _entry(self, text: str, role: str, author: str) -> Entry:
        return Entry(text=text, said_at=NOW, author=author, event_id=f"{role}-{self._asked}")


async def measure(setup: Setup) -> list[Row]:
    """Measure the cost of a turn, and what the second turn reads again."""
    path = write_gguf(
        setup.folder / "bare.gguf",
        TEMPLATE,
        width=setup.size(384, 256),
        layers=setup.size(8, 4),
        context_length=8192,
        endless=True,
    )
    settings = LlamaSettings(path, context_size=8192)
    sampling = Sampling(temperature=0, max_tokens=setup.size(128, 16), repeat_penalty=1.0)
    async with (
        Memory.open(setup.folder / "llama.db", setup.embedder) as memory,
        _Recorded(settings) as model,
    ):
        answerer = Answerer(memory, model, AnswerOptions(relevance=0.0, token_budget=MEMORIES, sampling=sampling))
        conversation = await memory.conversations.ensure("console", "benchmark")
        corpus = Corpus(REMEMBERED)
        entries = [entry for chat in corpus.chats for entry in corpus.entries(chat)]
        await memory.passages.add(conversation, entries)
        await memory.embeddings.embed_pending()
        chat = _Chat(memory, conversation, answerer, corpus.questions(entries, 20))
        with bare_llama(settings, TEMPLATE) as bare:
            again = await _second_turn(chat, model, bare)
            return [again, await _overhead(setup, chat, model, bare, sampling)]


async def _second_turn(chat: _Chat, model: _Recorded, bare: BareLlama) -> Row:
    await chat.turn()
    first = bare.tokens(model.read()[0].turns)
    await chat.turn()
    prompt, speed = model.read()
    second = bare.tokens(prompt.turns)
    shared = next((at for at, pair in enumerate(zip(first, second, strict=False)) if pair[0] != pair[1]), len(second))
    evaluated, new = speed.prompt_tokens - speed.reused_tokens, len(second) - shared
    return Row(
        "tokens that the second turn of a conversation evaluates",
        f"{evaluated:,} of {speed.prompt_tokens:,}",
        f"tokens that differ from the first turn's: {new:,}",
        f"{evaluated / new:.2f}",
        "≤ 1",
        evaluated <= new,
    )


async def _overhead(setup: Setup, chat: _Chat, model: _Recorded, bare: BareLlama, sampling: Sampling) -> Row:
    seconds: list[tuple[float, ...]] = []
    for _ in range(setup.size(8, 2)):
        (ours,) = await timed([chat.turn])
        prompt, speed = model.read()
        tokens = bare.tokens(prompt.turns)
        bare.forget()
        bare.read(tokens[: speed.reused_tokens])
        rest = partial(_generate, bare, tokens[speed.reused_tokens :], speed.generated_tokens, sampling)
        seconds.append((ours, *await timed([rest])))
    with_all, alone = (Spread(each) for each in zip(*seconds, strict=True))
    ratio = by_round(with_all, alone)
    cost = Spread(tuple(value - 1 for value in ratio.values))
    return Row(
        f"a whole answer of {sampling.max_tokens} tokens (recalled, laid out, streamed, cited, stored), ms",
        with_all.shown(1000, 0),
        f"llama.cpp bare, the same tokens read and generated: {alone.shown(1000, 0)}",
        f"{cost.median:+.1%} ({min(cost.values):+.1%}–{max(cost.values):+.1%})",
        f"< {AT_MOST:.0%} more",
        cost.median < AT_MOST,
    )


async def _generate(bare: BareLlama, tokens: list[int], count: int, sampling: Sampling) -> None:
    bare.read(tokens)
    bare.generate(count, sampling)
