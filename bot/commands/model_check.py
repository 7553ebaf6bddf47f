"""The command `model check`: a model's answers on the sample history, held against quoting alone."""

from __future__ import annotations

import asyncio
import io
import tempfile
from contextlib import redirect_stdout
from dataclasses import asdict
from importlib.metadata import entry_points
from importlib.resources import as_file, files
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn

from bot.answering.opening import open_answerer
from bot.commands.evaluation.self_test import QUESTIONS, CheckedAnswer, run_self_test
from bot.commands.lazy_commands import COMMANDS, make_command
from bot.commands.listing import listing
from bot.commands.model_options import with_model_options
from bot.commands.progress import progress
from bot.commands.terminal import print_json, printable
from bot.configuration.settings import Settings
from bot.errors import CommandError, ModelError
from bot.models.check_results import CheckResult, CheckResults
from bot.models.engine import choose_engine, make_model
from bot.models.model_files import find_model_file, why_unusable
from bot.translation import gettext

_SAMPLE = "WhatsApp Chat - Lisbon trip.zip"


def check_model(settings: Settings, model: str | None, *, as_json: bool) -> None:
    """Run the self-test on a model, or on the one in use, and keep the result; exit with 1 if quoting is better."""
    chosen = with_model_options(settings, model)
    engine = choose_engine(chosen)
    if engine == "extractive":
        raise CommandError(
            gettext("no model is in use; `scrubjay model list` shows some, `model pull NAME` downloads one")
        )
    make_model(chosen)  # raises for what is missing, before the sample is imported
    if engine == "llama" and (why := why_unusable(find_model_file(chosen), chosen.model.template)):
        raise ModelError(why)
    with tempfile.TemporaryDirectory(prefix="scrubjay-check-") as folder:
        sample = _import_sample(chosen, Path(folder))
        answers, quotes = asyncio.run(_ask(sample))
    result = CheckResult(
        right=sum(each.right for each in answers),
        own=sum(each.own for each in answers),
        floor=sum(each.right for each in quotes),
        questions=len(QUESTIONS),
    )
    if engine == "llama":
        CheckResults(settings.models_dir).put(find_model_file(chosen), result)
    _show(answers, quotes, result, as_json=as_json)
    if result.is_worse:
        raise typer.Exit(1)


def _import_sample(settings: Settings, folder: Path) -> Settings:
    """Import the sample history into a memory of its own, and return the settings that lead to it."""
    if settings.model.base_url is None:
        path = find_model_file(settings).absolute()
        model = settings.model.model_copy(update={"path": path})
    else:
        model = settings.model
    data = settings.data.model_copy(update={"dir": folder})
    memory = settings.memory.model_copy(update={"cache": settings.cache_dir})
    sample = settings.model_copy(update={"data": data, "memory": memory, "model": model})
    command = make_command(next(iter(entry_points(group=COMMANDS, name="import"))))
    with as_file(files("bot.commands.evaluation") / "sample" / _SAMPLE) as history, redirect_stdout(io.StringIO()):
        command.main([str(history)], "import", standalone_mode=False, obj=sample)
    return sample


async def _ask(settings: Settings) -> tuple[list[CheckedAnswer], list[CheckedAnswer]]:
    """Return the answers of the model and those that quote. Raises ModelError when the model fails."""
    quoting = settings.model_copy(update={"model": settings.model.model_copy(update={"engine": "extractive"})})
    with progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()) as bar:
        task = bar.add_task("answering", total=2 * len(QUESTIONS))
        async with open_answerer(quoting) as (_, answerer):
            quotes = await run_self_test(answerer, lambda: bar.advance(task))
        async with open_answerer(settings) as (_, answerer):
            answers = await run_self_test(answerer, lambda: bar.advance(task))
    problems = [each.answer.problem for each in answers if each.answer.problem]
    if len(problems) == len(answers):
        raise ModelError(problems[0] or "the model failed")
    return answers, quotes


def _show(answers: list[CheckedAnswer], quotes: list[CheckedAnswer], result: CheckResult, *, as_json: bool) -> None:
    if as_json:
        rows = [
            {
                "question": each.question.text,
                "answer": each.answer.text,
                "right": each.right,
                "own": each.own,
                "quoting_right": quote.right,
            }
            for each, quote in zip(answers, quotes, strict=True)
        ]
        print_json({**asdict(result), "answers": rows})
        return
    table = listing("question", "the answer", "right", "own words", "quoting right")
    for each, quote in zip(answers, quotes, strict=True):
        said = printable(" ".join(each.answer.text.split()))
        marks = ("yes" if mark else "" for mark in (each.right, each.own, quote.right))
        table.add_row(each.question.text, said, *marks)
    Console(highlight=False).print(table)
    typer.echo(f"{result.words}.")
    if result.is_worse:
        typer.echo(
            gettext('Answers are better without this model: choose another, or set model.engine to "extractive".')
        )
