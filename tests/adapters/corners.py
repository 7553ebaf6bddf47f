"""Somebody's place on an emulated platform, the same to a test whichever platform it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tests.emulators import discord_script, slack_script, telegram_script, whatsapp_script

PLAIN = "text/plain"


class Corner(Protocol):
    """A person in a direct chat, a group or a thread. `call` is what a message to the bot begins with there."""

    name: str
    call: str

    @property
    def account(self) -> str:
        """The person's account, as the access settings name it."""
        ...

    async def says(self, text: str) -> None:
        """Send a message."""

    async def sends_file(self, name: str, text: str) -> None:
        """Send a text file."""

    async def likes_last(self) -> None:
        """Give a thumb to what the bot said last, if it has said anything."""

    def shown(self) -> str:
        """Return all that the bot has ever shown here, previews and what was deleted or edited away included."""
        ...


@dataclass
class TelegramCorner(Corner):
    """A place on Telegram."""

    name: str
    seat: telegram_script.Seat

    def __post_init__(self) -> None:
        self.call = "" if self.seat.room.kind == "private" else f"@{self.seat.server.bot.username} "

    @property
    def account(self) -> str:
        return f"telegram:{self.seat.account.id}"

    async def says(self, text: str) -> None:
        await self.seat.says(text)

    async def sends_file(self, name: str, text: str) -> None:
        await self.seat.sends_file(name, text.encode(), PLAIN)

    async def likes_last(self) -> None:
        if self.seat.messages:
            await self.seat.reacts(self.seat.messages[-1], "👍")

    def shown(self) -> str:
        room = self.seat.room
        said = [each for each in room.messages.values() if each.sender.is_bot and each.topic == self.seat.topic]
        return "\n".join([*(f"{each.versions}{each.json()}" for each in said), *(text for _, text in room.drafts)])


@dataclass
class SlackCorner(Corner):
    """A place on Slack."""

    name: str
    seat: slack_script.Seat

    def __post_init__(self) -> None:
        self.call = "" if self.seat.room.kind == "im" else f"@{self.seat.server.bot.name} "

    @property
    def account(self) -> str:
        return f"slack:{self.seat.account.id}"

    async def says(self, text: str) -> None:
        await self.seat.says(text)

    async def sends_file(self, name: str, text: str) -> None:
        await self.seat.sends_file(name, text.encode(), PLAIN)

    async def likes_last(self) -> None:
        if self.seat.messages:
            self.seat.reacts(self.seat.messages[-1], "+1")

    def shown(self) -> str:
        bot = self.seat.server.bot.id
        said = [each for each in self.seat.room.messages.values() if each.user == bot]
        return "\n".join(f"{each.versions}{each.json()}" for each in said if self.seat.thread in {None, each.thread_ts})


@dataclass
class DiscordCorner(Corner):
    """A place on Discord."""

    name: str
    seat: discord_script.Seat

    def __post_init__(self) -> None:
        self.call = "" if self.seat.room.guild is None else f"@{self.seat.server.bot.name} "

    @property
    def account(self) -> str:
        return f"discord:{self.seat.account.id}"

    async def says(self, text: str) -> None:
        await self.seat.says(text)

    async def sends_file(self, name: str, text: str) -> None:
        await self.seat.sends_file(name, text.encode(), PLAIN)

    async def likes_last(self) -> None:
        if said := self.seat.room.by_bot():
            await self.seat.reacts(said[-1], "👍")

    def shown(self) -> str:
        return "\n".join(f"{each.versions}{each.json()}" for each in self.seat.room.by_bot())


@dataclass
class WhatsAppCorner(Corner):
    """A place on WhatsApp."""

    name: str
    seat: whatsapp_script.Seat

    def __post_init__(self) -> None:
        self.call = f"@{self.seat.server.display_number} " if self.seat.room.is_group else ""

    @property
    def account(self) -> str:
        return f"whatsapp:{self.seat.id}"

    async def says(self, text: str) -> None:
        await self.seat.says(text)

    async def sends_file(self, name: str, text: str) -> None:
        await self.seat.sends_file(name, text.encode(), PLAIN)

    async def likes_last(self) -> None:
        if self.seat.messages:
            self.seat.reacts(self.seat.messages[-1], "👍")

    def shown(self) -> str:
        return "\n".join(str(posted.content) for posted in self.seat.messages)
