"""Voice both ways, on each platform: answers that are spoken, and the words of voice notes shown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from bot.adapter import Adapter
from bot.models.speech import SpeechServer, SpeechServerSettings
from bot.pipeline.core import Core
from bot.plugin import Plugin
from plugins.audio.plugin import AudioPlugin, AudioSettings
from plugins.chat import ChatPlugin
from tests import whisper_files
from tests.adapters import bots, discord_bot, slack_bot, telegram_bot, whatsapp_bot
from tests.adapters.seats import wait_for_last
from tests.emulators import discord_script, slack_script, telegram_script, whatsapp_script
from tests.emulators.discord import DiscordServer
from tests.emulators.slack import SlackServer
from tests.emulators.speech_server import SOUND, SpeechEmulator, running_speech_server
from tests.emulators.telegram import TelegramServer
from tests.emulators.whatsapp import WhatsAppServer
from tests.speech_sounds import KINDS, silence, voice, write_sound

KEY = "The spare key is under the blue flowerpot."


@dataclass
class Seat:
    """Ana in a chat with the bot: what she says there, and what the bot has said, written and spoken."""

    says: Callable[[str], Awaitable[object]]
    sends_voice: Callable[[bytes], Awaitable[object]]
    shown: Callable[[], list[str]]
    voices: Callable[[], list[bytes]]

    async def sees(self, text: str) -> str:
        """Wait for a message of the bot that has this in it."""
        return await wait_for_last(lambda: [each for each in self.shown() if text in each], text, self.shown)

    async def hears(self) -> bytes:
        """Wait for a voice note of the bot."""
        return await wait_for_last(self.voices, "a voice note", self.shown)


@dataclass
class Platform:
    """A platform with Ana on it, in her direct chat with the bot."""

    adapter: Adapter
    ana: Seat
    connected: Callable[[], Awaitable[object]] = field(default=lambda: asyncio.sleep(0))


@pytest.fixture(params=["telegram", "slack", "discord", "whatsapp"])
async def platform(request: pytest.FixtureRequest) -> AsyncIterator[Platform]:
    async with _PLATFORMS[request.param]() as platform:
        yield platform


@pytest.fixture
async def speech() -> AsyncIterator[SpeechEmulator]:
    async with running_speech_server(SpeechEmulator()) as running:
        yield running


@asynccontextmanager
async def talking(
    folder: Path, platform: Platform, speech: SpeechEmulator | None, *plugins: Plugin
) -> AsyncIterator[Core]:
    async with AsyncExitStack() as stack:
        server = None
        if speech is not None:
            server = await stack.enter_async_context(SpeechServer(SpeechServerSettings(speech.base_url)))
        known = [ChatPlugin(), *plugins]
        core = await stack.enter_async_context(bots.talking(folder, [platform.adapter], plugins=known, speech=server))
        await platform.connected()
        yield core


async def test_answers_are_spoken_while_voice_is_on(platform: Platform, speech: SpeechEmulator, tmp_path: Path) -> None:
    ana = platform.ana
    async with talking(tmp_path, platform, speech) as core:
        await ana.says(KEY)
        await ana.says("/voice on")
        await ana.sees("I speak my answers here, too.")
        assert ana.voices() == []
        await ana.says("Where is the spare key?")
        assert await ana.hears() == SOUND
        await ana.sees("flowerpot")
        (said,) = speech.said
        assert "blue flowerpot" in said["input"]
        assert "[1]" not in said["input"]
        await ana.says("/voice off")
        await ana.sees("I only write my answers here.")
        await ana.says("Where is the key?")
        await core.idle()
    assert len(ana.voices()) == 1


async def test_a_speech_server_that_fails_is_told_of_and_the_answer_stands(
    platform: Platform, speech: SpeechEmulator, tmp_path: Path
) -> None:
    ana = platform.ana
    speech.status = 500
    async with talking(tmp_path, platform, speech):
        await ana.says(KEY)
        await ana.says("/voice on")
        await ana.says("Where is the spare key?")
        await ana.sees("I couldn't speak that answer.")
        await ana.sees("flowerpot")
    assert ana.voices() == []


async def test_without_a_speech_server_voice_says_what_is_missing(platform: Platform, tmp_path: Path) -> None:
    async with talking(tmp_path, platform, None):
        await platform.ana.says("/voice on")
        await platform.ana.sees("I have no voice yet")


async def test_the_words_of_a_voice_note_are_shown_when_that_is_asked_for(platform: Platform, tmp_path: Path) -> None:
    ana = platform.ana
    model = whisper_files.build(tmp_path / "whisper")
    note = write_sound(tmp_path / "note.ogg", np.concatenate([silence(1), voice(4)]), KINDS["ogg/opus"])
    async with talking(tmp_path, platform, None, AudioPlugin(AudioSettings(model=str(model), threads=1))):
        await ana.says("/transcripts on")
        await ana.sees("Here I show the words")
        await ana.sends_voice(note.read_bytes())
        await ana.sees(f"“{whisper_files.LOW_TEXT}”")


async def test_who_lets_nobody_send_voice_notes_gets_a_file(speech: SpeechEmulator, tmp_path: Path) -> None:
    async with TelegramServer.open() as server:
        ana = server.user("Ana")
        ana.room.refuses_voice = True
        platform = Platform(telegram_bot.adapter_for(server), _telegram_seat(server, ana))
        async with talking(tmp_path, platform, speech):
            await ana.says(KEY)
            await ana.says("/voice on")
            await ana.says("Where is the spare key?")
            found = await server.until(lambda: [each for each in ana.messages if each.file] or None)
        assert [list(each.file) for each in found] == [["document"]]


def _telegram_seat(server: TelegramServer, person: telegram_script.Seat) -> Seat:
    async def sends_voice(data: bytes) -> None:
        await person.sends_file("", data, "audio/ogg", kind="voice")

    def voices() -> list[bytes]:
        files = [posted.file["voice"] for posted in person.messages if "voice" in posted.file]
        return [server.files[each["file_id"]] for each in files]

    return Seat(person.says, sends_voice, lambda: person.room.texts, voices)


@asynccontextmanager
async def _on_telegram() -> AsyncIterator[Platform]:
    async with TelegramServer.open() as server:
        ana = server.user("Ana")
        yield Platform(telegram_bot.adapter_for(server), _telegram_seat(server, ana))


@asynccontextmanager
async def _on_slack() -> AsyncIterator[Platform]:
    async with SlackServer.open() as server:
        ana = server.person("Ana")

        def seat(person: slack_script.Seat) -> Seat:
            async def sends_voice(data: bytes) -> None:
                await person.sends_file("audio_message.ogg", data, "audio/ogg")

            def voices() -> list[bytes]:
                return [server.files[file["id"]] for posted in person.messages for file in posted.files]

            def shown() -> list[str]:
                return [posted.shown for posted in person.messages if not posted.is_streaming]

            return Seat(person.says, sends_voice, shown, voices)

        yield Platform(slack_bot.adapter_for(server), seat(ana))


@asynccontextmanager
async def _on_discord() -> AsyncIterator[Platform]:
    async with DiscordServer.open() as server:
        ana = server.person("Ana")

        def seat(person: discord_script.Seat) -> Seat:
            async def sends_voice(data: bytes) -> None:
                await person.sends_file("voice-message.ogg", data, "audio/ogg")

            def voices() -> list[bytes]:
                files = [file for posted in person.room.by_bot() for file in posted.files]
                return [server.files[each["filename"]] for each in files]

            return Seat(person.says, sends_voice, lambda: [posted.text for posted in person.room.by_bot()], voices)

        yield Platform(discord_bot.adapter_for(server), seat(ana), server.connected)


@asynccontextmanager
async def _on_whatsapp() -> AsyncIterator[Platform]:
    async with WhatsAppServer.open() as server:
        ana = server.person("Ana")

        def seat(person: whatsapp_script.Seat) -> Seat:
            async def sends_voice(data: bytes) -> None:
                await person.sends_media("audio", data, "audio/ogg", voice=True)

            def voices() -> list[bytes]:
                return [server.files[each.content["id"]] for each in person.messages if each.content.get("voice")]

            return Seat(person.says, sends_voice, lambda: [posted.text for posted in person.messages], voices)

        yield Platform(whatsapp_bot.adapter_for(server), seat(ana))


_PLATFORMS = {"telegram": _on_telegram, "slack": _on_slack, "discord": _on_discord, "whatsapp": _on_whatsapp}
