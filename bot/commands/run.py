"""The command `run`: every chat platform that is set up."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import typer

from bot.access.pairing import Pairing
from bot.access.policy import Role
from bot.adapter import Adapter, ServesRequests
from bot.app import App, open_app
from bot.commands.administration import administering
from bot.commands.answer_server import serve_questions
from bot.commands.metrics_port import serve_metrics
from bot.commands.pair import invitation
from bot.commands.service_manager import READY, STOPPING, keep_watchdog, notify
from bot.configuration.adapters_setup import make_adapters
from bot.configuration.config import load_settings
from bot.configuration.settings import Settings
from bot.errors import ConfigError
from bot.events import platform_of
from bot.pipeline.background import run_beside
from bot.translation import gettext


def run(context: typer.Context) -> None:
    """Run the bot on every chat platform that is set up.

    Each has a table adapters.NAME in the settings, with what that platform needs. Ctrl-C stops it: replies in
    flight are finished, and what is stored waits for the next start. SIGHUP reads the settings again.

    Example: scrubjay run
    """
    settings: Settings = context.obj
    while True:
        if not settings.adapters:
            raise ConfigError(
                gettext(
                    "no chat platform is set up: add a table such as [adapters.telegram] to the settings; to "
                    "talk with the bot in this terminal, use `scrubjay chat`"
                )
            )
        adapters = make_adapters(settings.adapters)
        with administering(context, adapters):
            if not asyncio.run(_run(settings, adapters)):
                break
        settings = context.obj = _read_again(context, settings)
    typer.echo(gettext("Stopped."), err=True)


def _read_again(context: typer.Context, old: Settings) -> Settings:
    """Return the settings as their file has them now; while they are wrong, the old ones hold."""
    options = context.parent.params if context.parent else {}
    try:
        return load_settings(options.get("config"), data_dir=options.get("data"))
    except ConfigError as error:
        typer.echo(gettext("The settings are wrong, so the old ones hold: {error}", error=error), err=True)
        return old


async def _run(settings: Settings, adapters: Sequence[Adapter]) -> bool:
    """Run the bot until it is stopped; say whether it is to start again with new settings."""
    reloading = asyncio.Event()
    async with (
        open_app(settings) as app,
        serve_metrics(settings.metrics, app.core.requests),
        serve_questions(app),
    ):
        serving = asyncio.create_task(app.core.serve(adapters), name="serve")

        def reload() -> None:
            reloading.set()
            serving.cancel()

        with signals(serving.cancel, reload):
            # Told only now: whoever reads it may send a signal at once.
            names = ", ".join(adapter.name for adapter in adapters)
            typer.echo(
                gettext(
                    "Scrubjay runs on {names} with the model {name}. Ctrl-C stops it.", names=names, name=app.model.name
                ),
                err=True,
            )
            # A browser is signed in by a code of its own, which the adapter prints.
            await _invite_owners(app, [adapter.name for adapter in adapters if not isinstance(adapter, ServesRequests)])
            notify(READY)
            async with run_beside(keep_watchdog(app.core.requests.is_ready), name="watchdog"):
                await asyncio.wait([serving])
        notify(STOPPING)
    if not serving.cancelled():
        serving.result()
    return reloading.is_set()


async def _invite_owners(app: App, platforms: Iterable[str]) -> None:
    """Show a code for each platform on which nobody owns the bot yet: on a terminal alone, since logs are kept."""
    for platform in dict.fromkeys(map(platform_of, platforms)):
        if await app.access.has_owner(platform):
            continue
        if not sys.stderr.isatty():
            typer.echo(
                gettext(
                    "Nobody owns the bot on {platform} yet. `scrubjay pair {platform}` makes a code.", platform=platform
                ),
                err=True,
            )
            continue
        code = await Pairing(app.memory.ledger).invite(Role.OWNER, platform)
        said = invitation(code, Role.OWNER, platform)
        typer.echo(
            gettext(
                "Nobody owns the bot on {platform} yet. {said} `scrubjay pair` makes another.",
                platform=platform,
                said=said,
            ),
            err=True,
        )


@contextmanager
def signals(stop: Callable[[], object], reload: Callable[[], object] | None = None) -> Iterator[None]:
    """Stop in order on Ctrl-C and on a service manager's SIGTERM; a second Ctrl-C ends at once. SIGHUP reloads."""
    loop = asyncio.get_running_loop()

    def stop_once() -> None:
        loop.remove_signal_handler(signal.SIGINT)
        stop()

    try:
        loop.add_signal_handler(signal.SIGINT, stop_once)
        loop.add_signal_handler(signal.SIGTERM, stop)
        if reload is not None:
            loop.add_signal_handler(signal.SIGHUP, reload)
    except NotImplementedError:  # Windows: Ctrl-C raises KeyboardInterrupt instead
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        loop.remove_signal_handler(signal.SIGTERM)
        if reload is not None:
            loop.remove_signal_handler(signal.SIGHUP)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)  # one that comes between two runs must not end the bot
