"""The command `chat`: the bot in the terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

import typer

from bot.access.terminal_history import HISTORY
from bot.adapter import Adapter
from bot.app import open_app
from bot.commands.answer_server import serve_questions
from bot.commands.metrics_port import serve_metrics
from bot.commands.model_options import accept_model_options
from bot.configuration.loader import ADAPTERS, load
from bot.configuration.settings import Settings

FILES = "received"


@accept_model_options
def chat(context: typer.Context) -> None:
    """Chat in the terminal. /help lists what can be done there; Ctrl-C stops an answer, Ctrl-D leaves.

    Without a terminal each line of standard input is a question. /speed shows how long the last answer took.

    Example: scrubjay chat
    """
    asyncio.run(_chat(context.obj))


async def _chat(settings: Settings) -> None:
    make_console = cast("Callable[..., Adapter]", load(ADAPTERS, "console"))
    async with (
        open_app(settings) as app,
        serve_questions(app),
        serve_metrics(settings.metrics, app.core.requests, is_needed=False),
    ):
        console = make_console(
            commands=[(command.name, command.help) for command in app.core.commands],
            history_file=settings.data_dir / HISTORY,
            zone=settings.time.zone,
            idle=app.core.idle,
            files_folder=settings.data_dir / FILES,
        )
        await app.core.serve([console])
