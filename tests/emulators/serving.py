"""Serves an aiohttp application of the tests on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from adapters import http_listener


@asynccontextmanager
async def serving(app: web.Application | web.Server, port: int = 0) -> AsyncIterator[str]:
    """Serve while the block runs; yield the address, without a slash at its end."""
    runner: web.BaseRunner
    if isinstance(app, web.Application):
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    else:
        runner = web.ServerRunner(app, shutdown_timeout=0.1)
    async with http_listener.serving(runner, "127.0.0.1", port) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
