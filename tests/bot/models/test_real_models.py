"""What the engine does with real models. `make models` fetches them; without them these tests are skipped."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import takewhile

import pytest

from bot.models import Prompt, Sampling, SpeedReport, Turn
from bot.models.llama import LlamaModel
from tests.real_models import open_real_model

pytestmark = pytest.mark.real_model

RULES = Turn(
    "system", "You answer from memories of what people said, in a few exact words. If nothing answers, say: nothing."
)
EXAMPLES = (
    Turn("user", "Memories:\n2 May 2024, Ana: I paid the deposit yesterday [1 May 2024]\nQuestion: When did Ana pay?"),
    Turn("assistant", "1 May 2024"),
    Turn("user", "Memories:\n4 May 2024, Tom: my knee hurts\nQuestion: What is Tom's blood type?"),
    Turn("assistant", "nothing"),
)
MEMORIES = (
    "3 May 2024, Mara: booked the hotel, Rua da Rosa, 12–16 June\n"
    "5 May 2024, Tom: I can't eat shellfish, remember\n"
    "9 May 2024, Ana: the wifi password is azulejo1755"
)
QUESTIONS = {
    "What can't Tom eat?": "shellfish",
    "What is the wifi password?": "azulejo1755",
    "Who booked the hotel?": "Mara",
}
GREEDY = Sampling(temperature=0.0, repeat_penalty=1.0, max_tokens=24)


def asking(question: str) -> Prompt:
    turns = (RULES, *EXAMPLES, Turn("user", f"Memories:\n{MEMORIES}\nQuestion: {question}"))
    return Prompt(turns, question, fixed=1 + len(EXAMPLES))


async def answer(model: LlamaModel, question: str) -> tuple[str, SpeedReport]:
    text = "".join([piece async for piece in model.stream(asking(question), GREEDY)])
    assert model.last_speed is not None
    return text, model.last_speed


@pytest.fixture(params=["qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b"], scope="module")
def model(request: pytest.FixtureRequest) -> Iterator[LlamaModel]:
    with open_real_model(request.param) as opened:
        yield opened


async def test_facts_are_answered_from_memories(model: LlamaModel) -> None:
    wrong = [question for question, expected in QUESTIONS.items() if expected not in (await answer(model, question))[0]]
    # The smallest answers "Rua da Rosa" to "who?" on some processors, whose last digits differ.
    assert len(wrong) <= 1


async def test_answers_made_together_are_those_made_alone_and_reuse_the_same(model: LlamaModel) -> None:
    for question in QUESTIONS:  # (so that what is reused is the same both times)
        await answer(model, question)
    alone = [await answer(model, question) for question in QUESTIONS]
    together = await asyncio.gather(*(answer(model, question) for question in QUESTIONS))
    assert [text for text, _ in together] == [text for text, _ in alone]
    assert [speed.reused_tokens for _, speed in together] == [speed.prompt_tokens - 1 for _, speed in alone]


async def test_what_is_reused_is_exactly_what_prompts_have_in_common(model: LlamaModel) -> None:
    first, second = (encoded_text(question) for question in ("Who paid the rent?", "Which bus goes there?"))
    common = "".join(one for one, other in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))
    await answer(model, "Who paid the rent?")
    _, speed = await answer(model, "Which bus goes there?")
    # The last words may be cut into tokens otherwise than alone, and marks are tokens that no text has.
    assert abs(speed.reused_tokens - model.count(common) - 3 * (2 + len(EXAMPLES))) <= 8


def encoded_text(question: str) -> str:
    return "\n".join(f"{turn.role}\n{turn.text}" for turn in asking(question).turns)
