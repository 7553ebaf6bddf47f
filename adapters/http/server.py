"""Runs an ASGI app in the event loop of the bot, until it is told to end."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from adapters.http.settings import HttpSettings
from adapters.http.stalled_clients import with_timeouts
from bot import AdapterError
from bot.adapter import stop_accepting

_SECONDS_TO_END = 5
_BACKLOG = 2048
"""Connections that wait to be taken: as many as come at once from a crowd."""


class _Server(uvicorn.Server):
    """One that leaves signals to the program that it is part of."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop serving; whoever was let in just now is answered or closed like the others."""
        await stop_accepting(sockets or [])
        await super().shutdown(sockets)


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that is bound to the address. Raises AdapterError when that can't be had."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind)
    except OSError as error:
        raise AdapterError(f"can't listen at {host}:{port}: {error.strerror}; see adapters.http") from error
    try:
        if os.name == "posix":  # elsewhere this would let two programs have one port
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(_BACKLOG)
    except OSError as error:
        bound.close()
        hint = "; is it running already?" if error.errno == errno.EADDRINUSE else ""
        raise AdapterError(f"can't listen at {host}:{port}: {error.strerror}{hint}; see adapters.http") from error
    return bound


async def serve(app: ASGIApp, bound: socket.socket, settings: HttpSettings) -> None:
    """Serve the app on a bound socket until this is cancelled; answers that stream then are given a moment to end."""
    config = uvicorn.Config(
        app,
        http=with_timeouts(settings),
        log_config=None,
        access_log=False,  # a log of requests would hold codes that stand in addresses
        server_header=False,
        lifespan="off",
        ws="none",
        proxy_headers=settings.behind_proxy,
        timeout_graceful_shutdown=_SECONDS_TO_END,
        backlog=_BACKLOG,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[bound]), name="http-server")
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await asyncio.wait([serving])
