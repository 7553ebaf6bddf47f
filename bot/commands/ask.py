"""The command `ask`: one question, one answer with its sources."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.model_options import StatsOption, accept_model_options
from bot.commands.options import JsonOption, ScopeChoice, ScopeOption
from bot.commands.running_bot import ShownAnswer, ask_running_bot
from bot.commands.terminal import print_json, printable
from bot.configuration.settings import Settings
from bot.errors import ModelError

if TYPE_CHECKING:
    from rich.live import Live

logger = logging.getLogger(__name__)

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
    shown = _answer(settings, question, scope, stream)
    if as_json:
        print_json(shown.record | ({"speed": shown.measured} if stats else {}))
    else:
        _show(shown, stream)
        if stats:
            typer.echo("\n".join(["", *shown.speed]))
    if shown.problem is not None:
        raise typer.Exit(ModelError.exit_code)


class _Stream:
    """Shows a growing text on the terminal: first the best sources, over them the answer, at last the whole."""

    def __init__(self) -> None:
        self._live: Live | None = None

    def grow(self, so_far: Callable[[], str]) -> None:
        from rich.live import Live  # noqa: PLC0415 (it takes long, and most answers are there at once)
        from rich.text import Text  # noqa: PLC0415 (as above)

        if self._live is None:
            self._live = Live(refresh_per_second=_FRAMES_PER_SECOND, transient=True)
            self._live.start()
        self._live.update(Text(printable(so_far())))

    def finish(self, text: str) -> None:
        """Show the finished text in the place of what grew."""
        if self._live is not None:
            self._live.stop()
        typer.echo(printable(text))


def _answer(settings: Settings, text: str, choice: ScopeChoice, stream: _Stream | None) -> ShownAnswer:
    """Have a bot that runs answer, or answer here; whoever wants to see the log does so here."""
    grow = stream.grow if stream else None
    shown = None
    if not logging.getLogger().isEnabledFor(logging.INFO):
        shown = ask_running_bot(settings, text, choice.value, grow)
    if shown is not None:
        if shown.problem is not None:
            logger.error("%s failed to answer: %s", shown.record["model"], shown.problem)
        return shown
    from bot.commands.asking import answer_here  # noqa: PLC0415 (a running bot has imported all that)

    return answer_here(settings, text, choice, grow)


def _show(shown: ShownAnswer, stream: _Stream | None) -> None:
    (stream or _Stream()).finish(shown.text)
    if shown.sources:
        typer.echo()
    for line in shown.sources:
        typer.echo(line)
