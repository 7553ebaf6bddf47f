"""Ana on each platform with pictures, voice notes and files, in her direct chat with the bot and in a group."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

from bot.adapter import Adapter
from tests.adapters import discord_bot, slack_bot, telegram_bot, whatsapp_bot
from tests.adapters.seats import wait_for_last
from tests.emulators import discord_script, slack_script, telegram_script, whatsapp_script
from tests.emulators.discord import DiscordServer
from tests.emulators.slack import SlackServer
from tests.emulators.telegram import TelegramServer
from tests.emulators.whatsapp import WhatsAppServer


@dataclass
class MediaSeat:
    """Ana in a chat with the bot: what she sends there, and what the bot has said, written and spoken.

    `calling` is how she addresses the bot in a group. A file is sent by name, content and media type, a picture with
    the words under it.
    """

    says: Callable[[str], Awaitable[object]]
    sends_file: Callable[[str, bytes, str], Awaitable[object]]
    sends_picture: Callable[[bytes, str], Awaitable[object]]
    sends_voice: Callable[[bytes], Awaitable[object]]
    shown: Callable[[], list[str]]
    voices: Callable[[], list[bytes]]
    calling: str = ""

    async def sees(self, text: str) -> str:
        """Wait for a message of the bot that has this in it."""
        return await wait_for_last(lambda: [each for each in self.shown() if text in each], text, self.shown)

    async def hears(self) -> bytes:
        """Wait for a voice note of the bot."""
        return await wait_for_last(self.voices, "a voice note", self.shown)


@dataclass
class MediaPlatform:
    """A platform with Ana on it."""

    adapter: Adapter
    direct: MediaSeat
    group: MediaSeat
    connected: Callable[[], Awaitable[object]] = field(default=lambda: asyncio.sleep(0))


def open_platform(name: str) -> AbstractAsyncContextManager[MediaPlatform]:
    """Open an emulated platform with Ana on it."""
    return _PLATFORMS[name]()


def telegram_platform(server: TelegramServer, ana: telegram_script.Seat) -> MediaPlatform:
    """Return a Telegram that is open already, with somebody on it."""
    group = _telegram_seat(server, ana.in_group(server.group("Trip", ana)), "@jay_test_bot")
    return MediaPlatform(telegram_bot.adapter_for(server), _telegram_seat(server, ana), group)


def _telegram_seat(server: TelegramServer, person: telegram_script.Seat, calling: str = "") -> MediaSeat:
    async def sends_voice(data: bytes) -> None:
        await person.sends_file("", data, "audio/ogg", kind="voice")

    def voices() -> list[bytes]:
        files = [posted.file["voice"] for posted in person.messages if "voice" in posted.file]
        return [server.files[each["file_id"]] for each in files]

    return MediaSeat(
        person.says, person.sends_file, person.sends_photo, sends_voice, lambda: person.room.texts, voices, calling
    )


@asynccontextmanager
async def _on_telegram() -> AsyncIterator[MediaPlatform]:
    async with TelegramServer.open() as server:
        yield telegram_platform(server, server.user("Ana"))


def _slack_seat(server: SlackServer, person: slack_script.Seat, calling: str = "") -> MediaSeat:
    async def sends_picture(data: bytes, text: str) -> None:
        await person.sends_file("toy.png", data, "image/png", text)

    async def sends_voice(data: bytes) -> None:
        await person.sends_file("audio_message.ogg", data, "audio/ogg")

    def shown() -> list[str]:
        return [posted.shown for posted in person.messages if not posted.is_streaming]

    def voices() -> list[bytes]:
        return [server.files[file["id"]] for posted in person.messages for file in posted.files]

    return MediaSeat(person.says, person.sends_file, sends_picture, sends_voice, shown, voices, calling)


@asynccontextmanager
async def _on_slack() -> AsyncIterator[MediaPlatform]:
    async with SlackServer.open() as server:
        ana = server.person("Ana")
        group = _slack_seat(server, ana.in_channel(server.channel("trip", ana)), "@jay")
        yield MediaPlatform(slack_bot.adapter_for(server), _slack_seat(server, ana), group)


def _discord_seat(server: DiscordServer, person: discord_script.Seat, calling: str = "") -> MediaSeat:
    async def sends_picture(data: bytes, text: str) -> None:
        await person.sends_file("toy.png", data, "image/png", text)

    async def sends_voice(data: bytes) -> None:
        await person.sends_file("voice-message.ogg", data, "audio/ogg")

    def shown() -> list[str]:
        return [posted.text for posted in person.room.by_bot()]

    def voices() -> list[bytes]:
        files = [file for posted in person.room.by_bot() for file in posted.files]
        return [server.files[each["filename"]] for each in files]

    return MediaSeat(person.says, person.sends_file, sends_picture, sends_voice, shown, voices, calling)


@asynccontextmanager
async def _on_discord() -> AsyncIterator[MediaPlatform]:
    async with DiscordServer.open() as server:
        ana = server.person("Ana")
        group = _discord_seat(server, ana.in_channel(server.channel(server.guild("Home"), "trip")), "@Jay")
        yield MediaPlatform(discord_bot.adapter_for(server), _discord_seat(server, ana), group, server.connected)


def _whatsapp_seat(server: WhatsAppServer, person: whatsapp_script.Seat, calling: str = "") -> MediaSeat:
    async def sends_picture(data: bytes, text: str) -> None:
        await person.sends_media("image", data, "image/png", caption=text)

    async def sends_voice(data: bytes) -> None:
        await person.sends_media("audio", data, "audio/ogg", voice=True)

    def shown() -> list[str]:
        return [posted.text for posted in person.messages]

    def voices() -> list[bytes]:
        return [server.files[each.content["id"]] for each in person.messages if each.content.get("voice")]

    return MediaSeat(person.says, person.sends_file, sends_picture, sends_voice, shown, voices, calling)


@asynccontextmanager
async def _on_whatsapp() -> AsyncIterator[MediaPlatform]:
    async with WhatsAppServer.open() as server:
        ana = server.person("Ana")
        group = _whatsapp_seat(server, ana.in_group(server.group(ana)), "Scrubjay,")
        yield MediaPlatform(whatsapp_bot.adapter_for(server), _whatsapp_seat(server, ana), group)


_PLATFORMS = {"telegram": _on_telegram, "slack": _on_slack, "discord": _on_discord, "whatsapp": _on_whatsapp}
