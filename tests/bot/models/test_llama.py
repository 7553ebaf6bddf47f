from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import ModelError, ModelFileError
from bot.models import Prompt, Sampling, SpeedReport, Turn
from bot.models.llama import LlamaModel, LlamaSettings
from tests.emulators.patience import PATIENCE
from tests.gguf_files import write_gguf

SYSTEM = Turn("system", "Answer from the messages you are shown.")
FIRST = Turn("user", "When did we book the hotel in Lisbon?")
SECOND = Turn("user", "And who paid for it?")


def prompt(*turns: Turn) -> Prompt:
    return Prompt(turns=turns, question=turns[-1].text)


async def answer(model: LlamaModel, sampling: Sampling, *turns: Turn) -> tuple[str, SpeedReport]:
    text = "".join([piece async for piece in model.stream(prompt(*turns), sampling)])
    assert model.last_speed is not None
    return text, model.last_speed


@pytest.fixture(scope="session")
def endless_gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A larger, slower model that never ends an answer by itself."""
    path = tmp_path_factory.mktemp("gguf") / "endless.gguf"
    return write_gguf(path, width=256, layers=4, context_length=32_768, endless=True)


@pytest.fixture
def cut_gguf(tiny_gguf: Path, tmp_path: Path) -> Path:
    """A model whose last thousand bytes are missing."""
    path = tmp_path / "cut.gguf"
    path.write_bytes(tiny_gguf.read_bytes()[:-1000])
    return path


@pytest.fixture
async def model(tiny_gguf: Path) -> AsyncIterator[LlamaModel]:
    async with LlamaModel(LlamaSettings(tiny_gguf, threads=1)) as opened:
        yield opened


async def test_a_model_answers_and_reports_its_speed(model: LlamaModel) -> None:
    text, speed = await answer(model, Sampling(seed=1, max_tokens=20), SYSTEM, FIRST)
    assert text
    assert model.name == "tiny"
    assert 0 < speed.generated_tokens <= 20
    assert speed.reused_tokens == 0
    assert speed.prompt_tokens > model.count(SYSTEM.text) + model.count(FIRST.text)
    assert 0 < speed.prompt_seconds <= speed.first_token_seconds


async def test_the_second_turn_evaluates_only_what_is_new(model: LlamaModel) -> None:
    sampling = Sampling(seed=1, max_tokens=5)
    _, first = await answer(model, sampling, SYSTEM, FIRST)
    reply = Turn("assistant", "On 3 May.")
    _, second = await answer(model, sampling, SYSTEM, FIRST, reply, SECOND)
    assert second.reused_tokens == first.prompt_tokens
    _, third = await answer(model, sampling, SYSTEM, FIRST, reply, SECOND, reply, FIRST)
    assert third.reused_tokens == second.prompt_tokens


async def test_the_same_prompt_again_evaluates_one_token_and_gives_the_same_answer(model: LlamaModel) -> None:
    greedy = Sampling(temperature=0.0, max_tokens=15)
    said, first = await answer(model, greedy, SYSTEM, FIRST)
    again, second = await answer(model, greedy, SYSTEM, FIRST)
    assert again == said
    assert second.reused_tokens == first.prompt_tokens - 1


async def test_a_changed_beginning_is_evaluated_anew_and_answered_as_by_a_fresh_model(
    model: LlamaModel, tiny_gguf: Path
) -> None:
    sampling = Sampling(seed=5, max_tokens=30)
    await answer(model, sampling, SYSTEM, FIRST)
    changed = Turn("system", "Answer in rhymes.")
    said, _ = await answer(model, sampling, changed, FIRST)
    async with LlamaModel(LlamaSettings(tiny_gguf, threads=1)) as fresh:
        expected, _ = await answer(fresh, sampling, changed, FIRST)
    assert said == expected


async def test_a_prompt_is_evaluated_the_same_in_small_batches(model: LlamaModel, tiny_gguf: Path) -> None:
    sampling = Sampling(temperature=0.0, max_tokens=30)
    said, _ = await answer(model, sampling, SYSTEM, FIRST)
    async with LlamaModel(LlamaSettings(tiny_gguf, threads=1, batch=32)) as small:
        assert (await answer(small, sampling, SYSTEM, FIRST))[0] == said


async def test_the_seed_decides_the_answer(model: LlamaModel) -> None:
    hot = Sampling(temperature=2.0, seed=1, max_tokens=40)
    said = [(await answer(model, replace(hot, seed=seed), FIRST))[0] for seed in (1, 1, 2)]
    assert said[0] == said[1] != said[2]


@pytest.mark.parametrize("narrow", [{"top_k": 1}, {"top_p": 1e-6}, {"min_p": 1.0}, {"temperature": 0.0}])
async def test_each_way_to_narrow_the_choice_to_one_takes_the_likeliest(
    model: LlamaModel, narrow: dict[str, float]
) -> None:
    base = Sampling(temperature=2.0, repeat_penalty=1.0, max_tokens=40)
    greedy, _ = await answer(model, replace(base, temperature=0.0), FIRST)
    assert (await answer(model, replace(base, **narrow), FIRST))[0] == greedy  # type: ignore[arg-type]  # (per test)


async def test_the_repeat_penalty_works_over_its_window(endless_gguf: Path) -> None:
    async with LlamaModel(LlamaSettings(endless_gguf, threads=1)) as model:
        plain = Sampling(temperature=0.0, repeat_penalty=1.0, max_tokens=200)
        repeating, _ = await answer(model, plain, SECOND)
        varied, _ = await answer(model, replace(plain, repeat_penalty=5.0, repeat_last_n=-1), SECOND)
        off, _ = await answer(model, replace(plain, repeat_penalty=5.0, repeat_last_n=0), SECOND)
    assert len(set(varied)) > len(set(repeating))
    assert off == repeating


async def test_an_answer_ends_at_its_limit(model: LlamaModel) -> None:
    _, speed = await answer(model, Sampling(temperature=0.0, max_tokens=3), FIRST)
    assert speed.generated_tokens == 3


async def test_an_answer_ends_before_a_stop_text(model: LlamaModel) -> None:
    sampling = Sampling(temperature=2.0, seed=3, max_tokens=60)
    said, whole = await answer(model, sampling, FIRST)
    stop = said[10:13]
    cut, short = await answer(model, replace(sampling, stop=(stop,)), FIRST)
    assert cut == said[: said.index(stop)]
    assert short.generated_tokens < whole.generated_tokens


async def test_an_answer_ends_at_the_models_own_end_token(model: LlamaModel) -> None:
    _, speed = await answer(model, Sampling(temperature=5.0, top_k=0, top_p=1.0, min_p=0.0, max_tokens=1500), FIRST)
    assert speed.generated_tokens < 1500


async def test_an_answer_ends_where_the_context_does(endless_gguf: Path) -> None:
    async with LlamaModel(LlamaSettings(endless_gguf, threads=1, context_size=256)) as model:
        _, speed = await answer(model, Sampling(temperature=0.0, max_tokens=100_000), FIRST)
        assert model.context_size == 256
    assert speed.prompt_tokens + speed.generated_tokens == 256


async def test_a_prompt_longer_than_the_context_is_refused_with_both_numbers(model: LlamaModel) -> None:
    with pytest.raises(ModelError, match=r"30\d\d tokens and the model's context only 2048.*model\.context_size"):
        await answer(model, Sampling(), Turn("user", "x" * 3000))
    assert (await answer(model, Sampling(max_tokens=5), FIRST))[1].generated_tokens <= 5


ENDLESS = Sampling(temperature=0.0, max_tokens=30_000)


async def test_closing_an_answer_stops_the_generation(endless_gguf: Path) -> None:
    async with LlamaModel(LlamaSettings(endless_gguf, threads=1, context_size=32_768)) as model:
        pieces = model.stream(prompt(FIRST), ENDLESS)
        await anext(pieces)
        await pieces.aclose()  # type: ignore[attr-defined]  # (an async generator is what the protocol's iterator is)
        assert model.last_speed is None  # which it would have, had it been generated to its end
        assert (await answer(model, Sampling(max_tokens=3), FIRST))[1].reused_tokens > 0


async def test_a_cancelled_task_stops_its_generation_and_frees_the_model(endless_gguf: Path) -> None:
    async with LlamaModel(LlamaSettings(endless_gguf, threads=1, context_size=32_768)) as model:
        begun = asyncio.Event()

        async def consume() -> None:
            async for _ in model.stream(prompt(FIRST), ENDLESS):
                begun.set()

        task = asyncio.create_task(consume())
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await answer(model, Sampling(max_tokens=3), FIRST))[1].generated_tokens <= 3


async def test_an_answer_that_waits_for_its_turn_can_be_closed_at_once(endless_gguf: Path) -> None:
    async with LlamaModel(LlamaSettings(endless_gguf, threads=1, context_size=32_768)) as model:
        running = model.stream(prompt(FIRST), ENDLESS)
        await anext(running)
        waiting = asyncio.create_task(answer(model, ENDLESS, SECOND))
        await asyncio.sleep(0.05)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(waiting, PATIENCE)
        assert await anext(running)
        await running.aclose()  # type: ignore[attr-defined]  # (as above)


async def test_answers_asked_for_together_are_the_same_as_one_by_one(model: LlamaModel) -> None:
    sampling = Sampling(seed=9, max_tokens=30)
    alone = [(await answer(model, sampling, turn))[0] for turn in (FIRST, SECOND)]
    together = await asyncio.gather(answer(model, sampling, FIRST), answer(model, sampling, SECOND))
    assert [text for text, _ in together] == alone


async def test_only_one_thread_ever_touches_the_model_and_it_ends_with_it(tiny_gguf: Path) -> None:
    async with LlamaModel(LlamaSettings(tiny_gguf, threads=1)) as model:
        await asyncio.gather(*(answer(model, Sampling(max_tokens=3), FIRST) for _ in range(4)))
        assert len([thread for thread in threading.enumerate() if thread.name.startswith("llama")]) == 1
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("llama")]


async def test_a_model_outside_its_context_says_how_to_use_it(tiny_gguf: Path) -> None:
    model = LlamaModel(LlamaSettings(tiny_gguf))
    assert model.name == "tiny"
    with pytest.raises(ModelError, match="async with"):
        model.count("hello")


async def refusal(settings: LlamaSettings) -> str:
    with pytest.raises(ModelError) as raised:
        async with LlamaModel(settings):
            pass
    return str(raised.value)


async def test_a_missing_file_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"gone\.gguf"):
        async with LlamaModel(LlamaSettings(tmp_path / "gone.gguf")):
            pass


async def test_a_truncated_file_is_refused_with_its_name(cut_gguf: Path) -> None:
    assert "cut.gguf: the file is cut off" in await refusal(LlamaSettings(cut_gguf))


async def test_a_file_that_llama_cpp_refuses_is_named_with_its_reason(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "odd.gguf", metadata={"llama.block_count": 9})
    said = await refusal(LlamaSettings(path))
    assert "odd.gguf: llama.cpp can't load this model" in said
    assert "blk.2" in said


async def test_a_model_without_a_template_asks_for_the_setting(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "bare.gguf", None)
    said = await refusal(LlamaSettings(path))
    assert "bare.gguf" in said
    assert "Set model.template" in said
    async with LlamaModel(LlamaSettings(path, threads=1, template="chatml")) as model:
        assert await answer(model, Sampling(max_tokens=3), FIRST)


async def test_a_bad_template_in_the_file_names_the_file_and_the_setting(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "jinja.gguf", source="{% for %}")
    said = await refusal(LlamaSettings(path))
    assert "jinja.gguf" in said
    assert "model.template" in said


async def test_an_unknown_template_name_is_refused(tiny_gguf: Path) -> None:
    assert "'vicuna'" in await refusal(LlamaSettings(tiny_gguf, template="vicuna"))


async def test_the_context_is_no_larger_than_the_model_was_trained_for(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "short.gguf", context_length=512)
    async with LlamaModel(LlamaSettings(path, threads=1, context_size=4096)) as model:
        assert model.context_size == 512


def run_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)  # noqa: S603 (our own code)


LOAD = """
import asyncio, sys
from pathlib import Path
from bot.errors import ModelError
from bot.models import Prompt, Sampling, Turn
from bot.models.llama import LlamaModel, LlamaSettings

async def main():
    async with LlamaModel(LlamaSettings(Path(sys.argv[1]), threads=1)) as model:
        async for _ in model.stream(Prompt((Turn("user", "hi"),), "hi"), Sampling(max_tokens=5)):
            pass

try:
    asyncio.run(main())
except ModelError as error:
    print("refused:", error)
else:
    print("answered")
"""


def test_llama_cpp_writes_nothing_to_the_terminal(tiny_gguf: Path, tmp_path: Path) -> None:
    odd = write_gguf(tmp_path / "odd.gguf", metadata={"llama.block_count": 9})
    whole, refused = run_python(LOAD, str(tiny_gguf)), run_python(LOAD, str(odd))
    assert (whole.stdout, whole.stderr) == ("answered\n", "")
    assert refused.stdout.startswith("refused:")
    assert refused.stderr == ""


def test_without_the_engine_installed_the_command_that_installs_it_is_given(tiny_gguf: Path) -> None:
    blocked = "import sys; sys.modules['llama_cpp'] = None\n" + LOAD
    assert "scrubjay extras add llama" in run_python(blocked, str(tiny_gguf)).stdout


def test_importing_the_models_loads_no_engine() -> None:
    code = "import sys, bot.models.llama; print('llama_cpp' in sys.modules, 'jinja2' in sys.modules)"
    assert run_python(code).stdout == "False False\n"
