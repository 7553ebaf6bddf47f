"""Receiving by HTTP: Slack posts each event, and posts it again unless it hears in time that it is stored.

https://docs.slack.dev/apis/events-api/using-http-request-urls
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from functools import partial

from aiohttp import web
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.http_listener import listening
from adapters.slack.bolt_app import BoltApp
from adapters.slack.payloads import MalformedPayload, check_payload, parse_payload
from adapters.slack.settings import EventsSettings

logger = logging.getLogger(__name__)


async def listen(bolt_app: BoltApp, settings: EventsSettings) -> None:
    """Take what Slack posts, until cancelled. Raises AdapterError when the port can't be had."""
    routes = [web.post(settings.path, partial(_take, bolt_app))]
    async with listening(settings.host, settings.port, routes, setting="adapters.slack.http"):
        await asyncio.Event().wait()


async def _take(bolt_app: BoltApp, request: web.Request) -> web.Response:
    """Take one request. What is not signed learns nothing, and what is not stored comes again."""
    try:
        body = (await request.read()).decode()
    except UnicodeDecodeError:
        return web.Response(status=400)
    # Bolt's verifier raises for a time that is not a number, and compares signatures in ASCII only.
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    if not (timestamp.isascii() and timestamp.isdecimal() and signature.isascii()):
        return web.Response(status=401)
    if not bolt_app.is_signed(body, timestamp, signature):
        return web.Response(status=401)
    if request.content_type == "application/json":
        try:
            check_payload(parse_payload(body))
        except MalformedPayload as error:
            await bolt_app.set_aside(body, error)
            return web.Response()
    headers: dict[str, str | Sequence[str]] = {name: [value] for name, value in request.headers.items()}
    try:
        answer = await bolt_app.app.async_dispatch(AsyncBoltRequest(body=body, headers=headers))
    except Exception as error:  # noqa: BLE001 (Bolt stumbles over it before anything of ours; it would each time)
        await bolt_app.set_aside(body, error)
        return web.Response()
    if answer.status >= 500:
        logger.warning("An event of Slack was not stored; Slack sends it again")
    return web.Response(status=answer.status, text=answer.body or "", content_type=_content_type(answer))


def _content_type(answer: BoltResponse) -> str:
    stated = answer.first_headers_without_set_cookie().get("content-type", "text/plain")
    return stated.partition(";")[0]
