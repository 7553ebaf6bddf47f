"""Telegram's Bot API on loopback: strict, fallible on demand, and with people who write and read.

    async with TelegramServer.open() as server:
        ana = server.user("Ana")
        …  # a bot with base_url=server.base_url and token=server.token
        await ana.says("hi")
        await ana.sees("hello")

What Telegram refuses is refused here: texts that are empty or too long, wrong entities, HTML that does not parse,
edits too often or of what is gone, unknown chats, a wrong token. Parameters that a method does not know are refused,
too, where Telegram would overlook a bot's mistake. (https://core.telegram.org/bots/api)
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, Self, TypeVar

from aiohttp import web

from tests.emulators.patience import PATIENCE
from tests.emulators.serving import serving
from tests.emulators.telegram_chats import Account, Json, Posted, Room
from tests.emulators.telegram_flood import FloodControl
from tests.emulators.telegram_methods import UPDATE_TYPES, Refusal, call
from tests.emulators.telegram_script import Seat
from tests.emulators.telegram_text import Entity
from tests.emulators.telegram_updates import Updates, Webhook

TOKEN = "4321:jay-TEST_token"  # noqa: S105 (opens nothing)
T = TypeVar("T")


@dataclass
class Fault:
    """What happens to the next `times` calls of a method: an error, or a connection that breaks off.

    "before" breaks off without doing anything, "after" does what was asked and breaks off without an answer; `answer`
    is told instead of what was done. So many calls as it `spares` go well before.
    """

    method: str
    times: int
    refusal: Refusal | None = None
    breaks: Literal["before", "after", ""] = ""
    answer: str | None = None
    spares: int = 0


@dataclass
class TelegramServer:
    """The state of the emulated Telegram, and what was done to it.

    `privacy` is the bot's privacy mode, `takes_drafts` whether sendMessageDraft exists, `calls` counts calls by
    method. While `is_down` every connection breaks off.
    """

    token: str = TOKEN
    bot: Account = field(default_factory=lambda: Account(4321, "Jay", "jay_test_bot", is_bot=True))
    flood: FloodControl = field(default_factory=FloodControl)
    privacy: bool = False
    can_join_groups: bool = True
    takes_drafts: bool = True
    is_down: bool = False
    menu: dict[str, str] = field(default_factory=dict)
    rooms: dict[int, Room] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    updates: Updates = field(default_factory=Updates)
    webhook: Webhook | None = None
    presses: dict[str, asyncio.Future[str]] = field(default_factory=dict)
    base_url: str = ""
    base_file_url: str = ""
    _allowed: frozenset[str] | None = None
    _posting: asyncio.Task[None] | None = None
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1001))
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _room_numbers: dict[int, itertools.count[int]] = field(default_factory=dict)
    _waiting: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    @asynccontextmanager
    async def open(cls, port: int = 0, **settings: Any) -> AsyncIterator[Self]:
        """Serve on loopback while the block runs."""
        server = cls(**settings)
        app = web.Application(client_max_size=1 << 26)
        app.router.add_route("*", "/bot{token}/{method}", server._call)
        app.router.add_get("/file/bot{token}/{path:.+}", server._download)
        async with serving(app, port) as root:
            server.base_url, server.base_file_url = f"{root}/bot", f"{root}/file/bot"
            try:
                yield server
            finally:
                await server.set_webhook("", None)

    # people and chats

    def user(self, name: str) -> Seat:
        """Return a new person in their direct chat with the bot."""
        account = Account(next(self._ids), name, name.casefold())
        room = self.rooms[account.id] = Room(account.id, "private", members=[account])
        return Seat(self, account, room)

    def group(
        self, title: str, *people: Seat, username: str | None = None, forum: bool = False, basic: bool = False
    ) -> Room:
        """Return a new group with the bot in it: a supergroup unless it is `basic`."""
        number = next(self._ids)
        chat = -number if basic else -1_000_000_000_000 - number
        members = [person.account for person in people]
        room = Room(chat, "group" if basic else "supergroup", title, username, forum, members)
        self.rooms[chat] = room
        return room

    def topic(self, group: Room, title: str) -> int:
        """Return the number of a forum's topic, which is opened if it is not there."""
        if title not in group.topics:
            opener = self.post(
                group, group.members[0], "", extra={"forum_topic_created": {"name": title, "icon_color": 0}}
            )
            group.topics[title] = opener.id
        return group.topics[title]

    def upgrade(self, group: Room) -> Room:
        """Make a basic group a supergroup, which has another id, and say so in both."""
        number = next(self._ids)
        new = Room(-1_000_000_000_000 - number, "supergroup", group.title, members=group.members)
        self.rooms[new.id] = new
        self.deliver(self.post(group, group.members[0], "", extra={"migrate_to_chat_id": new.id}))
        group.moved_to = new.id
        self.deliver(self.post(new, group.members[0], "", extra={"migrate_from_chat_id": group.id}))
        return new

    # messages

    def post(
        self,
        room: Room,
        sender: Account,
        text: str,
        *,
        entities: list[Entity] | None = None,
        topic: int | None = None,
        reply_to: Posted | None = None,
        file: Json | None = None,
        extra: Json | None = None,
    ) -> Posted:
        """Put a message into a chat."""
        if topic is not None and reply_to is None:
            reply_to = room.messages[topic]  # in a topic every message "replies" to the one that opened it
        posted = Posted(
            id=self._number(room),
            chat=room,
            sender=sender,
            text=text,
            entities=entities or [],
            topic=topic,
            reply_to=reply_to,
            file=file or {},
            extra=extra or {},
            versions=[text],
        )
        room.messages[posted.id] = posted
        self.changed()
        return posted

    def change(self, posted: Posted, text: str, entities: list[Entity]) -> None:
        """Change a message's text."""
        posted.text, posted.entities, posted.edited = text, entities, int(time.time())
        posted.versions.append(text)
        self.changed()

    def deliver(self, posted: Posted, kind: str = "message") -> None:
        """Tell the bot of a message, if its privacy mode lets it know."""
        if not self.privacy or posted.chat.kind == "private" or self._concerns_bot(posted):
            self.tell(kind, posted.json())

    def tell(self, kind: str, update: Json) -> None:
        """Queue an update, if the bot has asked for its kind."""
        default = kind not in {"message_reaction", "message_reaction_count", "chat_member"}
        if kind in self._allowed if self._allowed else default:
            self.updates.add({kind: update})

    def repeat(self, count: int = 1) -> None:
        """Send the last unconfirmed updates once more, with new numbers."""
        for update in self.updates.pending[-count:]:
            self.updates.add({key: value for key, value in update.items() if key != "update_id"})

    def keep_file(self, data: bytes) -> str:
        """Keep a file and return its id."""
        file_id = f"file{len(self.files) + 1}"
        self.files[file_id] = data
        return file_id

    # faults

    def refuse(
        self, method: str, code: int, description: str, times: int = 1, spares: int = 0, **parameters: object
    ) -> None:
        """Answer the next calls of a method with an error; `retry_after=3` makes a 429 whole."""
        self.faults.append(Fault(method, times, Refusal(code, description, **parameters), spares=spares))

    def storm(self, method: str, times: int, retry_after: float) -> None:
        """Answer the next calls of a method with "429 Too Many Requests"."""
        self.refuse(method, 429, f"Too Many Requests: retry after {retry_after}", times, retry_after=retry_after)

    def break_off(self, method: str, when: Literal["before", "after"], times: int = 1) -> None:
        """Break the connection of the next calls of a method."""
        self.faults.append(Fault(method, times, breaks=when))

    def garble(self, method: str, answer: str, times: int = 1) -> None:
        """Do what the next calls of a method ask for, and answer with this."""
        self.faults.append(Fault(method, times, answer=answer))

    def go_down(self) -> None:
        """Break every connection until `come_back`."""
        self.is_down = True
        self.updates.interrupt()

    def come_back(self) -> None:
        """Serve again."""
        self.is_down = False

    def revoke_token(self) -> None:
        """Accept the token no more."""
        self.token = "0:revoked"  # noqa: S105 (no token any more)
        self.updates.interrupt()

    # waiting

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

    # what methods need

    def allow(self, kinds: object) -> None:
        """Send only these kinds of updates from now on; nothing is changed by None."""
        if isinstance(kinds, list):
            if not UPDATE_TYPES.issuperset(kinds):
                raise Refusal(400, f"Bad Request: unknown update type among {kinds}")
            self._allowed = frozenset(kinds)

    async def set_webhook(self, url: str, secret: str | None) -> None:
        """Post updates to this address; to none when it is empty."""
        if self._posting is not None:
            self._posting.cancel()
            await asyncio.wait([self._posting])
        self.webhook = Webhook(url, secret) if url else None
        self._posting = asyncio.create_task(self.webhook.post(self.updates)) if self.webhook else None

    # HTTP

    async def _call(self, request: web.Request) -> web.Response:
        name = request.match_info["method"]
        self.calls[name] += 1
        fault = self._fault(name)
        if self.is_down or (fault is not None and fault.breaks == "before"):
            return _broken_off(request)
        if request.match_info["token"] != self.token:
            return _refused(Refusal(401, "Unauthorized"))
        if fault is not None and fault.refusal is not None:
            return _refused(fault.refusal)
        try:
            result = await call(self, name, await _parameters(request))
        except Refusal as refusal:
            return _refused(refusal)
        if self.is_down or (fault is not None and fault.breaks == "after"):
            return _broken_off(request)
        if request.match_info["token"] != self.token:
            return _refused(Refusal(401, "Unauthorized"))
        if fault is not None and fault.answer is not None:
            return web.Response(text=fault.answer, content_type="application/json")
        return web.json_response({"ok": True, "result": result})

    async def _download(self, request: web.Request) -> web.StreamResponse:
        if self.is_down:
            return _broken_off(request)
        data = self.files.get(request.match_info["path"].rpartition("/")[2])
        if request.match_info["token"] != self.token or data is None:
            raise web.HTTPNotFound
        return web.Response(body=data, content_type="application/octet-stream")

    def _fault(self, method: str) -> Fault | None:
        for fault in self.faults:
            if fault.method == method and fault.spares > 0:
                fault.spares -= 1
            elif fault.method == method:
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
                return fault
        return None

    def _number(self, room: Room) -> int:
        """Return a message's number: supergroups count for themselves, other chats all together."""
        if room.kind != "supergroup":
            return next(self._numbers)
        return next(self._room_numbers.setdefault(room.id, itertools.count(1)))

    def _concerns_bot(self, posted: Posted) -> bool:
        """Say whether privacy mode lets a message through (https://core.telegram.org/bots/features#privacy-mode)."""
        called = posted.text.startswith("/") or f"@{self.bot.username}" in posted.text
        return called or (posted.reply_to is not None and posted.reply_to.sender is self.bot) or bool(posted.extra)


async def _parameters(request: web.Request) -> Mapping[str, Any]:
    query = dict(request.query)
    if request.content_type == "application/json":
        sent: dict[str, Any] = json.loads(await request.read() or b"{}")
        return query | sent
    return query | dict(await request.post())


def _refused(refusal: Refusal) -> web.Response:
    return web.json_response(refusal.body, status=refusal.code)


def _broken_off(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
