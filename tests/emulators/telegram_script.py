"""People on the emulated Telegram, for chat scripts that read like a transcript.

await ana.says("where is the spare key?")
await ana.sees("under the mat")
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.emulators.patience import PATIENCE
from tests.emulators.telegram_chats import Account, Json, Posted, Room
from tests.emulators.telegram_text import Entity, units

if TYPE_CHECKING:
    from tests.emulators.telegram import TelegramServer

_MENTION = re.compile(r"(?<!\w)@\w{3,32}")
_COMMAND = re.compile(r"(?:^|(?<=\s))/[a-zA-Z0-9_]{1,32}(?:@\w{3,32})?")
_LARGE = 20_000_000


@dataclass
class Seat:
    """A person in a chat: the direct one with the bot, a group, or a topic of a group."""

    server: TelegramServer
    account: Account
    room: Room
    topic: int | None = None
    seen: int = 0
    """The number of the last message of the bot that was looked at."""

    def in_group(self, group: Room, topic: str | None = None) -> Seat:
        """Return the same person in a group, which they join if need be, or in one of its topics."""
        if self.account not in group.members:
            group.members.append(self.account)
        number = None if topic is None else self.server.topic(group, topic)
        return replace(self, room=group, topic=number, seen=0)

    # what a person does

    async def says(self, text: str, *, reply_to: Posted | None = None, **extra: object) -> Posted:
        """Send a message; mentions and commands in it are found as Telegram's apps find them."""
        posted = self._post(text, reply_to=reply_to, extra=dict(extra))
        self.server.deliver(posted)
        return posted

    async def sends_file(
        self, name: str, data: bytes, media_type: str, caption: str = "", kind: str = "document"
    ) -> Posted:
        """Send a file, as a "document", or as "voice", "audio" or "video"."""
        file = {**self._file(data), "mime_type": media_type}
        if kind != "voice":
            file["file_name"] = name
        if kind in {"voice", "audio", "video"}:
            file["duration"] = 3
        if kind == "video":
            file |= {"width": 640, "height": 480}
        posted = self._post(caption, file={kind: file})
        self.server.deliver(posted)
        return posted

    async def sends_photo(self, data: bytes, caption: str = "") -> Posted:
        """Send a photo, in two sizes."""
        sizes = [{**self._file(b"small"), "width": 90, "height": 60}, {**self._file(data), "width": 900, "height": 600}]
        posted = self._post(caption, file={"photo": sizes})
        self.server.deliver(posted)
        return posted

    async def sends_album(self, *photos: bytes, caption: str = "") -> list[Posted]:
        """Send photos as one album: a message for each, the caption with the first."""
        group = f"album{self.server.keep_file(b'')}"
        sent = []
        for number, data in enumerate(photos):
            size = {**self._file(data), "width": 900, "height": 600}
            text = "" if number else caption
            sent.append(self._post(text, file={"photo": [size]}, extra={"media_group_id": group}))
        for posted in sent:
            self.server.deliver(posted)
        return sent

    async def forwards(self, text: str, author: str, said_at: datetime) -> Posted:
        """Forward somebody's message."""
        origin: Json = {"type": "hidden_user", "sender_user_name": author, "date": int(said_at.timestamp())}
        return await self.says(text, forward_origin=origin)

    async def edits(self, posted: Posted, text: str) -> None:
        """Change a message that this person sent."""
        self.server.change(posted, text, _entities(text))
        self.server.deliver(posted, "edited_message")

    async def polls(self, question: str, *options: str) -> Posted:
        """Send a poll."""
        number = f"poll{self.server.keep_file(b'')}"
        posted = self._post("", extra={"poll": _poll(number, question, dict.fromkeys(options, 0))})
        self.server.deliver(posted)
        return posted

    def closes_poll(self, posted: Posted, **votes: int) -> None:
        """Close a poll with these votes; Telegram tells bots the poll's number and no chat."""
        poll = posted.extra["poll"]
        self.server.tell("poll", _poll(poll["id"], poll["question"], votes, is_closed=True))

    async def reacts(self, posted: Posted, emoji: str = "") -> None:
        """Set one's reaction, or take it back."""
        before, posted.reactions[self.account.id] = posted.reactions.get(self.account.id, ""), emoji
        update = {
            "chat": self.room.json(),
            "message_id": posted.id,
            "user": self.account.json(),
            "date": int(datetime.now(UTC).timestamp()),
            "old_reaction": _reactions(before),
            "new_reaction": _reactions(emoji),
        }
        self.server.tell("message_reaction", update)

    async def presses(self, posted: Posted, label: str, copies: int = 1, within: float = PATIENCE) -> str:
        """Press a button, perhaps delivered more than once, and return what is shown to this person at once."""
        buttons = [button for row in posted.keyboard for button in row]
        data = next(button["callback_data"] for button in buttons if button["text"] == label)
        number = f"press{len(self.server.presses) + 1}"
        shown: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.server.presses[number] = shown
        update: Json = {"id": number, "from": self.account.json(), "message": posted.json(), "chat_instance": "1"}
        for _ in range(copies):
            self.server.tell("callback_query", {**update, "data": data})
        async with asyncio.timeout(within):
            return await shown

    def deletes(self, posted: Posted) -> None:
        """Delete a message, of which Telegram tells no bot."""
        posted.deleted = True
        self.server.changed()

    def blocks_bot(self, *, blocks: bool = True) -> None:
        """Block the bot, or let it in again."""
        self.room.shuts_out_bot = blocks

    # what a person sees

    @property
    def messages(self) -> list[Posted]:
        """What the bot has said here."""
        return [each for each in self.room.from_bot if each.topic == self.topic]

    async def sees(self, text: str, within: float = PATIENCE) -> Posted:
        """Wait for a message of the bot that has this in it, later than the last one that was seen."""

        def found() -> Posted | None:
            return next((each for each in self.messages if each.id > self.seen and text in each.text), None)

        try:
            posted = await self.server.until(found, within)
        except TimeoutError:
            new = [each.text for each in self.messages if each.id > self.seen]
            raise AssertionError(f"{self.account.first_name} does not see {text!r}, but: {new}") from None
        self.seen = posted.id
        return posted

    async def sees_draft(self, text: str, within: float = PATIENCE) -> str:
        """Wait for a preview that has this in it."""

        def found() -> str | None:
            return next((each for _, each in self.room.drafts if text in each), None)

        try:
            return await self.server.until(found, within)
        except TimeoutError:
            raise AssertionError(f"no preview with {text!r}, but: {self.room.drafts}") from None

    async def sees_nothing(self, seconds: float = 0.15) -> None:
        """Make sure that the bot says nothing new for a while."""
        await asyncio.sleep(seconds)
        new = [each.text for each in self.messages if each.id > self.seen]
        assert not new, f"{self.account.first_name} sees {new}"

    def _post(
        self, text: str, *, reply_to: Posted | None = None, file: Json | None = None, extra: Json | None = None
    ) -> Posted:
        return self.server.post(
            self.room,
            self.account,
            text,
            entities=_entities(text),
            topic=self.topic,
            reply_to=reply_to,
            file=file,
            extra=extra,
        )

    def _file(self, data: bytes) -> Json:
        file_id = self.server.keep_file(data)
        return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(data)}


def _entities(text: str) -> list[Entity]:
    found = [("mention", match) for match in _MENTION.finditer(text)]
    found += [("bot_command", match) for match in _COMMAND.finditer(text)]
    commands = [match.span() for kind, match in found if kind == "bot_command"]
    return [
        {"type": kind, "offset": units(text[: match.start()]), "length": units(match[0])}
        for kind, match in found
        if kind == "bot_command" or not any(start <= match.start() < end for start, end in commands)
    ]


def _reactions(emoji: str) -> list[Json]:
    return [{"type": "emoji", "emoji": emoji}] if emoji else []


def _poll(number: str, question: str, votes: dict[str, int], *, is_closed: bool = False) -> Json:
    return {
        "id": number,
        "question": question,
        "options": [{"text": option, "voter_count": count, "persistent_id": option} for option, count in votes.items()],
        "total_voter_count": sum(votes.values()),
        "is_closed": is_closed,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
    }
