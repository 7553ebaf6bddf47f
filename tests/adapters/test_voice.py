"""Voice both ways, on each platform: answers that are spoken, and the words of voice notes shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from bot.models.speech import SpeechServer, SpeechServerSettings
from bot.pipeline.core import Core
from bot.plugin import Plugin
from plugins.audio.plugin import AudioPlugin, AudioSettings
from plugins.chat import ChatPlugin
from tests import whisper_files
from tests.adapters import bots
from tests.adapters.media_seats import MediaPlatform, open_platform, telegram_platform
from tests.emulators.speech_server import SOUND, SpeechEmulator, running_speech_server
from tests.emulators.telegram import TelegramServer
from tests.speech_sounds import KINDS, silence, voice, write_sound

KEY = "The spare key is under the blue flowerpot."


@pytest.fixture(params=["telegram", "slack", "discord", "whatsapp"])
async def platform(request: pytest.FixtureRequest) -> AsyncIterator[MediaPlatform]:
    async with open_platform(request.param) as platform:
        yield platform


@pytest.fixture
async def speech() -> AsyncIterator[SpeechEmulator]:
    async with running_speech_server(SpeechEmulator()) as running:
        yield running


@asynccontextmanager
async def talking(
    folder: Path, platform: MediaPlatform, speech: SpeechEmulator | None, *plugins: Plugin
) -> AsyncIterator[Core]:
    async with AsyncExitStack() as stack:
        server = None
        if speech is not None:
            server = await stack.enter_async_context(SpeechServer(SpeechServerSettings(speech.base_url)))
        known = [ChatPlugin(), *plugins]
        core = await stack.enter_async_context(bots.talking(folder, [platform.adapter], plugins=known, speech=server))
        await platform.connected()
        yield core


async def test_answers_are_spoken_while_voice_is_on(
    platform: MediaPlatform, speech: SpeechEmulator, tmp_path: Path
) -> None:
    ana = platform.direct
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
    platform: MediaPlatform, speech: SpeechEmulator, tmp_path: Path
) -> None:
    ana = platform.direct
    speech.status = 500
    async with talking(tmp_path, platform, speech):
        await ana.says(KEY)
        await ana.says("/voice on")
        await ana.says("Where is the spare key?")
        await ana.sees("I couldn't speak that answer.")
        await ana.sees("flowerpot")
    assert ana.voices() == []


async def test_without_a_speech_server_voice_says_what_is_missing(platform: MediaPlatform, tmp_path: Path) -> None:
    async with talking(tmp_path, platform, None):
        await platform.direct.says("/voice on")
        await platform.direct.sees("I have no voice yet")


async def test_the_words_of_a_voice_note_are_shown_when_that_is_asked_for(
    platform: MediaPlatform, tmp_path: Path
) -> None:
    ana = platform.direct
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
        platform = telegram_platform(server, ana)
        async with talking(tmp_path, platform, speech):
            await ana.says(KEY)
            await ana.says("/voice on")
            await ana.says("Where is the spare key?")
            found = await server.until(lambda: [each for each in ana.messages if each.file] or None)
        assert [list(each.file) for each in found] == [["document"]]
