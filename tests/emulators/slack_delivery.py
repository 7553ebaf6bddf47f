"""How the emulated Slack hands events to a bot: over Socket Mode or by signed posts, and again until they are taken."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from tests.emulators.slack_workspace import Json

TRIES = 4
Kind = Literal["events_api", "slash_commands", "interactive"]


@dataclass
class Parcel:
    """Something to hand over. `answer` is what the bot said when it took it."""

    kind: Kind
    payload: Json
    tries: int = 0
    taken: bool = False
    answer: Json = field(default_factory=dict)


@dataclass
class Deliveries:
    """Hands parcels over. With `http_url` it posts them, signed; else it needs a socket.

    A bot has `ack_seconds` to take a parcel; then it comes again, `retry_seconds` later. `lost` holds what was
    never taken.
    """

    signing_secret: str
    ack_seconds: float = 60.0  # Slack gives three: too few on a machine that is busy with other tests
    retry_seconds: float = 0.05
    http_url: str = ""
    parcels: list[Parcel] = field(default_factory=list)
    lost: list[Parcel] = field(default_factory=list)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    connections: int = 0
    _held: list[Parcel] | None = None
    _acks: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _connected: asyncio.Event = field(default_factory=asyncio.Event)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def hand_over(self, kind: Kind, payload: Json) -> Parcel:
        """Begin to hand something over."""
        parcel = Parcel(kind, payload)
        self.parcels.append(parcel)
        if self._held is None:
            self._start(parcel)
        else:
            self._held.append(parcel)
        return parcel

    def hold(self) -> None:
        """Keep what comes from now on."""
        self._held = []

    def release(self, *, reverse: bool = False, copies: int = 1) -> None:
        """Hand over what was kept, perhaps in reverse and more than once."""
        held, self._held = self._held or [], None
        for parcel in reversed(held) if reverse else held:
            for _ in range(copies):
                self._start(parcel)

    def lose_held(self) -> None:
        """Give up what was kept, as Slack does after its last try."""
        self._held = None

    async def settled(self) -> None:
        """Wait until all is taken or lost."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    # sockets

    async def serve(self, socket: web.WebSocketResponse) -> None:
        """Say hello, and take acknowledgements until the connection ends."""
        await socket.send_json({"type": "hello", "num_connections": len(self.sockets) + 1, "connection_info": {}})
        self.connections += 1
        self.sockets.append(socket)
        self._connected.set()
        try:
            async for frame in socket:
                if frame.type is aiohttp.WSMsgType.TEXT:
                    self._acknowledged(json.loads(frame.data))
        finally:
            if socket in self.sockets:
                self._leave(socket)

    def drop(self) -> None:
        """Break all connections off."""
        for socket in list(self.sockets):
            self._leave(socket)
            transport = socket._req.transport if socket._req else None
            if transport is not None:
                transport.abort()

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Ask the bot to connect anew, as Slack does every few hours, or for another reason."""
        for socket in list(self.sockets):
            self._leave(socket)
            await socket.send_json({"type": "disconnect", "reason": reason})

    def _leave(self, socket: web.WebSocketResponse) -> None:
        self.sockets.remove(socket)
        if not self.sockets:
            self._connected.clear()

    def _acknowledged(self, ack: Json) -> None:
        waiting = self._acks.pop(ack["envelope_id"], None)
        if waiting is not None and not waiting.done():
            waiting.set_result(ack.get("payload") or {})

    # handing over

    def _start(self, parcel: Parcel) -> None:
        task = asyncio.create_task(self._hand_over(parcel))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _hand_over(self, parcel: Parcel) -> None:
        for number in range(TRIES if parcel.kind == "events_api" else 1):
            parcel.tries += 1
            give = self._posted if self.http_url else self._sent
            answer = await give(parcel, number)
            if answer is not None:
                parcel.taken, parcel.answer = True, answer
                return
            await asyncio.sleep(self.retry_seconds)
        if not parcel.taken:
            self.lost.append(parcel)

    async def _sent(self, parcel: Parcel, number: int) -> Json | None:
        await self._connected.wait()
        envelope = f"e{next(self._numbers)}"
        waiting = self._acks[envelope] = asyncio.get_running_loop().create_future()
        message: Json = {"envelope_id": envelope, "type": parcel.kind, "payload": parcel.payload}
        message["accepts_response_payload"] = parcel.kind != "events_api"
        if number:
            message |= {"retry_attempt": number, "retry_reason": "timeout"}
        try:
            await self.sockets[-1].send_json(message)
            async with asyncio.timeout(self.ack_seconds):
                answer: Json = await waiting
        except (TimeoutError, ConnectionError, IndexError):
            return None
        return answer

    async def _posted(self, parcel: Parcel, number: int) -> Json | None:
        if parcel.kind == "events_api":
            body, content_type = json.dumps(parcel.payload), "application/json"
        else:
            form = {"payload": json.dumps(parcel.payload)} if parcel.kind == "interactive" else parcel.payload
            body, content_type = urlencode(form), "application/x-www-form-urlencoded"
        headers = {"Content-Type": content_type, **signed(self.signing_secret, body)}
        if number:
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_error"}
        timeout = aiohttp.ClientTimeout(total=self.ack_seconds)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(self.http_url, data=body.encode(), headers=headers) as response,
            ):
                text = await response.text()
        except (aiohttp.ClientError, TimeoutError):
            return None
        if response.status != 200:
            return None
        said: Json = json.loads(text) if text.startswith("{") else {"text": text} if text else {}
        return said


def signed(secret: str, body: str, at: int | None = None) -> dict[str, str]:
    """Return the headers that prove that Slack sent this body."""
    moment = str(int(time.time()) if at is None else at)
    digest = hmac.new(secret.encode(), f"v0:{moment}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={digest}"}
