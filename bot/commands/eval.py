"""The command `eval`: how well the memory finds what answers a question, and how well it is answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.answering.answer import Answerer
from bot.answering.opening import answer_options, open_embedder, open_memory
from bot.commands.evaluation.answers import AnswerScores
from bot.commands.evaluation.jsonl import read_questions
from bot.commands.evaluation.locomo import read_locomo
from bot.commands.evaluation.measure import Measured, OpenScores, measure, measure_own
from bot.commands.evaluation.sampling import stratify
from bot.commands.options import JsonOption, ScopeChoice, ScopeOption, scope_of
from bot.commands.terminal import print_json
from bot.configuration.settings import Settings
from bot.models.engine import make_model

T = TypeVar("T")


class QuestionFormat(StrEnum):
    """What --format takes."""

    LOCOMO = "locomo"
    JSONL = "jsonl"


PathArgument = Annotated[Path, typer.Argument(metavar="PATH", help="The file with the questions.")]
FormatOption = Annotated[
    QuestionFormat,
    typer.Option(
        "--format",
        help="locomo: that benchmark's conversations, in a throw-away memory; jsonl: your questions about your memory.",
    ),
]


AnswersOption = Annotated[
    bool, typer.Option("--answers", help="Answer the questions as well, with the engine that is set, and score that.")
]
QuestionsOption = Annotated[
    int | None,
    typer.Option("--questions", metavar="N", min=1, help="Ask only this many of them, spread evenly over their kinds."),
]
SeedOption = Annotated[int, typer.Option("--seed", metavar="S", help="Which ones --questions takes.")]


@dataclass(frozen=True, slots=True)
class _Request:
    path: Path
    scope: ScopeChoice
    with_answers: bool
    most: int | None
    seed: int

    def choose(self, questions: Sequence[T], kind_of: Callable[[T], str]) -> Sequence[T]:
        return questions if self.most is None else stratify(questions, kind_of, self.most, self.seed)


def evaluate(
    context: typer.Context,
    path: PathArgument,
    format: FormatOption = QuestionFormat.JSONL,  # noqa: A002 (the option's name)
    scope: ScopeOption = ScopeChoice.OWN,
    answers: AnswersOption = False,  # noqa: FBT002 (typer makes the options of the parameters)
    questions: QuestionsOption = None,
    seed: SeedOption = 0,
    as_json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Measure how well the memory finds the evidence for questions, and how good the answers are.

    A line of your own questions: {"question": "when did we book the hotel?", "evidence": ["booked the hotel"],
    "answer": "3 May 2024"}. The answer is for --answers; null says that nothing is known.

    Example: scrubjay eval questions.jsonl --answers --json
    """
    settings: Settings = context.obj
    request = _Request(path, scope, answers, questions, seed)
    with Progress(console=Console(stderr=True), transient=True, disable=not Console(stderr=True).is_terminal) as bar:
        run = _locomo if format is QuestionFormat.LOCOMO else _own
        measured = asyncio.run(run(settings, request, bar))
    report = measured.report()
    if as_json:
        print_json(report)
    else:
        _show(report)


async def _locomo(settings: Settings, request: _Request, bar: Progress) -> Measured:
    samples = read_locomo(request.path)
    asked = request.choose(
        [(sample, each) for sample in samples for each in sample.questions], lambda it: it[1].category
    )
    chosen = [
        replace(sample, questions=questions)
        for sample in samples
        if (questions := tuple(each for owner, each in asked if owner is sample))
    ]
    task = bar.add_task("Asking", total=len(asked))
    embedder = await open_embedder(settings)
    async with _scoring(settings, request) as open_scores:
        return await measure(chosen, embedder, lambda count: bar.advance(task, count), open_scores)


async def _own(settings: Settings, request: _Request, bar: Progress) -> Measured:
    read = read_questions(request.path, with_answers=request.with_answers)
    questions = request.choose(read, lambda it: it.category)
    task = bar.add_task("Asking", total=len(questions))
    async with open_memory(settings) as memory, _scoring(settings, request) as open_scores:
        scope = await scope_of(memory, request.scope)
        now = datetime.now(settings.time.zone)
        return await measure_own(memory, scope, questions, now, lambda count: bar.advance(task, count), open_scores)


@asynccontextmanager
async def _scoring(settings: Settings, request: _Request) -> AsyncIterator[OpenScores | None]:
    """Open the model where answers are asked for, and return what has a memory's answers scored."""
    if not request.with_answers:
        yield None
        return
    async with make_model(settings) as model:
        options = answer_options(settings)
        yield lambda memory: AnswerScores(Answerer(memory, model, options), model)


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
    if "answers" in report:
        typer.echo()
        _show_answers(report["answers"])


def _show_answers(answers: dict[str, Any]) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(f"of {answers['questions']} answers")
    table.add_column("", justify="right")
    rows = {f"F1, {kind}": value for kind, value in answers["f1"].items()}
    rows |= {
        "not answered, rightly": answers["adversarial_right"],
        "not answered, wrongly": answers["wrongly_abstained"],
        "sources that are evidence": answers["cited_precision"],
    }
    for name, value in rows.items():
        table.add_row(name, "–" if value is None else f"{value:.3f}")
    for name, key in (("prompt, tokens", "prompt_tokens"), ("first word, s", "first_word_s"), ("whole, s", "total_s")):
        table.add_row(
            f"{name} (p50, p95)", ", ".join("–" if each is None else str(each) for each in answers[key].values())
        )
    Console(highlight=False).print(table)
