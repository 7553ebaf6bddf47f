from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from bot import Attachment
from bot.testing import Chat, FakeAdapter, chat
from plugins.audio.plugin import AudioPlugin, AudioSettings
from plugins.memory import MemoryPlugin
from tests.speech_sounds import KINDS, silence, voice, write_sound
from tests.whisper_files import HIGH_TEXT, LOW_TEXT

QUESTION = "Where does the key lie?"
NO_MODEL = (
    "I can't listen to voice note.ogg yet: I have no model for it. `scrubjay model pull whisper-small` fetches one. "
    "I have kept the file, and will read it as soon as I can."
)
NOTE = Attachment("voice note.ogg", "audio/ogg", "1")


@pytest.fixture(scope="module")
def note(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A voice note of 46 seconds, in which somebody says something after 42."""
    sounds = np.concatenate([silence(42), voice(4)])
    return write_sound(tmp_path_factory.mktemp("note") / "note.ogg", sounds, KINDS["ogg/opus"]).read_bytes()


def install(whisper: Path, data: Path) -> None:
    """Put the model where `scrubjay model pull` does."""
    shutil.copytree(whisper, data / "models" / whisper.name, copy_function=os.link)


@asynccontextmanager
async def ann_with(data: Path, files: dict[str, bytes], **settings: object) -> AsyncIterator[Chat]:
    audio = AudioPlugin(AudioSettings.model_validate({"threads": 1, **settings}))
    async with chat(data, plugins=[MemoryPlugin(), audio], adapter=FakeAdapter(files=files)) as ann:
        yield ann


async def test_a_voice_note_is_heard_and_cited_with_its_time(whisper: Path, note: bytes, tmp_path: Path) -> None:
    install(whisper, tmp_path)
    async with ann_with(tmp_path, {"1": note}) as ann:
        (told,) = await ann.says("", Attachment("voice note.ogg", "audio/ogg", "1"))
        assert told == "I have read voice note.ogg: 0:46, 1 passage. Ask me about it."
        assert "Reading voice note.ogg … 0:46 of 0:46" in ann.adapter.growth
        (answer,) = await ann.says(QUESTION)
        assert LOW_TEXT in answer
        (source,) = [source for source in ann.last.sources if source.kind == "document"]
        assert source.author == "voice note.ogg"
        assert source.locator in {"0:41", "0:42"}  # a voice is said to begin a moment before it does


async def test_a_video_is_heard_whatever_it_is_called(whisper: Path, tmp_path: Path) -> None:
    install(whisper, tmp_path)
    film = write_sound(tmp_path / "film.webm", voice(5, high=True), KINDS["webm"]).read_bytes()
    async with ann_with(tmp_path, {"1": film}) as ann:
        (told,) = await ann.says("", Attachment("holiday", "application/octet-stream", "1"))
        assert told.startswith("I have read holiday: 0:0")
        (answer,) = await ann.says("Wo liegt der Schlüssel?")
        assert HIGH_TEXT in answer


async def test_the_model_of_the_settings_is_taken(whisper: Path, note: bytes, tmp_path: Path) -> None:
    async with ann_with(tmp_path, {"1": note}, model=str(whisper)) as ann:
        (told,) = await ann.says("", Attachment("voice note.ogg", "audio/ogg", "1"))
        assert told.startswith("I have read voice note.ogg")


async def test_silence_is_told_in_one_sentence(whisper: Path, tmp_path: Path) -> None:
    install(whisper, tmp_path)
    quiet = write_sound(tmp_path / "quiet.ogg", silence(5), KINDS["ogg/opus"]).read_bytes()
    async with ann_with(tmp_path, {"1": quiet}) as ann:
        assert await ann.says("", Attachment("quiet.ogg", "audio/ogg", "1")) == ["There is no speech in quiet.ogg."]


async def test_a_text_that_says_it_is_sound_is_refused_in_one_sentence(whisper: Path, tmp_path: Path) -> None:
    install(whisper, tmp_path)
    async with ann_with(tmp_path, {"1": b"Never gonna give you up. " * 40}) as ann:
        (told,) = await ann.says("", Attachment("song.mp3", "audio/mpeg", "1"))
        assert told == "song.mp3 is not a sound file that I know, or it is damaged."


def kept_in(data: Path) -> list[Path]:
    return [file for file in (data / "kept").rglob("*") if file.is_file()]


async def test_without_a_model_the_file_is_kept_and_heard_when_there_is_one(
    whisper: Path, note: bytes, tmp_path: Path
) -> None:
    async with ann_with(tmp_path, {"1": note}) as ann:
        assert await ann.says("", NOTE) == [NO_MODEL]
        (file,) = kept_in(tmp_path)
        assert file.read_bytes() == note
        await ann.core.read_kept()
        assert len(ann.adapter.sent) == 1
    install(whisper, tmp_path)
    async with chat(tmp_path, plugins=[MemoryPlugin(), AudioPlugin()], first_minute=10) as ann:
        await ann.core.read_kept()
        (sent,) = ann.adapter.sent
        assert sent.reply.text == "I have read voice note.ogg: 0:46, 1 passage. Ask me about it."
        assert sent.reply_to == "direct-ann:0"
        assert LOW_TEXT in (await ann.says(QUESTION))[0]
        await ann.core.read_kept()
        assert len(ann.adapter.sent) == 2
    assert kept_in(tmp_path) == []


async def test_a_kept_file_that_turns_out_to_be_damaged_is_told_and_dropped(whisper: Path, tmp_path: Path) -> None:
    async with ann_with(tmp_path, {"1": b"OggS, but no more than that"}) as ann:
        await ann.says("", NOTE)
        install(whisper, tmp_path)
        await ann.core.read_kept()
        assert ann.last.text == "voice note.ogg is not a sound file that I know, or it is damaged."
        assert kept_in(tmp_path) == []
