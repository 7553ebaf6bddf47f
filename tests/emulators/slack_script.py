"""People on the emulated Slack, for chat scripts that read like a transcript.

await ana.says("where is the spare key?")
await ana.sees("under the mat")
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tests.emulators.patience import PATIENCE
from tests.emulators.slack_delivery import Parcel
from tests.emulators.slack_workspace import Account, Json, Posted, Room

if TYPE_CHECKING:
    from tests.emulators.slack import SlackServer


@dataclass
class Seat:
    """A person in a chat: the direct one with the bot, a channel, or a thread of either."""

    server: SlackServer
    account: Account
    room: Room
    thread: str | None = None
    seen: str = ""
    """The time stamp of the last message of the bot that was looked at."""

    def in_channel(self, room: Room) -> Seat:
        """Return the same person in a channel, which they join if need be."""
        if self.account.id not in room.members:
            room.members.append(self.account.id)
        return replace(self, room=room, thread=None, seen="")

    def in_thread(self, root: Posted) -> Seat:
        """Return the same person in the thread of a message."""
        return replace(self, thread=root.thread_ts or root.ts, seen="")

    # what a person does

    async def says(self, text: str, **extra: object) -> Posted:
        """Send a message. "@jay" calls the bot; "&", "<" and ">" are escaped as Slack's apps do."""
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return self.writes(escaped.replace(f"@{self.server.bot.name}", f"<@{self.server.bot.id}>"), **extra)

    def writes(self, raw: str, **extra: object) -> Posted:
        """Send a message in Slack's own notation."""
        posted = self.server.post(self.room, self.account.id, raw, thread=self.thread)
        self.server.tell_posted(self.room, posted, dict(extra))
        return posted

    async def sends_file(self, name: str, data: bytes, media_type: str, text: str = "", **details: object) -> Posted:
        """Send a file."""
        posted = self.server.post(self.room, self.account.id, text, thread=self.thread)
        posted.files = [self.server.keep_file(name, data, media_type) | details]
        self.server.tell_posted(self.room, posted, {"subtype": "file_share"})
        return posted

    async def sends_files(self, files: Mapping[str, bytes], text: str = "") -> Posted:
        """Send several text files in one message."""
        posted = self.server.post(self.room, self.account.id, text, thread=self.thread)
        posted.files = [self.server.keep_file(name, data, "text/plain") for name, data in files.items()]
        self.server.tell_posted(self.room, posted, {"subtype": "file_share"})
        return posted

    async def uses(self, command: str, text: str = "") -> Parcel:
        """Use a slash command. What the bot says when it takes it is shown to this person."""
        return self.server.tell_command(self.room, self.account, command, text)

    async def presses(self, posted: Posted, label: str, within: float = PATIENCE) -> str:
        """Press a button, and return the sentence that this person alone is shown; "" when it counts."""
        async with asyncio.timeout(within):
            return await self.server.tell_press(self.room, self.account, posted, label)

    async def edits(self, posted: Posted, text: str) -> None:
        """Change a message that this person sent."""
        self.server.edit(self.room, posted, text)

    def deletes(self, posted: Posted) -> None:
        """Delete a message."""
        self.server.delete(self.room, posted)

    def reacts(self, posted: Posted, name: str) -> None:
        """Add a reaction."""
        posted.reactions.setdefault(name, []).append(self.account.id)
        self._tell_reaction("reaction_added", posted, name)

    def takes_back(self, posted: Posted, name: str) -> None:
        """Take a reaction back."""
        posted.reactions[name].remove(self.account.id)
        self._tell_reaction("reaction_removed", posted, name)

    def opens_home(self, tab: str = "home") -> None:
        """Open the bot's own corner."""
        self.server.tell({"type": "app_home_opened", "user": self.account.id, "channel": self.room.id, "tab": tab})

    def opens_chat(self) -> Seat:
        """Open a new chat with the bot in the agent view, which is a thread of the direct chat."""
        root = self.server.post(self.room, self.server.bot.id, "New chat")
        about = {"user_id": self.account.id, "channel_id": self.room.id, "thread_ts": root.ts, "context": {}}
        self.server.tell({"type": "assistant_thread_started", "assistant_thread": about})
        return self.in_thread(root)

    # what a person sees

    @property
    def messages(self) -> list[Posted]:
        """What the bot has said here, and this person sees."""
        return [
            each
            for each in self.room.messages.values()
            if each.user == self.server.bot.id
            and not each.deleted
            and each.seen_by in {None, self.account.id}
            and self.thread in {None, each.thread_ts}
        ]

    async def sees(self, text: str, within: float = PATIENCE) -> Posted:
        """Wait for a message of the bot that has this in it, later than the last one that was seen."""

        def found() -> Posted | None:
            new = (each for each in self.messages if each.ts > self.seen)
            return next((each for each in new if text in each.shown and not each.is_streaming), None)

        try:
            posted = await self.server.until(found, within)
        except TimeoutError:
            new = [each.shown for each in self.messages if each.ts > self.seen]
            raise AssertionError(f"{self.account.name} does not see {text!r}, but: {new}") from None
        self.seen = posted.ts
        return posted

    async def sees_growing(self, text: str, within: float = PATIENCE) -> Posted:
        """Wait for a message, perhaps an unfinished one, that has this in it."""

        def found() -> Posted | None:
            return next((each for each in self.messages if each.ts > self.seen and text in each.shown), None)

        return await self.server.until(found, within)

    async def sees_nothing(self, seconds: float = 0.15) -> None:
        """Make sure that the bot says nothing new for a while."""
        await asyncio.sleep(seconds)
        new = [each.shown for each in self.messages if each.ts > self.seen]
        assert not new, f"{self.account.name} sees {new}"

    def _tell_reaction(self, kind: str, posted: Posted, name: str) -> None:
        event: Json = {
            "type": kind,
            "user": self.account.id,
            "reaction": name,
            "item": {"type": "message", "channel": self.room.id, "ts": posted.ts},
            "item_user": posted.user,
            "event_ts": self.server.next_ts(),
        }
        self.server.tell(event)
