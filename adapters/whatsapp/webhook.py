"""Receiving by webhook: Meta posts what people write, and posts it again for days unless it hears that it is stored.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from functools import partial

from aiohttp import web

from adapters.http_listener import listening
from adapters.whatsapp.payloads import MalformedPayload, read_batches
from adapters.whatsapp.receiver import MessageReceiver
from adapters.whatsapp.settings import WhatsAppSettings

SIGNATURE_HEADER = "X-Hub-Signature-256"
LARGEST_BODY = 4 << 20
"""In bytes; Meta's posts have up to 3 MB."""


async def listen(receiver: MessageReceiver, settings: WhatsAppSettings) -> None:
    """Take what Meta posts, until cancelled. Raises AdapterError when the port can't be had."""
    routes = [
        web.get(settings.path, partial(_verify, settings.verify_token.get_secret_value()), allow_head=False),
        web.post(settings.path, partial(_take, receiver, settings.app_secret.get_secret_value().encode())),
    ]
    async with listening(settings.host, settings.port, routes, setting="adapters.whatsapp", largest_body=LARGEST_BODY):
        await asyncio.Event().wait()


async def _verify(verify_token: str, request: web.Request) -> web.Response:
    """Answer Meta's question whether this address is the bot's, which knows the token that was agreed on."""
    sent = request.query.get("hub.verify_token", "")
    is_known = hmac.compare_digest(_encode(sent), _encode(verify_token))
    if request.query.get("hub.mode") != "subscribe" or not is_known:
        return web.Response(status=403)
    return web.Response(text=request.query.get("hub.challenge", ""))


async def _take(receiver: MessageReceiver, secret: bytes, request: web.Request) -> web.Response:
    """Take one post. What is not signed learns nothing, and what is not stored comes again."""
    body = await request.read()
    if not is_signed(body, request.headers.get(SIGNATURE_HEADER, ""), secret):
        return web.Response(status=403)
    try:
        stored = await receiver.take(read_batches(body))
    except MalformedPayload as error:
        stored = await receiver.set_aside(body.decode("utf-8", "replace"), error)
    return web.Response(status=200 if stored else 503)


def is_signed(body: bytes, signature: str, secret: bytes) -> bool:
    """Say whether a post was signed with the app's secret, in a time that tells nothing of how much was right."""
    expected = f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}"
    return hmac.compare_digest(_encode(signature), expected.encode())


def _encode(text: str) -> bytes:
    return text.encode(errors="surrogateescape")
