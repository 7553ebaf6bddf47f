"""Receiving by Socket Mode: a connection that this process opens, and opens again.

The library's own client neither gives up on a revoked token nor waits longer with each failure, so this loop is ours.
https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.backoff import Backoff
from adapters.slack.api import Api, Json, TokenRefusedError
from adapters.slack.bolt_app import BoltApp
from bot.adapter import BackgroundTasks
from bot.errors import AdapterError

logger = logging.getLogger(__name__)

PING_SECONDS = 10.0
MOST_OPEN = 500
"""How many envelopes may be on their way; when there are more, Slack has to wait."""
LAST_ACKS_SECONDS = 3.0
LARGEST = 1 << 24


class SocketMode:
    """Takes envelopes, and acknowledges each when it is stored: Slack sends the others again."""

    def __init__(self, api: Api, bolt_app: BoltApp, backoff: Backoff) -> None:
        self._api = api
        self._bolt_app = bolt_app
        self._backoff = backoff
        self._room = asyncio.Semaphore(MOST_OPEN)

    async def receive(self) -> None:
        """Receive until cancelled. Raises TokenRefusedError when the app's token is refused."""
        while True:
            try:
                await self._receive_once()
            except TokenRefusedError:
                raise
            except AdapterError as error:
                await self._backoff.pause(str(error))
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                await self._backoff.pause(f"the connection failed ({type(error).__name__})")

    async def _receive_once(self) -> None:
        """Receive until Slack ends the connection, as it does now and then, or it breaks off."""
        address = await self._api.open_socket()
        timeout = aiohttp.ClientWSTimeout(ws_close=1.0)
        async with self._api.session.ws_connect(
            address, heartbeat=PING_SECONDS, max_msg_size=LARGEST, timeout=timeout
        ) as socket:
            if await self._take_all(socket):
                return
        raise AdapterError("the connection broke off")

    async def _take_all(self, socket: aiohttp.ClientWebSocketResponse) -> bool:
        """Take envelopes; say whether Slack has announced the end."""
        envelopes = BackgroundTasks[None]()
        try:
            async for frame in socket:
                envelope = _parse(frame)
                self._backoff.reset()
                if envelope.get("type") == "disconnect":
                    return _is_refresh(envelope)
                request = SocketModeRequest.from_dict(envelope)
                if request is None:
                    continue
                await self._room.acquire()
                envelopes.start(self._take(socket, request), name="slack envelope")
            return False
        finally:
            # What is on its way is stored and acknowledged; what takes too long is left to a second delivery.
            await envelopes.close(LAST_ACKS_SECONDS)

    async def _take(self, socket: aiohttp.ClientWebSocketResponse, request: SocketModeRequest) -> None:
        try:
            response = await run_async_bolt_app(self._bolt_app.app, request)
            if response.status != 200:
                logger.warning("An event of Slack was not stored; Slack sends it again")
                return
            answer: dict[str, Any] = {"envelope_id": request.envelope_id}
            if response.body:
                answer["payload"] = _payload(response.body)
            await socket.send_str(json.dumps(answer))
        except (ConnectionError, aiohttp.ClientError):
            logger.info("The connection was gone before an event was acknowledged; Slack sends it again")
        except Exception:
            logger.exception("An event of Slack could not be taken; Slack sends it again")
        finally:
            self._room.release()


def _is_refresh(envelope: Json) -> bool:
    """Return True where Slack wants a new connection. Raises AdapterError when Socket Mode was switched off."""
    if envelope.get("reason") in {"link_disabled", "too_many_websockets"}:
        raise AdapterError(f"Slack ends the connection: {envelope['reason']}")
    return True


def _parse(frame: aiohttp.WSMessage) -> Json:
    if frame.type is not aiohttp.WSMsgType.TEXT:
        return {}
    try:
        parsed = json.loads(frame.data)
    except ValueError:
        logger.warning("Slack sent something that is not JSON, which is passed over")
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _payload(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return {"text": body}
