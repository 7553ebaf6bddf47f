"""Answers of one and of four people at once, against llama.cpp bare, which answers one after the other.

With the real model that `make models` fetches, where it is there; else with random weights of one token a byte.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.bare_llama import BareLlama, bare_llama
from benchmarks.corpus import Corpus
from benchmarks.measuring import Row, Setup, Spread, by_round
from bot.models import Prompt, Sampling, SpeedReport, Turn
from bot.models.catalogue import find_entry
from bot.models.llama import LlamaModel, LlamaSettings
from tests.gguf_files import write_gguf
from tests.real_models import FOLDER

MODEL = "qwen2.5-coder-1.5b"
TEMPLATE = "chatml"
PEOPLE = 4
AT_MOST = 1.05
FIXED = (
    Turn("system", "You answer from memories of what people said, in one short sentence with names and dates."),
    Turn("user", "Memories:\n2 May 2024, Ana: I paid the deposit\nQuestion: Who paid the deposit?"),
    Turn("assistant", "Ana paid the deposit."),
)
NEW_CHARACTERS = 1_400
"""Characters of memories in a prompt: some 450 tokens of a real model."""


@dataclass(frozen=True, slots=True)
class OneAnswer:
    """What was answered: its prompt, when its first word and its last came, and the model's report."""

    prompt: Prompt
    first: float
    whole: float
    speed: SpeedReport


@dataclass(frozen=True, slots=True)
class Round:
    """Some answers asked for at once: seconds until the last was whole, and bare llama.cpp's for the same tokens."""

    answers: list[OneAnswer]
    ours: float
    bare: float


async def measure(setup: Setup) -> list[Row]:
    """Measure an answer alone, and four together."""
    settings = LlamaSettings(_model_file(setup))
    sampling = Sampling(temperature=0, repeat_penalty=1.0, max_tokens=setup.size(40, 8))
    corpus = Corpus(2_000)
    lines = [f"{entry.author}: {entry.text}" for chat in corpus.chats for entry in corpus.entries(chat)]
    async with LlamaModel(settings) as model:
        with bare_llama(settings, TEMPLATE) as bare:
            await _answer(model, _prompt(lines, 0), sampling)  # (the fixed prefix is evaluated)
            alone, together = [], []
            for number in range(setup.size(5, 1)):
                prompts = [_prompt(lines, 1 + number * (PEOPLE + 1) + each) for each in range(PEOPLE + 1)]
                alone.append(await _round(model, bare, sampling, prompts[:1]))
                together.append(await _round(model, bare, sampling, prompts[1:]))
    return [_row("one person's answer", alone), _row(f"{PEOPLE} people's answers, asked for at once", together)]


async def _round(model: LlamaModel, bare: BareLlama, sampling: Sampling, prompts: list[Prompt]) -> Round:
    started = perf_counter()
    answers = await asyncio.gather(*(_answer(model, prompt, sampling) for prompt in prompts))
    ours = perf_counter() - started
    return Round(answers, ours, sum(_answer_bare(bare, answer, sampling) for answer in answers))


async def _answer(model: LlamaModel, prompt: Prompt, sampling: Sampling) -> OneAnswer:
    started, first = perf_counter(), 0.0
    async for _ in model.stream(prompt, sampling):
        first = first or perf_counter() - started
    if model.last_speed is None:
        raise RuntimeError("nothing was generated")
    return OneAnswer(prompt, first, perf_counter() - started, model.last_speed)


def _answer_bare(bare: BareLlama, answer: OneAnswer, sampling: Sampling) -> float:
    """Return the seconds that the same new tokens take to read and as many to generate."""
    tokens = bare.tokens(answer.prompt.turns)
    bare.forget()
    bare.read(tokens[: answer.speed.reused_tokens])
    started = perf_counter()
    bare.read(tokens[answer.speed.reused_tokens :])
    bare.generate(answer.speed.generated_tokens, sampling)
    return perf_counter() - started


def _row(what: str, rounds: list[Round]) -> Row:
    ours, bare = Spread(tuple(each.ours for each in rounds)), Spread(tuple(each.bare for each in rounds))
    answers = [answer for each in rounds for answer in each.answers]
    read = Spread(tuple(answer.speed.prompt_tokens - answer.speed.reused_tokens for answer in answers))
    wrote = Spread(tuple(answer.speed.generated_tokens for answer in answers))
    first = Spread(tuple(answer.first for answer in answers))
    ratio = by_round(ours, bare)
    size = f"{read.median:.0f} new tokens read, {wrote.median:.0f} written each"
    return Row(
        f"{what} ({size}), s until the last is whole",
        f"{ours.shown()}; first words after {first.shown()}",
        f"llama.cpp bare, one after the other: {bare.shown()}",
        ratio.shown(),
        f"≤ {AT_MOST:.2f}",
        ratio.median <= AT_MOST,
    )


def _prompt(lines: list[str], number: int) -> Prompt:
    """Return a prompt of its own for each number."""
    text = "\n".join(lines[number * 20 % len(lines) :])[:NEW_CHARACTERS]
    asked = f"Memories:\n{text}\nQuestion: What did they talk about, and who said what? ({number})"
    return Prompt((*FIXED, Turn("user", asked)), asked, fixed=len(FIXED))


def _model_file(setup: Setup) -> Path:
    entry = find_entry(MODEL)
    real = FOLDER / entry.file if entry else FOLDER
    if real.is_file() and not setup.quick:
        return real
    return write_gguf(setup.folder / "together.gguf", TEMPLATE, width=256, layers=4, context_length=8192, endless=True)
