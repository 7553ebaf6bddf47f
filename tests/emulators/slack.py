"""Slack on loopback: strict, fallible on demand, and with people who write and read.

    async with SlackServer.open() as server:
        ana = server.person("Ana")
        …  # a bot with base_url=server.base_url, server.bot_token and server.app_token
        await ana.says("hi")
        await ana.sees("hello")

What Slack refuses is refused here: texts that are too long, blocks that are wrong, unescaped text in them, edits of
what is gone or another's, streams without a thread or after their end, missing scopes, wrong tokens.
(https://docs.slack.dev/reference/methods)
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, Self, TypeVar

from tests.emulators.patience import PATIENCE
from tests.emulators.serving import serving
from tests.emulators.slack_delivery import Deliveries, Parcel
from tests.emulators.slack_methods import METHODS
from tests.emulators.slack_script import Seat
from tests.emulators.slack_web import Fault, application
from tests.emulators.slack_workspace import Account, Json, Posted, Room

BOT_TOKEN = "xoxb-jay-TEST-bot"  # noqa: S105 (opens nothing)
APP_TOKEN = "xapp-jay-TEST-app"  # noqa: S105 (opens nothing)
SIGNING_SECRET = "jay-TEST-signing"  # noqa: S105 (opens nothing)
SCOPES = frozenset({scope for scope, _ in METHODS.values() if scope}) | {
    "app_mentions:read",
    "commands",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "mpim:history",
}
T = TypeVar("T")


@dataclass
class SlackServer:
    """The state of the emulated workspace, and what was done to it.

    `lacks` are methods that this Slack does not know; with `answers_404` it says so as a server that never had them.
    While `is_down` every call breaks off.
    """

    bot_token: str = BOT_TOKEN
    app_token: str = APP_TOKEN
    team: str = "T0JAYS"
    bot_id: str = "B0JAY"
    bot: Account = field(default_factory=lambda: Account("U0JAY", "jay"))
    workspace_url: str = "https://jays.slack.example"
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    lacks: set[str] = field(default_factory=set)
    answers_404: bool = False
    is_down: bool = False
    people: dict[str, Account] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    prompts: dict[str, list[Json]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    statuses: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    events: Deliveries = field(default_factory=lambda: Deliveries(SIGNING_SECRET))
    base_url: str = ""
    root: str = ""
    presses: dict[str, tuple[Posted, asyncio.Future[str]]] = field(default_factory=dict)
    uploads: dict[str, tuple[str, bytes | None]] = field(default_factory=dict)
    tickets: set[str] = field(default_factory=set)
    commands: dict[str, tuple[Room, Account, int]] = field(default_factory=dict)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _start: int = field(default_factory=lambda: int(time.time()))
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _showing: set[asyncio.Task[None]] = field(default_factory=set)

    @classmethod
    @asynccontextmanager
    async def open(cls, port: int = 0, **settings: Any) -> AsyncIterator[Self]:
        """Serve on loopback while the block runs."""
        server = cls(**settings)
        async with serving(application(server), port) as server.root:
            server.base_url = f"{server.root}/api/"
            try:
                yield server
            finally:
                await server.events.close()
                for task in server._showing:
                    task.cancel()
                server.events.drop()

    # people and channels

    def person(self, name: str) -> Seat:
        """Return a new person in their direct chat with the bot."""
        account = Account(f"U{next(self.numbers):06}", name)
        self.people[account.id] = account
        return Seat(self, account, self.direct_room(account.id))

    def channel(self, name: str, *people: Seat, private: bool = False, has_bot: bool = True) -> Room:
        """Return a new channel."""
        members = [person.account.id for person in people]
        number = f"{next(self.numbers):06}"
        room = Room(f"C{number}", name, "group" if private else "channel", members, has_bot)
        self.rooms[room.id] = room
        return room

    def private_chat(self, one: Seat, other: Seat) -> Seat:
        """Return the first person in a direct chat with the second, where the bot is not."""
        members = [one.account.id, other.account.id]
        room = Room(f"D{next(self.numbers):06}", "", "im", members, has_bot=False)
        self.rooms[room.id] = room
        return Seat(self, one.account, room)

    def direct_room(self, user: str) -> Room:
        """Return a person's direct chat with the bot, which is opened if it is not there."""
        rooms = self.rooms.values()
        found = next((room for room in rooms if room.kind == "im" and room.has_bot and room.members == [user]), None)
        if found is None:
            found = Room(f"D{next(self.numbers):06}", "", "im", [user])
            self.rooms[found.id] = found
        return found

    # what happens

    def next_ts(self) -> str:
        """Return a time stamp later than all before."""
        return f"{self._start}.{next(self.numbers):06}"

    def post(
        self,
        room: Room,
        user: str,
        text: str,
        *,
        thread: str | None = None,
        blocks: list[Json] | None = None,
        seen_by: str | None = None,
    ) -> Posted:
        """Put a message into a channel."""
        posted = Posted(self.next_ts(), user, text, thread, blocks or [], versions=[text], seen_by=seen_by)
        room.messages[posted.ts] = posted
        self._changed.set()
        return posted

    def change(self, posted: Posted, text: str, blocks: list[Json]) -> None:
        """Change a message."""
        posted.text, posted.blocks = text, blocks
        posted.versions.append(text)
        self._changed.set()

    def tell_posted(self, room: Room, posted: Posted, extra: Json | None = None) -> Parcel | None:
        """Tell the bot of a message, as it is subscribed to; a mention is told a second time."""
        event = {**posted.json(), "channel": room.id, "channel_type": room.kind, **(extra or {})}
        event.pop("reactions")
        root = room.messages.get(posted.thread_ts or "")
        if root is not None:
            event["parent_user_id"] = root.user
        called = f"<@{self.bot.id}>" in posted.text
        told = self.tell(event) if room.has_bot else None
        if called and room.kind != "im" and "subtype" not in event:
            mention = {key: value for key, value in event.items() if key != "channel_type"}
            self.tell(mention | {"type": "app_mention"})
        return told

    def tell(self, event: Json) -> Parcel:
        """Send the bot an event."""
        payload = {
            "type": "event_callback",
            "token": "unused",
            "team_id": self.team,
            "api_app_id": "A0JAY",
            "event": event,
            "event_id": f"Ev{next(self.numbers)}",
            "event_time": int(time.time()),
            "authorizations": [{"team_id": self.team, "user_id": self.bot.id, "is_bot": True}],
        }
        return self.events.hand_over("events_api", payload)

    def tell_command(self, room: Room, asker: Account, command: str, text: str) -> Parcel:
        """Send the bot a slash command, and show its asker what the bot says to it."""
        trigger = f"{next(self.numbers)}.jay"
        self.commands[trigger] = (room, asker, 0)
        names = {"im": "directmessage", "group": "privategroup"}
        payload = {
            "command": command,
            "text": text,
            "user_id": asker.id,
            "user_name": asker.name.casefold(),
            "team_id": self.team,
            "channel_id": room.id,
            "channel_name": names.get(room.kind, room.name),
            "trigger_id": trigger,
            "response_url": f"{self.root}/commands/{trigger}",
        }
        parcel = self.events.hand_over("slash_commands", payload)
        task = asyncio.create_task(self._show_acknowledgement(parcel, room, asker))
        self._showing.add(task)
        task.add_done_callback(self._showing.discard)
        return parcel

    def tell_press(self, room: Room, presser: Account, posted: Posted, label: str) -> asyncio.Future[str]:
        """Send the bot the press of a button; what it shows to the person who pressed comes later."""
        number = f"press{next(self.numbers)}"
        shown: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.presses[number] = (posted, shown)
        about = {
            "type": "message",
            "message_ts": posted.ts,
            "channel_id": room.id,
            "is_ephemeral": bool(posted.seen_by),
        }
        thread = {"thread_ts": posted.thread_ts} if posted.thread_ts else {}
        payload = {
            "type": "block_actions",
            "user": {"id": presser.id, "username": presser.name.casefold(), "team_id": self.team},
            "api_app_id": "A0JAY",
            "token": "unused",
            "container": about | thread,
            "trigger_id": f"{next(self.numbers)}.jay",
            "team": {"id": self.team, "domain": "jays"},
            "channel": {"id": room.id, "name": room.name},
            "response_url": f"{self.root}/presses/{number}",
            "actions": [{**posted.buttons[label], "action_ts": self.next_ts()}],
        }
        if posted.seen_by is None:
            payload["message"] = posted.json()
        self.events.hand_over("interactive", payload)
        return shown

    def delete_channel(self, room: Room) -> Parcel:
        """Delete a channel, and tell the bot."""
        del self.rooms[room.id]
        return self.tell({"type": "channel_deleted", "channel": room.id, "event_ts": self.next_ts()})

    def change_id(self, room: Room) -> Parcel:
        """Give a channel another id, as when it becomes one that workspaces share, and tell the bot."""
        old, room.id = room.id, f"C{next(self.numbers):06}"
        self.rooms[room.id] = self.rooms.pop(old)
        told = {"old_channel_id": old, "new_channel_id": room.id, "event_ts": self.next_ts()}
        return self.tell({"type": "channel_id_changed", **told})

    def edit(self, room: Room, posted: Posted, text: str) -> Parcel:
        """Let a person change a message."""
        before = posted.json()
        self.change(posted, text, [])
        after = {**posted.json(), "edited": {"user": posted.user, "ts": self.next_ts()}}
        return self._tell_change("message_changed", room, posted, message=after, previous_message=before)

    def delete(self, room: Room, posted: Posted) -> Parcel:
        """Let a person delete a message; what has a thread leaves a tombstone."""
        before = posted.json()
        posted.deleted = True
        if any(each.thread_ts == posted.ts for each in room.messages.values()):
            tombstone = {"type": "message", "subtype": "tombstone", "ts": posted.ts, "user": "USLACKBOT"}
            return self._tell_change("message_changed", room, posted, message=tombstone, previous_message=before)
        return self._tell_change("message_deleted", room, posted, deleted_ts=posted.ts, previous_message=before)

    def keep_file(self, name: str, data: bytes, media_type: str) -> Json:
        """Store a file, and return what Slack tells of it."""
        file = f"F{next(self.numbers):06}"
        self.files[file] = data
        return {
            "id": file,
            "name": name,
            "mimetype": media_type,
            "size": len(data),
            "mode": "hosted",
            "url_private_download": self.file_url(file),
        }

    def file_url(self, file: str) -> str:
        """Return a file's address."""
        return f"{self.root}/files/{file}"

    def permalink(self, room: Room, posted: Posted) -> str:
        """Return a message's address."""
        inside = f"?thread_ts={posted.thread_ts}&cid={room.id}" if posted.thread_ts else ""
        return f"{self.workspace_url}/archives/{room.id}/p{posted.ts.replace('.', '')}{inside}"

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

    def refuse(self, method: str, error: str, times: int = 1) -> None:
        """Let the next calls of a method fail with an error of Slack's."""
        self.faults.append(Fault(method, times, error=error))

    def storm(self, method: str, times: int, retry_after: float = 0) -> None:
        """Let the next calls of a method be too many."""
        self.faults.append(Fault(method, times, retry_after=retry_after))

    def break_off(self, method: str, times: int = 1) -> None:
        """Let the connection of the next calls of a method break off before anything is done."""
        self.faults.append(Fault(method, times, breaks=True))

    def expire_streams(self) -> None:
        """End all streams, as Slack does when nothing comes for a while."""
        for room in self.rooms.values():
            for posted in room.messages.values():
                posted.is_streaming = False

    def go_down(self) -> None:
        """Break everything off until `come_back`."""
        self.is_down = True
        self.events.drop()

    def come_back(self) -> None:
        """End the outage."""
        self.is_down = False

    def revoke(self, which: Literal["bot", "app"]) -> None:
        """Revoke a token."""
        if which == "bot":
            self.bot_token = "xoxb-revoked"  # noqa: S105 (opens nothing)
        else:
            self.app_token = "xapp-revoked"  # noqa: S105 (opens nothing)
            self.events.drop()

    async def _show_acknowledgement(self, parcel: Parcel, room: Room, asker: Account) -> None:
        def over() -> bool | None:
            return True if parcel.taken or parcel in self.events.lost else None

        await self.until(over)
        text = parcel.answer.get("text") if parcel.taken else f"{parcel.payload['command']} failed: operation_timeout"
        if text:
            self.post(room, self.bot.id, text, seen_by=asker.id)

    def _tell_change(self, subtype: str, room: Room, posted: Posted, **details: object) -> Parcel:
        event = {"type": "message", "subtype": subtype, "channel": room.id, "channel_type": room.kind, "hidden": True}
        return self.tell({**event, "ts": self.next_ts(), **details, "event_ts": posted.ts})
