"""What people do on the emulated Discord, and what they see there."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tests.emulators.discord_places import Account, Json, Posted, Room, now, snowflake
from tests.emulators.patience import PATIENCE

if TYPE_CHECKING:
    from tests.emulators.discord import DiscordServer

_OPTION_TYPES = {str: 3, int: 4, bool: 5}


@dataclass(frozen=True)
class Seat:
    """A person in one of their channels."""

    server: DiscordServer
    account: Account
    room: Room

    def in_channel(self, room: Room) -> Seat:
        """Return the same person in another channel."""
        return replace(self, room=room)

    async def says(self, text: str, *, reply_to: Posted | None = None, mentions: Iterable[Account] = ()) -> Posted:
        """Write a message; "@Jay" in it mentions the bot."""
        posted = self.server.post(self.room, self.account, self._marked(text), reply_to=reply_to)
        posted.mentions.extend(mentions)
        if self.server.mention in posted.text or (reply_to is not None and reply_to.author is self.server.bot):
            posted.mentions.append(self.server.bot)
        await self.server.tell("MESSAGE_CREATE", posted)
        return posted

    async def forwards(self, text: str) -> Posted:
        """Forward what was said somewhere else."""
        posted = self.server.post(self.room, self.account, "")
        posted.forwarded = text
        await self.server.tell("MESSAGE_CREATE", posted)
        return posted

    async def sends(self, **extra: object) -> Posted:
        """Send what is neither words nor a file, as Discord describes it: a poll, a sticker."""
        posted = self.server.post(self.room, self.account, "")
        posted.extra = dict(extra)
        await self.server.tell("MESSAGE_CREATE", posted)
        return posted

    async def sends_file(self, name: str, data: bytes, media_type: str, text: str = "") -> Posted:
        """Send a file."""
        posted = self.server.post(self.room, self.account, self._marked(text))
        posted.files.append(self.server.keep_file(name, data, media_type))
        await self.server.tell("MESSAGE_CREATE", posted)
        return posted

    async def sends_files(self, files: Mapping[str, bytes], text: str = "") -> Posted:
        """Send several text files in one message."""
        posted = self.server.post(self.room, self.account, self._marked(text))
        posted.files += [self.server.keep_file(name, data, "text/plain") for name, data in files.items()]
        await self.server.tell("MESSAGE_CREATE", posted)
        return posted

    async def edits(self, posted: Posted, text: str) -> None:
        """Change a message."""
        posted.text, posted.edited = self._marked(text), now()
        await self.server.tell("MESSAGE_UPDATE", posted)

    async def deletes(self, posted: Posted) -> None:
        """Delete a message."""
        await self.server.remove(posted)

    async def reacts(self, posted: Posted, emoji: str) -> None:
        """Give a reaction."""
        posted.reactions.setdefault(emoji, []).append(self.account)
        await self._tell_reaction("MESSAGE_REACTION_ADD", posted, emoji)

    async def unreacts(self, posted: Posted, emoji: str) -> None:
        """Take a reaction back."""
        posted.reactions[emoji].remove(self.account)
        await self._tell_reaction("MESSAGE_REACTION_REMOVE", posted, emoji)

    async def uses(self, command: str, **options: str | int | bool) -> Invocation:
        """Use a slash command once the bot has listed it. Raises KeyError for an option that it has not."""
        listed = await self.server.until(lambda: self.server.commands.get(command))
        known = {option["name"] for option in listed["options"]}
        if not known.issuperset(options):
            raise KeyError(f"/{command} knows no {set(options) - known}")
        given = [{"name": name, "type": _OPTION_TYPES[type(value)], "value": value} for name, value in options.items()]
        invocation = Invocation(snowflake(), f"token{snowflake()}", self.room)
        self.server.invocations[invocation.token] = invocation
        data = {"id": "1", "name": command, "type": 1, "options": given, **self._resolved(options.values())}
        await self.server.gateway.dispatch("INTERACTION_CREATE", self._interaction(invocation, data))
        return invocation

    async def presses(self, posted: Posted, label: str, within: float = PATIENCE) -> str:
        """Press a button or choose from a menu; return the sentence for this person alone, "" when it counts."""
        data = next(found for row in posted.buttons for each in row["components"] if (found := _press(each, label)))
        invocation = Invocation(snowflake(), f"token{snowflake()}", self.room, pressed=posted)
        self.server.invocations[invocation.token] = invocation
        event = self._interaction(invocation, {**data, "id": 1})
        await self.server.gateway.dispatch("INTERACTION_CREATE", event | {"type": 3, "message": posted.json()})
        answer = await self.server.until(lambda: invocation.answer, within)
        return "" if answer is posted else answer.text

    async def sees(self, text: str, within: float = PATIENCE) -> Posted:
        """Wait for a message of the bot with this in it. Raises TimeoutError with what is there instead."""

        def find() -> Posted | None:
            return next((posted for posted in self.room.by_bot() if text in posted.text), None)

        try:
            return await self.server.until(find, within)
        except TimeoutError:
            there = [posted.text for posted in self.room.by_bot()]
            raise TimeoutError(f"{self.account.name} waits for {text!r} and sees {there}") from None

    async def sees_more_than(self, seen: int, within: float = PATIENCE) -> None:
        """Wait for more messages of the bot than were seen. Raises TimeoutError."""
        await self.server.until(lambda: True if len(self.room.by_bot()) > seen else None, within)

    async def sees_nothing(self, more_than: int = 0, within: float = 0.3) -> None:
        """Make sure that the bot writes nothing for a while. Raises AssertionError with what it writes."""
        await asyncio.sleep(within)
        if len(self.room.by_bot()) > more_than:
            raise AssertionError([posted.text for posted in self.room.by_bot()])

    def _resolved(self, values: Iterable[object]) -> Json:
        """Return whom the options mention, where the server tells that."""
        numbers = re.findall(r"<@(\d+)>", " ".join(map(str, values))) if self.server.resolves_mentions else []
        return {"resolved": {"users": {number: self.server.accounts[int(number)].json() for number in numbers}}}

    def _marked(self, text: str) -> str:
        return text.replace(f"@{self.server.bot.name}", self.server.mention)

    def _interaction(self, invocation: Invocation, data: Json) -> Json:
        who: Json = {"user": self.account.json()}
        place: Json = {"channel_id": str(self.room.id), "channel": self.room.json(), "context": 1}
        if self.room.guild is not None:
            who = {"member": self.account.member() | {"user": self.account.json(), "permissions": "0"}}
            place |= {"guild_id": str(self.room.guild.id), "context": 0}
        return {
            "id": str(invocation.id),
            "application_id": str(self.server.bot.id),
            "type": 2,
            "token": invocation.token,
            "version": 1,
            "data": data,
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {},
            "app_permissions": "0",
            "attachment_size_limit": 1 << 20,
            **who,
            **place,
        }

    async def _tell_reaction(self, kind: str, posted: Posted, emoji: str) -> None:
        event: Json = {
            "user_id": str(self.account.id),
            "channel_id": str(self.room.id),
            "message_id": str(posted.id),
            "emoji": {"id": None, "name": emoji},
            "burst": False,
            "type": 0,
        }
        if self.room.guild is not None:
            event["guild_id"] = str(self.room.guild.id)
            if kind == "MESSAGE_REACTION_ADD":
                event["member"] = self.account.member() | {"user": self.account.json()}
        await self.server.gateway.dispatch(kind, event)


@dataclass
class Invocation:
    """One use of a slash command; `answer` is what the bot showed at first, perhaps that it is thinking."""

    id: int
    token: str
    room: Room
    answer: Posted | None = None
    pressed: Posted | None = None
    used_at: float = field(default_factory=time.monotonic)


def _press(component: Json, label: str) -> Json | None:
    """Return what Discord tells when this button is pressed, or this option of a menu chosen."""
    pressed: Json = {"custom_id": component["custom_id"], "component_type": component["type"]}
    for option in component.get("options", ()):
        if option["label"] == label:
            return {**pressed, "values": [option["value"]]}
    return pressed if component.get("label") == label else None
