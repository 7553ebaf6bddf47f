"""Receiving by HTTP: Slack posts each event, and posts it again unless it hears in time that it is stored."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.bolt_app import BoltApp
from adapters.slack.settings import HttpSettings
from bot.errors import AdapterError

logger = logging.getLogger(__name__)

LARGEST_BODY = 1 << 20


async def listen(bolt_app: BoltApp, settings: HttpSettings) -> None:
    """Take what Slack posts, until cancelled. Raises AdapterError when the port can't be had."""
    async with serving(bolt_app, settings):
        await asyncio.Event().wait()


@asynccontextmanager
async def serving(bolt_app: BoltApp, settings: HttpSettings) -> AsyncIterator[None]:
    """Listen while the block runs."""
    app = web.Application(client_max_size=LARGEST_BODY)
    app.router.add_post(settings.path, _Hook(bolt_app).post)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, settings.host, settings.port).start()
        except OSError as error:
            where = f"{settings.host}:{settings.port}"
            raise AdapterError(f"can't listen at {where}: {error.strerror}; see adapters.slack.http") from error
        yield
    finally:
        await runner.cleanup()


class _Hook:
    def __init__(self, bolt_app: BoltApp) -> None:
        self._bolt_app = bolt_app

    async def post(self, request: web.Request) -> web.Response:
        """Take one request. What is not signed learns nothing, and what is not stored comes again."""
        try:
            body = (await request.read()).decode()
        except UnicodeDecodeError:
            return web.Response(status=400)
        if not request.headers.get("X-Slack-Request-Timestamp", "").isdecimal():
            return web.Response(status=401)
        if not request.headers.get("X-Slack-Signature", "").isascii():
            return web.Response(status=401)
        headers: dict[str, str | Sequence[str]] = {name: [value] for name, value in request.headers.items()}
        answer = await self._bolt_app.app.async_dispatch(AsyncBoltRequest(body=body, headers=headers))
        if answer.status >= 500:
            logger.warning("An event of Slack was not stored; Slack sends it again")
        return web.Response(status=answer.status, text=answer.body or "", content_type=_content_type(answer))


def _content_type(answer: BoltResponse) -> str:
    stated = answer.first_headers_without_set_cookie().get("content-type", "text/plain")
    return stated.partition(";")[0]
