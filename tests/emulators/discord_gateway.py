"""Discord's gateway: sessions that number what they send, and can be resumed where the connection broke.

https://discord.com/developers/docs/events/gateway
"""

from __future__ import annotations

import json
import secrets
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.emulators.discord_places import Json

_DISPATCH, _RECONNECT, _INVALID, _HELLO, _ACK = 0, 7, 9, 10, 11
_GUILDS, _GUILD_MESSAGES, _GUILD_REACTIONS, _DIRECT_MESSAGES, _DIRECT_REACTIONS = 1, 1 << 9, 1 << 10, 1 << 12, 1 << 13
MESSAGE_CONTENT = 1 << 15
UNKNOWN_OPCODE, WRONG_TOKEN, DISALLOWED_INTENTS = 4001, 4004, 4014


class Connection:
    """One WebSocket, compressed as the client asked for."""

    def __init__(self, socket: web.WebSocketResponse, compression: str) -> None:
        self.socket = socket
        self._deflate = zlib.compressobj() if compression == "zlib-stream" else None

    async def send(self, payload: Json) -> None:
        """Send one payload; into a connection that has ended, nothing."""
        if self.socket.closed:
            return
        text = json.dumps(payload)
        if self._deflate is None:
            await self.socket.send_str(text)
        else:
            squeezed = self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
            await self.socket.send_bytes(squeezed)


@dataclass
class GatewaySession:
    """What one IDENTIFY began: everything sent since, and the connection that it goes through now."""

    id: str
    intents: int
    sent: list[Json] = field(default_factory=list)
    connection: Connection | None = None
    held: Connection | None = None
    delivered: int = 0

    async def dispatch(self, kind: str, data: Json) -> None:
        """Number an event and send it, or keep it until the session is resumed."""
        payload = {"op": _DISPATCH, "t": kind, "s": len(self.sent) + 1, "d": data}
        self.sent.append(payload)
        await self.send(payload)

    async def send(self, payload: Json) -> None:
        """Send what is numbered, if there is a connection."""
        if self.connection is not None:
            await self.connection.send(payload)
            self.delivered = payload["s"]


@dataclass
class Gateway:
    """The sessions of one bot. `seen` counts the client's opcodes by name; `may_read` is the portal's switch."""

    token: Callable[[], str]
    greeting: Callable[[], list[tuple[str, Json]]]
    changed: Callable[[], None]
    may_read: bool = True
    heartbeat_ms: int = 41_250
    sessions: dict[str, GatewaySession] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)

    async def dispatch(self, kind: str, data: Json) -> None:
        """Tell every session of an event that it wants to hear of."""
        needed = needed_intents(kind, data)
        for session in self.sessions.values():
            if session.intents & needed == needed:
                await session.dispatch(kind, data)

    async def hold(self) -> None:
        """Keep what is told from now on, until `release`."""
        for session in self.sessions.values():
            session.held, session.connection = session.connection, None

    async def release(self, order: Callable[[list[Json]], list[Json]]) -> None:
        """Send what was kept, in this order; sequence numbers stay in theirs."""
        for session in self.sessions.values():
            session.connection, session.held = session.held, None
            kept = session.sent[session.delivered :]
            told = order([{"t": each["t"], "d": each["d"]} for each in kept])
            for number, event in enumerate(told, session.delivered):
                session.sent[number] |= event
                await session.send(session.sent[number])

    async def reconnect(self) -> None:
        """Ask the client to come back on another connection, as Discord does now and then."""
        for session in self.sessions.values():
            if session.connection is not None:
                await session.connection.send({"op": _RECONNECT, "t": None, "s": None, "d": None})

    async def drop(self, *, forget: bool = False) -> None:
        """Break every connection; `forget` the sessions as well, so that none can be resumed."""
        for session in list(self.sessions.values()):
            connection, session.connection = session.connection, None
            if connection is not None:
                await connection.socket.close(code=4000)
        if forget:
            self.sessions.clear()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Greet a client, and answer its opcodes until it goes."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(socket, request.query.get("compress", ""))
        await connection.send({"op": _HELLO, "t": None, "s": None, "d": {"heartbeat_interval": self.heartbeat_ms}})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                payload = json.loads(message.data)
                await self._answer(connection, payload["op"], payload.get("d"))
        for session in self.sessions.values():
            if session.connection is connection:
                session.connection = None
        return socket

    async def _answer(self, connection: Connection, op: int, data: Json) -> None:
        match op:
            case 1:
                self.seen["heartbeat"] += 1
                await connection.send({"op": _ACK, "t": None, "s": None, "d": None})
            case 2:
                self.seen["identify"] += 1
                await self._identify(connection, data)
            case 6:
                self.seen["resume"] += 1
                await self._resume(connection, data)
            case 3 | 4 | 8:
                pass  # presence, voice, members: of no interest here
            case _:
                await connection.socket.close(code=UNKNOWN_OPCODE)
        self.changed()

    async def _identify(self, connection: Connection, data: Json) -> None:
        if data["token"] != self.token():
            await connection.socket.close(code=WRONG_TOKEN)
        elif data["intents"] & MESSAGE_CONTENT and not self.may_read:
            await connection.socket.close(code=DISALLOWED_INTENTS)
        else:
            session = GatewaySession(secrets.token_hex(8), data["intents"], connection=connection)
            self.sessions[session.id] = session
            for kind, event in self.greeting():
                await session.dispatch(kind, event | ({"session_id": session.id} if kind == "READY" else {}))

    async def _resume(self, connection: Connection, data: Json) -> None:
        session = self.sessions.get(data["session_id"])
        if data["token"] != self.token():
            await connection.socket.close(code=WRONG_TOKEN)
        elif session is None:
            await connection.send({"op": _INVALID, "t": None, "s": None, "d": False})
        else:
            session.connection = connection
            for payload in session.sent[data["seq"] or 0 :]:
                await session.send(payload)
            await session.dispatch("RESUMED", {})


def needed_intents(kind: str, data: Json) -> int:
    """Return the intents without which an event is not told."""
    on_server = "guild_id" in data
    if kind.startswith("MESSAGE_REACTION"):
        return _GUILD_REACTIONS if on_server else _DIRECT_REACTIONS
    if kind.startswith("MESSAGE_"):
        return _GUILD_MESSAGES if on_server else _DIRECT_MESSAGES
    return 0 if kind == "INTERACTION_CREATE" else _GUILDS
