"""The endpoint over HTTP, opened by its first request: importing the protocol takes half a second."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.adapter import Caller

Identify = Callable[[Request], Awaitable[Caller]]
"""Tells who makes a request. Raises what the web app answers with a refusal."""


class _McpOnDemand:
    """Answers as the endpoint does, which is opened when the first request comes."""

    def __init__(self, identify: Identify) -> None:
        self._identify = identify
        self._wanted = asyncio.Event()
        self._endpoint: asyncio.Future[ASGIApp] = asyncio.get_running_loop().create_future()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, as an ASGI app."""
        self._wanted.set()
        endpoint = await asyncio.shield(self._endpoint)
        await endpoint(scope, receive, send)

    async def keep_open(self) -> None:
        """Open the endpoint once it is wanted, and keep it open until cancelled."""
        await self._wanted.wait()
        try:
            # In a thread: other requests are served meanwhile.
            over_http = await asyncio.to_thread(importlib.import_module, "adapters.mcp.http_transport")
            async with over_http.open_mcp_endpoint(self._identify) as endpoint:
                self._endpoint.set_result(endpoint)
                await asyncio.Event().wait()
        except Exception as error:
            if self._endpoint.done():
                raise
            self._endpoint.set_exception(error)  # whoever has asked is told


@asynccontextmanager
async def open_on_demand(identify: Identify) -> AsyncIterator[ASGIApp]:
    """Return the endpoint as an ASGI app, for the block."""
    app = _McpOnDemand(identify)
    task = asyncio.create_task(app.keep_open(), name="mcp")
    try:
        yield app
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
