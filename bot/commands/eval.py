"""The command `eval`: how well the memory finds what answers a question."""

from __future__ import annotations

import asyncio
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.app import open_embedder, open_memory
from bot.commands.options import JsonOption, Reach, ScopeOption, scope_of
from bot.commands.show import print_json
from bot.configuration.settings import Settings
from bot.evaluation.jsonl import read_questions
from bot.evaluation.locomo import read_locomo
from bot.evaluation.measure import Measured, measure, measure_own


class Format(StrEnum):
    """What --format takes."""

    LOCOMO = "locomo"
    JSONL = "jsonl"


PathArgument = Annotated[Path, typer.Argument(metavar="PATH", help="The file with the questions.")]
FormatOption = Annotated[
    Format,
    typer.Option(
        "--format",
        help="locomo: that benchmark's conversations, in a throw-away memory; jsonl: your questions about your memory.",
    ),
]


def evaluate(
    context: typer.Context,
    path: PathArgument,
    format: FormatOption = Format.JSONL,  # noqa: A002 (the option's name)
    scope: ScopeOption = Reach.OWN,
    as_json: JsonOption = False,  # noqa: FBT002 (typer makes the options of the parameters)
) -> None:
    """Measure how well the memory finds what answers a question.

    A line of your own questions: {"question": "when did we book the hotel?", "evidence": ["booked the hotel"]}

    Example: scrubjay eval questions.jsonl --json
    """
    settings: Settings = context.obj
    with Progress(console=Console(stderr=True), transient=True, disable=not Console(stderr=True).is_terminal) as bar:
        if format is Format.LOCOMO:
            measured = asyncio.run(_locomo(settings, path, bar))
        else:
            measured = asyncio.run(_own(settings, path, scope, bar))
    report = measured.report()
    if as_json:
        print_json(report)
    else:
        _show(report)


async def _locomo(settings: Settings, path: Path, bar: Progress) -> Measured:
    samples = read_locomo(path)
    task = bar.add_task("Asking", total=sum(len(sample.questions) for sample in samples))
    embedder = await open_embedder(settings)
    return await measure(samples, embedder, lambda count: bar.advance(task, count))


async def _own(settings: Settings, path: Path, reach: Reach, bar: Progress) -> Measured:
    questions = read_questions(path)
    task = bar.add_task("Asking", total=len(questions))
    async with open_memory(settings) as memory:
        scope = await scope_of(memory, reach)
        now = datetime.now(settings.time.zone)
        return await measure_own(memory, scope, questions, now, lambda count: bar.advance(task, count))


def _show(report: dict[str, Any]) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("recall of", header_style="dim")
    depths = list(report["turn_recall"])
    for depth in depths:
        table.add_column(f"@{depth}", justify="right", header_style="dim")
    rows = {"messages": report["turn_recall"], "sessions": report["session_recall"]}
    rows |= {f"{name} ({each['questions']})": each["turn_recall"] for name, each in report["by_category"].items()}
    for name, figures in rows.items():
        table.add_row(name, *(f"{figures[depth]:.3f}" if depth in figures else "" for depth in depths))
    Console(highlight=False).print(table)
    recall_ms = report["recall_ms"]
    typer.echo(
        f"\n{report['questions']} questions; recall took {recall_ms['p50']} ms (p50), {recall_ms['p95']} ms (p95)."
    )
    if report["ingest_messages_per_second"]:
        typer.echo(f"Messages were stored and embedded at {report['ingest_messages_per_second']} a second.")
