"""The command `ask`: one question, one answer with its sources."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from rich.live import Live
from rich.text import Text

from bot.answering.opening import open_answerer
from bot.answering.records import Answer, Grow, Question
from bot.answering.speed import describe_speed
from bot.commands.model_options import StatsOption, accept_model_options
from bot.commands.options import JsonOption, ScopeChoice, ScopeOption, scope_of
from bot.commands.show import print_json, source_line
from bot.commands.terminal import printable
from bot.configuration.settings import Settings
from bot.errors import ModelError

_FRAMES_PER_SECOND = 12

QuestionArgument = Annotated[str, typer.Argument(metavar="QUESTION", help="What you want to know.")]


@accept_model_options
def ask(
    context: typer.Context,
    question: QuestionArgument,
    scope: ScopeOption = ScopeChoice.OWN,
    as_json: JsonOption = False,  # noqa: FBT002 (typer makes the options of the parameters)
    stats: StatsOption = False,  # noqa: FBT002 (as above)
) -> None:
    """Ask one question, and get the answer with its sources.

    Example: scrubjay ask "when did we book the hotel in Lisbon?"
    """
    settings: Settings = context.obj
    stream = _Stream() if sys.stdout.isatty() and not as_json else None
    answer = asyncio.run(_answer(settings, question, scope, stream))
    if as_json:
        speed = answer.timings.speed
        print_json(as_record(answer) | ({"speed": speed and asdict(speed)} if stats else {}))
    else:
        _show(answer, settings, stream)
        if stats:
            typer.echo("\n".join(["", *describe_speed(answer)]))
    if answer.problem is not None:  # what went wrong stands in the log, on stderr
        raise typer.Exit(ModelError.exit_code)


def as_record(answer: Answer) -> dict[str, object]:
    """Return the answer as `--json` prints it."""
    timings = answer.timings
    return {
        "answer": answer.text,
        "abstained": answer.abstained,
        "model": answer.model,
        "sources": [
            {
                "n": source.n,
                "text": source.text,
                "author": source.author,
                "said_at": source.said_at.isoformat(),
                "conversation": source.conversation,
                "kind": source.kind,
                "score": round(source.score, 4),
                "link": source.link,
            }
            for source in answer.sources
        ],
        "timings": {
            "recall_ms": round(timings.recall_ms, 1),
            "first_token_ms": None if timings.first_token_ms is None else round(timings.first_token_ms, 1),
            "total_ms": round(timings.total_ms, 1),
        },
    }


class _Stream:
    """Shows a growing text on the terminal: first the best sources, over them the answer, at last the whole."""

    def __init__(self) -> None:
        self._live: Live | None = None

    def grow(self, so_far: Callable[[], str]) -> None:
        if self._live is None:
            self._live = Live(refresh_per_second=_FRAMES_PER_SECOND, transient=True)
            self._live.start()
        self._live.update(Text(printable(so_far())))

    def finish(self, text: str) -> None:
        """Show the finished text in the place of what grew."""
        if self._live is not None:
            self._live.stop()
        typer.echo(printable(text))


async def _answer(settings: Settings, text: str, choice: ScopeChoice, stream: _Stream | None) -> Answer:
    grow: Grow | None = stream.grow if stream else None
    async with open_answerer(settings) as (memory, answerer):
        now = datetime.now(settings.time.zone)
        return await answerer.answer(Question(text, await scope_of(memory, choice), now), grow)


def _show(answer: Answer, settings: Settings, stream: _Stream | None) -> None:
    (stream or _Stream()).finish(answer.text)
    if answer.sources:
        typer.echo()
    for source in answer.sources:
        typer.echo(source_line(source, settings.time.zone))
