"""People on the emulated WhatsApp, for chat scripts that read like a transcript.

await ana.says("where is the spare key?")
await ana.sees("under the mat")
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tests.emulators.patience import PATIENCE
from tests.emulators.whatsapp_rules import Json

if TYPE_CHECKING:
    from tests.emulators.whatsapp import WhatsAppServer


@dataclass(frozen=True)
class Account:
    """A person: their phone number, the id that Meta gives them towards the bot's business, and their name."""

    number: str
    user_id: str
    name: str


@dataclass
class Posted:
    """A message as it stands in a chat; the bot's have no sender."""

    id: str
    sender: Account | None
    kind: str
    content: Json
    timestamp: int
    quoted: str | None = None

    @property
    def text(self) -> str:
        """What is read of it."""
        if self.kind == "text":
            return str(self.content["body"])
        if self.kind == "interactive":
            return str(self.content["body"]["text"])
        return str(self.content.get("caption") or self.content.get("filename") or "")

    @property
    def options(self) -> dict[str, str]:
        """The buttons, or the rows of the list, with their ids by their labels."""
        if self.kind != "interactive":
            return {}
        action = self.content["action"]
        if self.content["type"] == "button":
            return {each["reply"]["title"]: each["reply"]["id"] for each in action["buttons"]}
        return {row["title"]: row["id"] for section in action["sections"] for row in section["rows"]}


@dataclass
class Room:
    """A direct chat with the bot, or a group; `heard` is when somebody wrote there last."""

    id: str
    members: list[Account]
    is_group: bool = False
    messages: dict[str, Posted] = field(default_factory=dict)
    heard: float = 0
    sent_at: list[float] = field(default_factory=list)

    @property
    def from_bot(self) -> list[Posted]:
        """What the bot has said."""
        return [posted for posted in self.messages.values() if posted.sender is None]


@dataclass
class Seat:
    """A person in a chat: the direct one with the bot, or a group."""

    server: WhatsAppServer
    account: Account
    room: Room
    seen: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        """How the bot knows this person."""
        return self.server.id_of(self.account)

    def in_group(self, room: Room) -> Seat:
        """Return the same person in a group."""
        return replace(self, room=room, seen=[])

    # what a person does

    async def says(self, text: str, *, age: int = 0, answering: Posted | None = None, **extra: object) -> Posted:
        """Send a message, `age` seconds ago; `extra` is told of it besides."""
        return self.sends("text", {"body": text}, age=age, answering=answering, **extra)

    async def sends_file(self, name: str, data: bytes, media_type: str, text: str = "") -> Posted:
        """Send a document."""
        media = {"id": self.server.keep_file(data, media_type), "mime_type": media_type, "filename": name}
        return self.sends("document", media | ({"caption": text} if text else {}))

    async def sends_media(self, kind: str, data: bytes, media_type: str, **more: object) -> Posted:
        """Send a picture, sound, video or sticker."""
        identity = self.server.keep_file(data, media_type.partition(";")[0])
        return self.sends(kind, {"id": identity, "mime_type": media_type, "sha256": "unused", **more})

    async def forwards(self, text: str) -> Posted:
        """Forward somebody's message."""
        return self.sends("text", {"body": text}, context={"forwarded": True})

    async def edits(self, posted: Posted, text: str) -> None:
        """Change a message."""
        edited = {"original_message_id": posted.id, "message": {"type": "text", "text": {"body": text}}}
        self.sends("edit", edited)

    def deletes(self, posted: Posted) -> None:
        """Delete a message for everybody."""
        self.sends("revoke", {"original_message_id": posted.id})

    def reacts(self, posted: Posted, emoji: str | None) -> None:
        """React to a message, or take the reaction back."""
        self.sends("reaction", {"message_id": posted.id} | ({"emoji": emoji} if emoji else {}))

    async def presses(self, posted: Posted, label: str) -> Posted:
        """Press a button, or choose a row of a list."""
        kind = "button_reply" if posted.content["type"] == "button" else "list_reply"
        reply = {"id": posted.options[label], "title": label}
        return self.sends("interactive", {"type": kind, kind: reply}, answering=posted)

    def sends(
        self, kind: str, content: object, *, age: int = 0, answering: Posted | None = None, **extra: object
    ) -> Posted:
        """Send anything."""
        held = content if isinstance(content, dict) else {"list": content}
        posted = Posted(self.server.next_id(), self.account, kind, held, int(time.time()) - age)
        self.server.post(self.room, posted)
        message: Json = {"id": posted.id, "timestamp": str(posted.timestamp), "type": kind, kind: content, **extra}
        if answering is not None:
            number = self.server.display_number if answering.sender is None else answering.sender.number
            message["context"] = {"from": number, "id": answering.id}
        self.server.tell(self.room, self.account, message)
        return posted

    # what a person sees

    @property
    def messages(self) -> list[Posted]:
        """What the bot has said here."""
        return self.room.from_bot

    async def sees(self, text: str, within: float = PATIENCE) -> Posted:
        """Wait for a message of the bot that has this in it, later than the last one that was seen."""

        def found() -> Posted | None:
            new = [each for each in self.messages if each.id not in self.seen]
            return next((each for each in new if text in each.text), None)

        try:
            posted = await self.server.until(found, within)
        except TimeoutError:
            new = [each.text for each in self.messages if each.id not in self.seen]
            raise AssertionError(f"{self.account.name} does not see {text!r}, but: {new}") from None
        ids = [each.id for each in self.messages]
        self.seen = ids[: ids.index(posted.id) + 1]
        return posted

    async def sees_nothing(self, seconds: float = 0.15) -> None:
        """Make sure that the bot says nothing new for a while."""
        await asyncio.sleep(seconds)
        new = [each.text for each in self.messages if each.id not in self.seen]
        assert not new, f"{self.account.name} sees {new}"
