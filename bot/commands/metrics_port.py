"""What the bot counts on a port of its own, for Prometheus; and whether it is well, for whoever watches over it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.adapter import Requests
from bot.configuration.operating_settings import MetricsSettings
from bot.errors import ConfigError
from bot.pipeline.listeners import stop_accepting

logger = logging.getLogger(__name__)

_MOST_HEADERS = 100
_SECONDS = 10.0
_TEXT = "text/plain; charset=utf-8"


@asynccontextmanager
async def serve_metrics(
    settings: MetricsSettings, requests: Requests, *, is_needed: bool = True
) -> AsyncIterator[int | None]:
    """Serve /metrics, /healthz and /readyz while the block runs; yield the port, or None where none is set.

    A port that can't be had raises ConfigError; unless it `is_needed`, that is logged, and None
    yielded: a bot that runs beside this one may well be serving there.
    """
    if settings.port is None:
        yield None
        return

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, ValueError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(_SECONDS):
                writer.write(await _respond(await _read_path(reader), requests))
                await writer.drain()
        writer.close()

    try:
        server = await asyncio.start_server(answer, settings.host, settings.port)
    except OSError as error:
        problem = f"metrics.port: {settings.host}:{settings.port} can't be had: {error.strerror}"
        if is_needed:
            raise ConfigError(problem) from error
        logger.info("No metrics are served: %s", problem)
        yield None
        return
    async with server:
        port: int = server.sockets[0].getsockname()[1]
        logger.info("Metrics are at http://%s:%s/metrics", settings.host, port)
        try:
            yield port
        finally:
            await stop_accepting(server.sockets)


async def _read_path(reader: asyncio.StreamReader) -> str | None:
    """Return what is asked for, None when it is no GET. Raises ValueError for what is no HTTP."""
    method, path, _ = (await reader.readuntil(b"\n")).decode("latin-1").split(" ", 2)
    for _header in range(_MOST_HEADERS):
        if not (await reader.readuntil(b"\n")).strip():
            return path.partition("?")[0] if method == "GET" else None
    raise ValueError("too many headers")


async def _respond(path: str | None, requests: Requests) -> bytes:
    if path == "/metrics":
        await requests.refresh_metrics()
        return _response(HTTPStatus.OK, generate_latest(requests.registry), CONTENT_TYPE_LATEST)
    if path == "/healthz":
        return _response(HTTPStatus.OK, b"ok\n")
    if path == "/readyz":
        ready = await requests.is_ready()
        return _response(
            HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE, b"ok\n" if ready else b"not ready\n"
        )
    return _response(HTTPStatus.METHOD_NOT_ALLOWED if path is None else HTTPStatus.NOT_FOUND, b"GET /metrics\n")


def _response(status: HTTPStatus, body: bytes, kind: str = _TEXT) -> bytes:
    head = f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Connection: close\r\n\r\n".encode() + body
