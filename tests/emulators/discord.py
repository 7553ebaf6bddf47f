"""Discord on loopback: its gateway and REST API, strict, fallible on demand, and with people who write and read.

    async with DiscordServer.open() as server:
        ana = server.person("Ana")
        …  # a bot with base_url=server.base_url and token=server.token
        await ana.says("hi")
        await ana.sees("hello")

What Discord refuses is refused here: texts that are empty or too long, unknown channels and messages, what the bot has
no permission for, an acknowledgement of a command that comes late or twice, expired and wrong tokens, intents that are
switched off.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Self, TypeVar

from aiohttp import web

from tests.emulators.discord_gateway import Gateway
from tests.emulators.discord_places import Account, Guild, Json, Posted, Room, snowflake
from tests.emulators.discord_rates import Rates
from tests.emulators.discord_rest import ROUTES, Handler, Refusal
from tests.emulators.discord_script import Invocation, Seat
from tests.emulators.patience import PATIENCE
from tests.emulators.serving import serving

TOKEN = "jay.TEST.token"  # noqa: S105 (opens nothing)
OPEN_TO_ALL = ("callback", "follow_up", "edit_answer")
"""Calls that carry the command's token in place of the bot's."""
T = TypeVar("T")


@dataclass
class DiscordServer:
    """The state of the emulated Discord, and what was done to it; `calls` counts calls by handler.

    With `rates` set, calls for a channel have limits as on Discord. While `is_down` every call and every new
    connection breaks off.
    """

    token: str = TOKEN
    bot: Account = field(default_factory=lambda: Account(snowflake(), "Jay", is_bot=True))
    guilds: dict[int, Guild] = field(default_factory=dict)
    rooms: dict[int, Room] = field(default_factory=dict)
    accounts: dict[int, Account] = field(default_factory=dict)
    commands: dict[str, Json] = field(default_factory=dict)
    invocations: dict[str, Invocation] = field(default_factory=dict)
    nonces: dict[tuple[int, str], Posted] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, list[Refusal]] = field(default_factory=dict)
    swallowed: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    is_down: bool = False
    resolves_mentions: bool = True
    rates: Rates | None = None
    root: str = ""
    gateway: Gateway = field(init=False)
    _waiting: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gateway = Gateway(lambda: self.token, self._greeting, self.changed)

    @classmethod
    @asynccontextmanager
    async def open(cls, port: int = 0) -> AsyncIterator[Self]:
        """Serve on loopback while the block runs."""
        server = cls()
        app = web.Application()
        for method, path, handler in ROUTES:
            app.router.add_route(method, f"/api/v10{path}", partial(server._call, handler))
        app.router.add_get("/gateway/", server._connect)
        app.router.add_get("/files/{name}", server._download)
        async with serving(app, port) as server.root:
            try:
                yield server
            finally:
                await server.gateway.drop()

    @property
    def base_url(self) -> str:
        """Where the REST API is."""
        return f"{self.root}/api/v10"

    @property
    def gateway_url(self) -> str:
        """Where the gateway is."""
        return f"{self.root.replace('http', 'ws')}/gateway/"

    @property
    def mention(self) -> str:
        """How a message mentions the bot."""
        return f"<@{self.bot.id}>"

    # people and places

    def person(self, name: str) -> Seat:
        """Return a new person in their direct chat with the bot."""
        account = Account(snowflake(), name)
        self.accounts[account.id] = account
        room = Room(snowflake(), member=account)
        self.rooms[room.id] = room
        return Seat(self, account, room)

    def robot(self, name: str) -> Seat:
        """Return another bot, in a direct chat that nobody reads."""
        account = Account(snowflake(), name, is_bot=True)
        self.accounts[account.id] = account
        return Seat(self, account, Room(snowflake(), member=account))

    def guild(self, name: str) -> Guild:
        """Return a new server with the bot on it."""
        guild = Guild(snowflake(), name)
        self.guilds[guild.id] = guild
        return guild

    def channel(self, guild: Guild, name: str) -> Room:
        """Return a new channel of a server, made before the bot connects."""
        room = Room(snowflake(), name, guild)
        self.rooms[room.id] = guild.rooms[room.id] = room
        return room

    async def thread(self, parent: Room, name: str, *, private: bool = False) -> Room:
        """Return a new thread in a channel, and tell the bot, which is in it."""
        room = Room(snowflake(), name, parent.guild, parent=parent, is_private=private)
        self.rooms[room.id] = room
        if parent.guild is not None:
            parent.guild.threads[room.id] = room
        await self.gateway.dispatch("THREAD_CREATE", room.json() | {"newly_created": True})
        return room

    async def delete_channel(self, room: Room) -> None:
        """Delete a channel or a thread, and tell the bot."""
        del self.rooms[room.id]
        for places in (guild.rooms for guild in self.guilds.values()):
            places.pop(room.id, None)
        for places in (guild.threads for guild in self.guilds.values()):
            places.pop(room.id, None)
        await self.gateway.dispatch("CHANNEL_DELETE" if room.parent is None else "THREAD_DELETE", room.json())

    # messages

    def post(self, room: Room, author: Account, text: str, *, reply_to: Posted | None = None) -> Posted:
        """Put a message into a channel."""
        posted = Posted(snowflake(), room, author, text, reply_to, versions=[text])
        room.messages[posted.id] = posted
        self.changed()
        return posted

    async def tell(self, kind: str, posted: Posted) -> None:
        """Tell the bot of a message: MESSAGE_CREATE or MESSAGE_UPDATE. Twice makes it a duplicate."""
        event = posted.json()
        if posted.room.guild is not None:
            event |= {"guild_id": str(posted.room.guild.id), "member": posted.author.member()}
            is_for_bot = self.bot in (posted.author, *posted.mentions)
            if not self.gateway.may_read and not is_for_bot:
                event |= {"content": "", "attachments": []}
        await self.gateway.dispatch(kind, event)

    async def remove(self, posted: Posted) -> None:
        """Delete a message, and tell the bot."""
        del posted.room.messages[posted.id]
        event = {"id": str(posted.id), "channel_id": str(posted.room.id)}
        if posted.room.guild is not None:
            event["guild_id"] = str(posted.room.guild.id)
        await self.gateway.dispatch("MESSAGE_DELETE", event)

    def keep_file(self, name: str, data: bytes, media_type: str) -> Json:
        """Keep a file and return its attachment object."""
        self.files[name] = data
        url = f"{self.root}/files/{name}"
        about = {"id": str(snowflake()), "filename": name, "size": len(data), "content_type": media_type}
        return {**about, "url": url, "proxy_url": url}

    # faults and waiting

    def refuse(self, handler: str, refusal: Refusal, times: int = 1) -> None:
        """Answer the next calls of a handler with an error."""
        self.faults.setdefault(handler, []).extend([refusal] * times)

    def storm(self, handler: str, times: int, retry_after: float) -> None:
        """Answer the next calls of a handler with "429 Too Many Requests"."""
        self.refuse(handler, Refusal(429, "You are being rate limited.", 0, retry_after), times)

    def swallow(self, handler: str, times: int = 1) -> None:
        """Do what the next calls of a handler ask for, and answer "502 Bad Gateway" all the same."""
        self.swallowed[handler] += times

    def expire(self, invocation: Invocation) -> None:
        """Let a command's token expire, as it does after fifteen minutes."""
        del self.invocations[invocation.token]

    def changed(self) -> None:
        """Let everybody who waits look again."""
        self._waiting.set()
        self._waiting = asyncio.Event()

    async def until(self, found: Callable[[], T | None], within: float = PATIENCE) -> T:
        """Wait until something is found. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while (result := found()) is None:
                await self._waiting.wait()
            return result

    async def connected(self) -> None:
        """Wait until the bot has a session on the gateway, in which it hears all that is told."""
        await self.until(lambda: next((True for each in self.gateway.sessions.values() if each.connection), None))

    # HTTP

    async def _call(self, handler: Handler, request: web.Request) -> web.Response:
        self.calls[handler.__name__] += 1
        self.changed()
        if self.is_down:
            return _broken_off(request)
        try:
            headers = self._admit(handler.__name__, request)
            result = await handler(self, request)
            self._answer(handler.__name__)
        except Refusal as refusal:
            return _json(refusal.body, refusal.status, refusal.headers)
        return web.Response(status=204, headers=headers) if result is None else _json(result, headers=headers)

    def _admit(self, name: str, request: web.Request) -> dict[str, str]:
        """Let a call through and return what its answer says of rates.

        Raises Refusal for a fault that is due, a wrong token, and a call too many.
        """
        if self.faults.get(name):
            raise self.faults[name].pop(0)
        if name not in OPEN_TO_ALL and request.headers.get("Authorization") != f"Bot {self.token}":
            raise Refusal(401, "401: Unauthorized")
        place = request.match_info.get("channel")
        return self.rates.take(name, place) if self.rates is not None and place is not None else {}

    def _answer(self, name: str) -> None:
        """Let an answer through. Raises Refusal where it is to get lost."""
        if self.swallowed[name]:
            self.swallowed[name] -= 1
            raise Refusal(502, "Bad Gateway")

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        if self.is_down:
            return _broken_off(request)
        return await self.gateway.serve(request)

    async def _download(self, request: web.Request) -> web.Response:
        data = self.files.get(request.match_info["name"])
        if data is None:
            raise web.HTTPNotFound
        return web.Response(body=data)

    def _greeting(self) -> list[tuple[str, Json]]:
        ready = {
            "v": 10,
            "user": self.bot.json(),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in self.guilds.values()],
            "resume_gateway_url": self.gateway_url,
            "application": {"id": str(self.bot.id), "flags": 0},
        }
        return [("READY", ready), *(("GUILD_CREATE", guild.json()) for guild in self.guilds.values())]


def _broken_off(request: web.Request) -> web.Response:
    """Break the connection off; what is returned reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=503)


def _json(value: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Return JSON as Discord does, with no charset: the library takes anything else for text."""
    given = {"Content-Type": "application/json"} | (headers or {})
    return web.Response(body=json.dumps(value).encode(), status=status, headers=given)
