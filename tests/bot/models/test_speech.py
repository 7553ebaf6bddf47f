"""Texts spoken by a server: what it is asked, and every way in which it can fail."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.errors import ModelError, ModelServerError
from bot.models.speech import SpeechServer, SpeechServerSettings
from tests.emulators.speech_server import SOUND, SpeechEmulator, running_speech_server

KEY = "sk-very-secret-0123456789"


@pytest.fixture
async def emulator() -> AsyncIterator[SpeechEmulator]:
    async with running_speech_server(SpeechEmulator()) as running:
        yield running


async def failure(base_url: str, key: str | None = None) -> str:
    async with SpeechServer(SpeechServerSettings(base_url, api_key=key)) as server:
        with pytest.raises(ModelServerError) as raised:
            await server.speak("It is under the pot.")
    return str(raised.value)


async def test_a_text_is_spoken_by_the_voice_that_is_set(emulator: SpeechEmulator) -> None:
    emulator.key = KEY
    settings = SpeechServerSettings(emulator.base_url, model="kokoro", voice="af_sky", api_key=KEY)
    async with SpeechServer(settings) as server:
        speech = await server.speak("It is under the pot.")
    assert (speech.media_type, speech.data) == ("audio/ogg", SOUND)
    wanted = {"model": "kokoro", "voice": "af_sky", "input": "It is under the pot.", "response_format": "opus"}
    assert emulator.said == [wanted]


async def test_a_server_that_has_mp3_only_is_understood(emulator: SpeechEmulator) -> None:
    emulator.sound = b"ID3" + bytes(32)
    async with SpeechServer(SpeechServerSettings(emulator.base_url)) as server:
        assert (await server.speak("Hello.")).media_type == "audio/mpeg"


async def test_what_fails_is_told_without_the_key(emulator: SpeechEmulator) -> None:
    emulator.key = "another"
    said = await failure(emulator.base_url, KEY)
    assert "401" in said
    assert KEY not in said
    emulator.key, emulator.status = None, 503
    assert "503: the model is not loaded" in await failure(emulator.base_url)


@pytest.mark.parametrize("sound", [b"", b"<html>", b"OggS" + bytes(8_000_001)])
async def test_what_is_no_sound_or_too_much_is_refused(emulator: SpeechEmulator, sound: bytes) -> None:
    emulator.sound = sound
    assert "no Ogg Opus and no MP3" in await failure(emulator.base_url)


async def test_a_server_that_is_not_there_is_named() -> None:
    assert "No speech server answers at http://127.0.0.1:9/v1" in await failure("http://127.0.0.1:9/v1")


def test_a_wrong_address_names_its_setting() -> None:
    with pytest.raises(ModelError, match=r"speech\.base_url"):
        SpeechServer(SpeechServerSettings("localhost:8880"))
