"""Listens for what is posted to the bot: Telegram's webhooks, Slack's events, and whatever else comes by HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.errors import AdapterError

LARGEST_BODY = 1 << 20
"""In bytes; no platform posts as much, and a stranger who finds the port must not fill the memory."""

SHUTDOWN_SECONDS = 1.0
"""How long a post may still take when the bot stops; what is not stored by then its platform sends again."""


@asynccontextmanager
async def listening(
    host: str, port: int, routes: Iterable[web.RouteDef], *, setting: str, largest_body: int = LARGEST_BODY
) -> AsyncIterator[None]:
    """Serve the routes while the block runs.

    Raises AdapterError when the port can't be had; the message names `setting`, where host and port were given.
    """
    app = web.Application(client_max_size=largest_body)
    app.router.add_routes(list(routes))
    # Without an access log: it would hold secrets that stand in paths.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise AdapterError(f"can't listen at {host}:{port}: {error.strerror}; see {setting}") from error
        yield
    finally:
        await runner.cleanup()
