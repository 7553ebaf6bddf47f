"""Several answers of one model: made together, and without evaluating again what they have in common."""

from __future__ import annotations

import asyncio
import logging
import stat
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bot.errors import ModelError
from bot.models import Prompt, Sampling, SpeedReport, Turn
from bot.models.llama import LlamaModel, LlamaSettings
from tests.emulators.patience import PATIENCE
from tests.gguf_files import write_gguf

RULES = Turn("system", "Answer from the memories you are shown, in a few exact words, or say that there is nothing.")
EXAMPLES = (Turn("user", "Memories: Mara paid. Question: who paid?"), Turn("assistant", "Mara"))
FIXED = (RULES, *EXAMPLES)
GREEDY = Sampling(temperature=0.0, max_tokens=20)
ENDLESS = Sampling(temperature=0.0, max_tokens=30_000)


def asking(text: str, **options: object) -> Prompt:
    return Prompt((*FIXED, Turn("user", text)), text, fixed=len(FIXED), **options)  # type: ignore[arg-type]  # (per test)


async def answer(model: LlamaModel, prompt: Prompt, sampling: Sampling = GREEDY) -> tuple[str, SpeedReport]:
    text = "".join([piece async for piece in model.stream(prompt, sampling)])
    assert model.last_speed is not None
    return text, model.last_speed


@pytest.fixture(scope="session")
def endless_gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_gguf(tmp_path_factory.mktemp("gguf") / "endless.gguf", context_length=32_768, endless=True)


@pytest.fixture
async def model(tiny_gguf: Path) -> AsyncIterator[LlamaModel]:
    async with LlamaModel(LlamaSettings(tiny_gguf, threads=1)) as opened:
        yield opened


def fixed_tokens(model: LlamaModel) -> int:
    """The tokens that every prompt of `asking` begins with; the tiny model has one token a byte and one a mark."""
    begun, ended = model.count("<|im_start|>"), 2
    assert begun > 1  # (as data it is no mark)
    turns = sum(1 + len(f"{turn.role}\n{turn.text}") + ended for turn in FIXED)
    return 1 + turns + 1


async def test_answers_made_together_are_the_same_as_alone(model: LlamaModel) -> None:
    prompts = [asking(f"Who booked trip {number}?") for number in range(7)]
    alone = [(await answer(model, prompt))[0] for prompt in prompts]
    together = await asyncio.gather(*(answer(model, prompt) for prompt in prompts))
    assert [text for text, _ in together] == alone


async def test_the_fixed_prefix_is_evaluated_once_for_all_conversations(model: LlamaModel) -> None:
    await answer(model, asking("Who?"))
    _, speed = await answer(model, asking("And when?"))
    beginning = len("user\n")
    assert speed.reused_tokens == fixed_tokens(model) + beginning
    reports = [await answer(model, asking(f"{letter} paid?")) for letter in "BCDEFGHIJKL"]
    assert {speed.reused_tokens for _, speed in reports} == {fixed_tokens(model) + beginning}


async def test_the_fixed_prefix_is_evaluated_once_for_those_who_ask_at_once(model: LlamaModel) -> None:
    reports = await asyncio.gather(*(answer(model, asking(f"{letter} paid?")) for letter in "BCDE"))
    reused = sorted(speed.reused_tokens for _, speed in reports)
    assert reused[0] == 0
    assert reused[1] >= fixed_tokens(model)


async def test_one_conversation_does_not_drop_what_was_read_for_another(model: LlamaModel) -> None:
    def turn(name: str) -> Prompt:
        history = (Turn("user", f"I am {name} and I like {name}'s garden a lot."), Turn("assistant", "Noted."))
        return Prompt((*FIXED, *history, Turn("user", f"What does {name} like?")), "", fixed=len(FIXED))

    first = {name: (await answer(model, turn(name)))[1] for name in ("Ana", "Tom", "Ida")}
    for name in ("Ana", "Tom", "Ida"):
        _, again = await answer(model, turn(name))
        assert again.reused_tokens == first[name].prompt_tokens - 1


async def test_background_work_takes_nothing_from_a_conversation(model: LlamaModel) -> None:
    _, first = await answer(model, asking("Who booked the hotel?"))
    for number in range(12):
        await answer(model, asking(f"Facts of {number}" * 10, background=True))
    _, again = await answer(model, asking("Who booked the hotel?"))
    assert again.reused_tokens == first.prompt_tokens - 1


async def test_a_conversation_is_answered_while_background_work_goes_on(endless_gguf: Path) -> None:
    async with LlamaModel(LlamaSettings(endless_gguf, threads=1, context_size=4096, parallel=1)) as model:
        work = model.stream(asking("Facts", background=True), replace(ENDLESS, max_tokens=2000))
        await anext(work)
        _, speed = await asyncio.wait_for(answer(model, asking("Who?")), PATIENCE)
        assert speed.generated_tokens == 20
        assert await anext(work)
        await work.aclose()  # type: ignore[attr-defined]  # (an async generator is what the protocol's iterator is)


async def test_who_waits_is_told_how_many_are_served_before(endless_gguf: Path) -> None:
    async with LlamaModel(LlamaSettings(endless_gguf, threads=1, context_size=4096, parallel=1)) as model:
        running = model.stream(asking("First"), ENDLESS)
        await anext(running)
        told: dict[str, list[int]] = {"second": [], "third": []}
        third_waits = asyncio.Event()

        def note(name: str, before: int) -> None:
            told[name].append(before)
            if name == "third":
                third_waits.set()

        prompts = [asking(name, on_wait=partial(note, name)) for name in told]
        waiting = [asyncio.create_task(answer(model, prompt)) for prompt in prompts]
        await asyncio.wait_for(third_waits.wait(), PATIENCE)
        assert told == {"second": [1], "third": [2]}
        await running.aclose()  # type: ignore[attr-defined]  # (as above)
        await asyncio.gather(*waiting)
        assert told == {"second": [1, 0], "third": [2, 1, 0]}


async def test_answers_that_fit_the_context_only_one_by_one_are_all_given(tiny_gguf: Path) -> None:
    async with LlamaModel(LlamaSettings(tiny_gguf, threads=1, context_size=512)) as model:
        prompts = [Prompt((Turn("user", f"{number} " * 200),), "") for number in range(6)]
        alone = [(await answer(model, prompt))[0] for prompt in prompts]
        together = await asyncio.gather(*(answer(model, prompt) for prompt in prompts))
        # Timing decides which prompts share a batch, and so the last bit of a score; random weights have near ties.
        assert [bool(text) for text, _ in together] == [bool(text) for text in alone] == [True] * len(prompts)


async def test_an_answer_with_a_bad_schema_fails_alone(model: LlamaModel) -> None:
    bad = replace(GREEDY, json_schema='{"type": "nonsense"}')
    good, failed = await asyncio.gather(
        answer(model, asking("Who?")), answer(model, asking("When?"), bad), return_exceptions=True
    )
    assert isinstance(failed, ModelError)
    assert not isinstance(good, BaseException)
    assert (await answer(model, asking("Who?")))[0] == good[0]


async def test_closing_the_model_ends_the_answers_in_progress(endless_gguf: Path) -> None:
    async with LlamaModel(LlamaSettings(endless_gguf, threads=1, context_size=4096)) as model:
        running = model.stream(asking("First"), ENDLESS)
        await anext(running)
    with pytest.raises(ModelError, match="closed"):
        async for _ in running:
            pass


# What is kept between starts


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.state"))


async def start(gguf: Path, folder: Path, prompt: Prompt) -> tuple[str, SpeedReport]:
    """Answer with a model that was just started."""
    async with LlamaModel(LlamaSettings(gguf, threads=1, prefix_folder=folder)) as model:
        return await answer(model, prompt)


async def test_the_fixed_prefix_is_kept_between_starts_for_its_owner_alone(tiny_gguf: Path, tmp_path: Path) -> None:
    said, first = await start(tiny_gguf, tmp_path, asking("Who?"))
    again, second = await start(tiny_gguf, tmp_path, asking("Who?"))
    assert first.reused_tokens == 0
    assert second.reused_tokens > 100
    assert again == said
    (file,) = kept(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_what_people_say_is_in_no_kept_file(tiny_gguf: Path, tmp_path: Path) -> None:
    await start(tiny_gguf, tmp_path, asking("Who?"))
    sizes = [file.stat().st_size for file in kept(tmp_path)]
    await start(tiny_gguf, tmp_path / "other", asking("Who booked the hotel with the pool?" * 10))
    assert [file.stat().st_size for file in kept(tmp_path / "other")] == sizes


async def test_a_prefix_that_holds_what_somebody_said_is_on_no_disk(tiny_gguf: Path, tmp_path: Path) -> None:
    private = replace(asking("Who?"), private=True)
    async with LlamaModel(LlamaSettings(tiny_gguf, threads=1, prefix_folder=tmp_path)) as model:
        await answer(model, private)
        _, again = await answer(model, private)
    assert again.reused_tokens > 100
    assert kept(tmp_path) == []


async def test_what_older_versions_kept_of_what_somebody_may_have_said_is_removed(
    tiny_gguf: Path, tmp_path: Path
) -> None:
    old = tmp_path / "0123.prefix"
    old.write_bytes(b"speaks like a friend of zugspitze4711")
    await start(tiny_gguf, tmp_path, asking("Who?"))
    assert not old.exists()


@pytest.mark.parametrize("damage", ["shorter", "changed", "empty"])
async def test_a_damaged_file_is_passed_over_and_written_again(
    tiny_gguf: Path, tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    said, _ = await start(tiny_gguf, tmp_path, asking("Who?"))
    (file,) = kept(tmp_path)
    whole = file.read_bytes()
    changed = bytearray(whole)
    changed[len(whole) // 2] ^= 1
    file.write_bytes({"shorter": whole[:-100], "changed": bytes(changed), "empty": b""}[damage])
    with caplog.at_level(logging.DEBUG, "bot.models.llama"):
        again, speed = await start(tiny_gguf, tmp_path, asking("Who?"))
    assert (again, speed.reused_tokens) == (said, 0)
    assert "damaged" in caplog.text
    assert (await start(tiny_gguf, tmp_path, asking("Who?")))[1].reused_tokens > 100


async def test_another_model_or_another_prefix_has_files_of_its_own(tiny_gguf: Path, tmp_path: Path) -> None:
    other = write_gguf(tmp_path / "other.gguf", layers=1)
    await start(tiny_gguf, tmp_path, asking("Who?"))
    _, speed = await start(other, tmp_path, asking("Who?"))
    assert speed.reused_tokens == 0
    shorter = Prompt((RULES, Turn("user", "Who?")), "Who?", fixed=1)
    _, speed = await start(tiny_gguf, tmp_path, shorter)
    assert speed.reused_tokens == 0
    assert len(kept(tmp_path)) == 3


async def test_only_so_many_files_are_kept(tiny_gguf: Path, tmp_path: Path) -> None:
    async with LlamaModel(LlamaSettings(tiny_gguf, threads=1, prefix_folder=tmp_path)) as model:
        for number in range(12):
            rules = Turn("system", f"{number}: {RULES.text}")
            await answer(model, Prompt((rules, Turn("user", "Who?")), "Who?", fixed=1))
    assert len(kept(tmp_path)) == 8
