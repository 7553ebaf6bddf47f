"""Receiving by Socket Mode: a connection that this process opens, and opens again.

The library's own client neither gives up on a revoked token nor waits longer with each failure, so this loop is ours.
https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.backoff import Backoff
from adapters.slack.api import Api, Json, TokenRefusedError
from adapters.slack.bolt_app import BoltApp
from adapters.slack.payloads import MalformedPayload, check_payload, parse_payload
from bot.adapter import BackgroundTasks
from bot.errors import AdapterError

logger = logging.getLogger(__name__)

PING_SECONDS = 10.0
MOST_OPEN = 500
"""How many envelopes may be on their way; when there are more, Slack has to wait."""
LAST_ACKS_SECONDS = 3.0
LARGEST = 1 << 24
_ENVELOPE = re.compile(r'"envelope_id"\s*:\s*"([\w.-]{1,200})"')


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
                self._backoff.reset()
                if frame.type is not aiohttp.WSMsgType.TEXT:
                    continue
                try:
                    envelope = _parse(frame.data)
                except MalformedPayload as error:
                    await self._room.acquire()
                    envelopes.start(self._set_aside(socket, frame.data, error), name="slack envelope")
                    continue
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
        answer: dict[str, Any] = {"envelope_id": request.envelope_id}
        try:
            try:
                response = await run_async_bolt_app(self._bolt_app.app, request)
            except Exception as error:  # noqa: BLE001 (Bolt stumbles over it before anything of ours; it would each time)
                await self._bolt_app.set_aside(json.dumps(request.payload), error)
            else:
                if response.status != 200:
                    logger.warning("An event of Slack was not stored; Slack sends it again")
                    return
                if response.body:
                    answer["payload"] = _payload(response.body)
            await self._send(socket, answer)
        except Exception:
            logger.exception("An event of Slack could not be taken; Slack sends it again")
        finally:
            self._room.release()

    async def _send(self, socket: aiohttp.ClientWebSocketResponse, answer: dict[str, Any]) -> None:
        try:
            await socket.send_str(json.dumps(answer))
        except (ConnectionError, aiohttp.ClientError):
            logger.info("The connection was gone before an event was acknowledged; Slack sends it again")

    async def _set_aside(self, socket: aiohttp.ClientWebSocketResponse, text: str, error: MalformedPayload) -> None:
        """Have what can't be read kept, and acknowledge it: it would come again and again."""
        try:
            await self._bolt_app.set_aside(text, error)
            if (found := _ENVELOPE.search(text)) is not None:
                await self._send(socket, {"envelope_id": found[1]})
        except Exception:
            logger.exception("An event of Slack could not be taken; Slack sends it again")
        finally:
            self._room.release()


def _is_refresh(envelope: Json) -> bool:
    """Return True where Slack wants a new connection. Raises AdapterError when Socket Mode was switched off."""
    if envelope.get("reason") in {"link_disabled", "too_many_websockets"}:
        raise AdapterError(f"Slack ends the connection: {envelope['reason']}")
    return True


def _parse(text: str) -> Json:
    """Read an envelope. Raises MalformedPayload where it or what it holds is of no shape that Slack documents."""
    envelope = parse_payload(text)
    if envelope.get("envelope_id") is not None:
        if not isinstance(envelope["envelope_id"], str) or not isinstance(envelope.get("type"), str):
            raise MalformedPayload("the envelope has no type")
        check_payload(envelope.get("payload"))
    return envelope


def _payload(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return {"text": body}
