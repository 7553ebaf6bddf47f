"""The command `web`: the page and the API, on this machine."""

from __future__ import annotations

import asyncio
import webbrowser
from typing import Annotated

import typer

from bot.adapter import Adapter
from bot.app import open_app
from bot.commands.administration import administering
from bot.commands.answer_server import serve_questions
from bot.commands.metrics_port import serve_metrics
from bot.commands.options import JsonOption
from bot.commands.run import signals
from bot.commands.terminal import print_json
from bot.configuration.adapters_setup import make_adapter
from bot.configuration.settings import Settings
from bot.translation import gettext

HostOption = Annotated[str | None, typer.Option("--host", metavar="HOST", help="Where to listen: 127.0.0.1.")]
PortOption = Annotated[int | None, typer.Option("--port", min=0, max=65535, help="The port; 0 takes a free one: 8765.")]
NoBrowserOption = Annotated[bool, typer.Option("--no-browser", help="Only print the address.")]


def web(
    context: typer.Context,
    host: HostOption = None,
    port: PortOption = None,
    no_browser: NoBrowserOption = False,  # noqa: FBT002 (typer makes the options of the parameters)
    as_json: JsonOption = False,  # noqa: FBT002 (as above)
) -> None:
    """Show what is remembered in a browser, and serve the API. Ctrl-C stops it.

    The address it prints signs you in, once. The table adapters.http in the settings has more to set.

    Example: scrubjay web
    """
    settings: Settings = context.obj
    given = {"host": host, "port": port}
    table = {**settings.adapters.get("http", {}), **{name: value for name, value in given.items() if value is not None}}

    def announce(address: str) -> None:
        if as_json:
            print_json({"url": address})
        else:
            typer.echo(
                gettext("Scrubjay is at {address}\nThe address signs you in, once. Ctrl-C stops it.", address=address)
            )
        if not no_browser:
            webbrowser.open(address)

    adapter = make_adapter("http", table, announce=announce)
    with administering(context, [adapter]):
        asyncio.run(_serve(settings, adapter))


async def _serve(settings: Settings, adapter: Adapter) -> None:
    async with (
        open_app(settings) as app,
        serve_questions(app),
        serve_metrics(settings.metrics, app.core.requests, is_needed=False),
    ):
        serving = asyncio.create_task(app.core.serve([adapter]), name="serve")
        with signals(serving.cancel):
            await asyncio.wait([serving])
    if not serving.cancelled():
        serving.result()
