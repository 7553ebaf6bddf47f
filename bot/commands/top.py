"""The command `top`: a running bot, live."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live

from bot.commands.live_view.display import layout, record
from bot.commands.live_view.snapshot import NotAnsweringError, Snapshot, read_snapshot
from bot.commands.options import JsonOption
from bot.commands.terminal import print_json
from bot.configuration.settings import Settings
from bot.errors import CommandError
from bot.translation import gettext

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 (where to ask one that listens there)

OnceOption = Annotated[bool, typer.Option("--once", help="Show it once, and end.")]
EveryOption = Annotated[
    float, typer.Option("--every", metavar="SECONDS", min=0.1, help="How many seconds to wait between two looks.")
]
UrlOption = Annotated[
    str | None, typer.Option("--url", metavar="URL", help="The metrics of a bot elsewhere: http://HOST:PORT/metrics.")
]


def top(
    context: typer.Context,
    once: OnceOption = False,  # noqa: FBT002 (typer makes the options of the parameters)
    every: EveryOption = 2.0,
    url: UrlOption = None,
    as_json: JsonOption = False,  # noqa: FBT002 (as above)
) -> None:
    """Watch a running bot: conversations, what waits, tokens per second, memory, and the platforms.

    It reads the bot's metrics, so metrics.port must be set. Ctrl-C ends it. With --json it prints a line each time.

    Example: scrubjay top --once
    """
    address = url or _address_of(context.obj)
    first = read_snapshot(address)
    console = Console(highlight=False)
    with suppress(KeyboardInterrupt):
        if once or not (as_json or console.is_terminal):
            print_json(record(first)) if as_json else console.print(layout(first, None, address))
        elif as_json:
            _print_lines(first, address, every)
        else:
            _watch(console, first, address, every)


def _address_of(settings: Settings) -> str:
    """Return where the bot of these settings tells its metrics. Raises CommandError when it does not."""
    metrics = settings.metrics
    if metrics.port is None:
        raise CommandError(gettext("the bot serves no metrics: set metrics.port in the settings, and restart it"))
    host = _EVERYWHERE.get(metrics.host, metrics.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{metrics.port}/metrics"


def _print_lines(now: Snapshot, address: str, every: float) -> None:
    before: Snapshot | None = None
    while True:
        print_json(record(now, before))
        time.sleep(every)
        before, now = now, read_snapshot(address)


def _watch(console: Console, now: Snapshot, address: str, every: float) -> None:
    """Show what changes; a bot that stops meanwhile is waited for."""
    before: Snapshot | None = None
    with Live(layout(now, before, address), console=console, screen=True, auto_refresh=False) as view:
        while True:
            time.sleep(every)
            problem = ""
            try:
                before, now = now, read_snapshot(address)
            except NotAnsweringError as error:
                problem = str(error)
            view.update(layout(now, before, address, problem), refresh=True)
