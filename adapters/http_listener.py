"""Listens for what is posted to the bot: Telegram's webhooks, Slack's events, and whatever else comes by HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import cast

from aiohttp import web

from bot.adapter import stop_accepting
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
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(serving(runner, host, port))
        except OSError as error:
            raise AdapterError(f"can't listen at {host}:{port}: {error.strerror}; see {setting}") from error
        yield


@asynccontextmanager
async def serving(runner: web.BaseRunner, host: str, port: int) -> AsyncIterator[asyncio.Server]:
    """Serve while the block runs, then close every connection, also one that was accepted just now."""
    await runner.setup()
    try:
        server = await asyncio.get_running_loop().create_server(cast("web.Server", runner.server), host, port)
        try:
            yield server
        finally:
            await stop_accepting(server.sockets)
            server.close()
    finally:
        await runner.cleanup()
