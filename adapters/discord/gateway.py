"""The connection to Discord's gateway: kept up, resumed where it broke, and read no faster than events are stored."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import aiohttp
import yarl
from discord import Client, ConnectionClosed
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from adapters.backoff import Backoff
from adapters.discord.failures import INTENTS_REFUSED, TOKEN_REFUSED, explain
from adapters.discord.socket import SetAside, TolerantSocket
from bot.errors import AdapterError

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 60.0
_FATAL = {
    4004: TOKEN_REFUSED,
    4010: "Discord refuses the connection: the shard is invalid",
    4011: "Discord refuses the connection: the bot is on so many servers that it needs sharding, which it lacks",
    4012: "Discord no longer speaks this version of its gateway: update discord.py",
    4013: "Discord does not know the intents that are asked for: update discord.py",
    4014: INTENTS_REFUSED,
}
"""Close codes after which trying again does not help
(https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes)."""


@dataclass(frozen=True, slots=True)
class GatewaySession:
    """What a connection can be resumed with."""

    gateway: yarl.URL
    id: str
    sequence: int | None


class Gateway:
    """Reads the gateway for a client, until cancelled.

    `discord.Client.connect` can't wait between two events and stumbles where the first connection fails, so the
    loop around the library's socket is ours. `room` is awaited before each event. While it waits Discord keeps
    what comes; should that take more than a minute, the connection is dropped and resumed. Where a session can't be
    resumed, the next begins after one to five times `identify_seconds`.
    """

    def __init__(
        self,
        client: Client,
        url: str | None,
        backoff: Backoff,
        *,
        room: Callable[[], Awaitable[None]],
        set_aside: SetAside,
        identify_seconds: float = 1.0,
    ) -> None:
        self._client = client
        self._identify_seconds = identify_seconds
        self._url = None if url is None else yarl.URL(url)
        self._backoff = backoff
        self._room = room
        self._set_aside = set_aside
        self._socket: DiscordWebSocket | None = None
        self._session: GatewaySession | None = None
        self._stands = False

    def mark_established(self) -> None:
        """Take note that a session was begun or resumed."""
        self._stands = True
        self._backoff.reset()

    async def receive(self) -> None:
        """Dispatch what arrives to the client, reconnecting as needed. Raises AdapterError when that does not help."""
        while True:
            try:
                await self._connect_and_read()
            except ReconnectWebSocket as error:
                await self._leave_socket(resume=error.resume)
                if not error.resume:  # one to five seconds, says the documentation of Invalid Session
                    await asyncio.sleep(random.uniform(1, 5) * self._identify_seconds)  # noqa: S311 (spreads the load)
                elif not self._stands:
                    await self._backoff.pause("the gateway ends the connection before it stands")
            except ConnectionClosed as error:
                if error.code in _FATAL:
                    raise AdapterError(_FATAL[error.code]) from None
                await self._leave_socket(resume=True)
                await self._backoff.pause(explain(error))
            except (OSError, aiohttp.ClientError) as error:
                await self._leave_socket(resume=True)
                await self._backoff.pause(explain(error))
            except Exception:  # an event that the library can't read; it counts as read when the session goes on
                logger.exception("Discord sent what its library can't read; the session goes on behind it")
                await self._leave_socket(resume=True)
                await self._backoff.pause("an event can't be read")

    async def _connect_and_read(self) -> None:
        self._stands = False
        opening = self._open_socket(self._session)
        self._client.ws = self._socket = socket = await asyncio.wait_for(opening, CONNECT_SECONDS)
        while True:
            await self._room()
            await socket.poll_event()

    async def _open_socket(self, session: GatewaySession | None) -> DiscordWebSocket:
        if session is None:
            socket = await TolerantSocket.from_client(self._client, initial=True, gateway=self._url)
        else:
            socket = await TolerantSocket.from_client(
                self._client, gateway=session.gateway, session=session.id, sequence=session.sequence, resume=True
            )
        socket.set_aside = self._set_aside
        return socket

    async def _leave_socket(self, *, resume: bool) -> None:
        """Leave the socket, keeping what it can be resumed with."""
        socket = self._socket
        if socket is None:
            return
        if not resume:
            self._session = None
        elif socket.session_id is not None:
            self._session = GatewaySession(socket.gateway, socket.session_id, socket.sequence)
        with suppress(Exception):  # it may be broken in any way
            await socket.close()
