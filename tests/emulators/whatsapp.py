"""WhatsApp's Cloud API on loopback: strict, fallible on demand, and with people who write and read.

    async with WhatsAppServer.open() as server:
        ana = server.person("Ana")
        …  # a bot with base_url=server.base_url, and its webhook at server.deliveries.url
        await ana.says("hi")
        await ana.sees("hello")

What Meta refuses is refused here (whatsapp_rules.py), and so is what comes too fast, or more than 24 hours after
somebody's last message. As Meta does, it tells of that by a status, after it has taken the message.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from tests.emulators.patience import PATIENCE
from tests.emulators.serving import serving
from tests.emulators.whatsapp_delivery import WebhookPosts
from tests.emulators.whatsapp_graph import application
from tests.emulators.whatsapp_rules import Json, Refusal
from tests.emulators.whatsapp_script import Account, Posted, Room, Seat

TOKEN = "EAAJayTEST"  # noqa: S105 (opens nothing)
APP_SECRET = "0123456789abcdefTEST"  # noqa: S105 (opens nothing)
VERIFY_TOKEN = "blue flowerpot"  # noqa: S105 (opens nothing)
WINDOW_SECONDS = 24 * 60 * 60
T = TypeVar("T")


@dataclass
class Fault:
    """What the next calls get instead of an answer."""

    times: int
    refusal: Refusal | None = None
    status: int = 500
    headers: Json = field(default_factory=dict)


@dataclass
class WhatsAppServer:
    """The state of the emulated platform, and what was done to it.

    `tells_late` says whether a closed chat is told by a status, as Meta does, or at once. `pair_burst` messages may go
    to one person, each of which is free again after `pair_seconds`. With `shows_user_ids` people are known by ids of
    Meta's, with `hides_numbers` by nothing else.
    """

    token: str = TOKEN
    app_secret: str = APP_SECRET
    number_id: str = "106540352242922"
    display_number: str = "15550783881"
    tells_late: bool = True
    pair_burst: int = 10_000
    pair_seconds: float = 6.0
    shows_user_ids: bool = False
    hides_numbers: bool = False
    expires_at: int = 0
    scopes: tuple[str, ...] = ("whatsapp_business_messaging", "whatsapp_business_management")
    quality: str = "GREEN"
    people: dict[str, Account] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)
    claimed_sizes: dict[str, int] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    read: list[str] = field(default_factory=list)
    typing: list[str] = field(default_factory=list)
    deliveries: WebhookPosts = field(default_factory=lambda: WebhookPosts(APP_SECRET))
    root: str = ""
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    @asynccontextmanager
    async def open(cls, **settings: Any) -> AsyncIterator[Self]:
        """Serve on loopback while the block runs."""
        server = cls(**settings)
        async with serving(application(server)) as server.root:
            try:
                yield server
            finally:
                await server.deliveries.close()

    @property
    def base_url(self) -> str:
        """Where the API is."""
        return f"{self.root}/v25.0"

    # people and groups

    def person(self, name: str) -> Seat:
        """Return a new person in their direct chat with the bot."""
        number = f"1650555{next(self.numbers):04}"
        account = Account(number, f"US.{number[::-1]}", name)
        self.people[number] = account
        room = Room(self.id_of(account), [account])
        self.rooms[room.id] = room
        return Seat(self, account, room)

    def group(self, *people: Seat) -> Room:
        """Return a new group."""
        room = Room(f"Y2FwaV9ncm91cDo{next(self.numbers):06}", [seat.account for seat in people], is_group=True)
        self.rooms[room.id] = room
        return room

    def id_of(self, account: Account) -> str:
        """Return how the bot knows a person."""
        return account.user_id if self.shows_user_ids else account.number

    # what happens

    def next_id(self) -> str:
        """Return the id of a new message."""
        return f"wamid.JAY{next(self.numbers):06}=="

    def post(self, room: Room, posted: Posted) -> Posted:
        """Put a message into a chat; one of a person opens it for a day."""
        room.messages[posted.id] = posted
        if posted.sender is not None and posted.kind != "reaction":
            room.heard = max(room.heard, posted.timestamp)
        self._changed.set()
        return posted

    def tell(self, room: Room, sender: Account, message: Json) -> None:
        """Tell the bot of somebody's message."""
        self.deliveries.hand_over(self.value(sender, {**self._from(room, sender), **message}))

    def value(self, sender: Account, message: Json) -> Json:
        """Return what is posted of a message."""
        profile: Json = {"profile": {"name": sender.name}}
        if not self.hides_numbers:
            profile["wa_id"] = sender.number
        if self.shows_user_ids:
            profile["user_id"] = sender.user_id
        return {**self._about(), "contacts": [profile], "messages": [message]}

    def tell_status(self, room: Room, message: str, status: str, error: Refusal | None = None) -> None:
        """Tell the bot what became of one of its messages."""
        told: Json = {"id": message, "status": status, "timestamp": str(int(time.time())), "recipient_id": room.id}
        if error is not None:
            told["errors"] = [error.json()["error"] | {"title": error.details}]
        self.deliveries.hand_over({**self._about(), "statuses": [told]})

    def keep_file(self, data: bytes, media_type: str) -> str:
        """Store a file, and return its id."""
        identity = f"{next(self.numbers):015}"
        self.files[identity], self.media[identity] = data, media_type
        return identity

    def is_open(self, room: Room) -> bool:
        """Say whether somebody there has written in the last 24 hours."""
        return time.time() - room.heard < WINDOW_SECONDS

    def find_room(self, recipient: str) -> Room | None:
        """Return the chat with a person, by either of their ids, or a group."""
        direct = [room for room in self.rooms.values() if not room.is_group]
        known = {key: room for room in direct for key in (room.members[0].number, room.members[0].user_id)}
        return self.rooms.get(recipient) or known.get(recipient)

    async def until(self, found: Callable[[], T | None], within: float = PATIENCE) -> T:
        """Wait until something is there. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while (thing := found()) is None:
                self._changed.clear()
                try:
                    await asyncio.wait_for(self._changed.wait(), 0.05)
                except TimeoutError:
                    continue
            return thing

    # faults

    def refuse(self, code: int, details: str, times: int = 1, *, status: int = 400) -> None:
        """Let the next messages be refused."""
        self.faults.append(Fault(times, Refusal(code, details, status)))

    def fail(self, status: int, times: int = 1, **headers: str) -> None:
        """Let the next messages fail with no error of the API's own."""
        self.faults.append(Fault(times, None, status, headers))

    def take_fault(self) -> Fault | None:
        """Return what the next message gets instead of an answer."""
        fault = self.faults[0] if self.faults else None
        if fault is not None:
            fault.times -= 1
            if not fault.times:
                self.faults.remove(fault)
        return fault

    def _about(self) -> Json:
        metadata = {"display_phone_number": self.display_number, "phone_number_id": self.number_id}
        return {"messaging_product": "whatsapp", "metadata": metadata}

    def _from(self, room: Room, sender: Account) -> Json:
        told: Json = {"group_id": room.id} if room.is_group else {}
        if not self.hides_numbers:
            told["from"] = sender.number
        if self.shows_user_ids:
            told["from_user_id"] = sender.user_id
        return told
