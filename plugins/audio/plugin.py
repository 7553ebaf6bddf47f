"""The plugin: which files it listens to, with which model, within which limits."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot import Plugin, reads
from bot.reading import (
    SPEECH_INSTALL_ADVICE,
    SPEECH_WEIGHTS,
    ChildLimits,
    IncomingFile,
    NotYetReadable,
    ReadItem,
    find_speech_folder,
    in_child,
    speech_installed,
)
from bot.translation import gettext
from plugins.audio.reader import AudioOptions, access_of, read_audio
from plugins.audio.transcribing import Hearing

_ENDINGS = (
    ".3gp", ".aac", ".aiff", ".amr", ".avi", ".caf", ".flac", ".flv", ".m4a", ".m4v", ".mkv", ".mov", ".mp3", ".mp4",
    ".oga", ".ogg", ".opus", ".wav", ".webm", ".wma", ".wmv",
)  # fmt: skip
_MEGABYTE = 1 << 20
_DECODING_MB = 1024
_TIMES_ITS_SIZE = 4
"""Weights of 16 bits are widened to 32 where the processor does not have those, and copied once on the way."""
_DAY = 86_400
_SILENT_SECONDS = 600
"""The longest that half a minute of sound may take: the largest model on an old processor."""
_MOST_THREADS = 4
"""More make Whisper hardly any quicker, and more than there are processors make it many times slower (measured)."""


class AudioSettings(BaseModel):
    """Which Whisper model listens, to what language, and for how long."""

    model_config = ConfigDict(extra="forbid")

    model: str | None = None
    language: str | None = Field(default=None, pattern=r"^[a-z]{2,3}$")
    max_hours: float = Field(default=4, gt=0, le=24)
    device: Literal["auto", "cpu", "cuda"] = "auto"
    threads: int | None = Field(default=None, ge=1)
    beam_size: int = Field(default=5, ge=1, le=20)


class AudioPlugin(Plugin):
    """Listens to voice notes, recordings and videos, and remembers what is said in them, by the minute."""

    name = "audio"
    Settings = AudioSettings
    settings: AudioSettings

    @reads("audio/*", "video/*", "application/ogg", endings=_ENDINGS)
    async def read(self, file: IncomingFile) -> AsyncIterator[ReadItem]:
        """Transcribe a file in a child process. Raises FileUnreadable; NotYetReadable when there is no model."""
        model = await asyncio.to_thread(self._model, file.name)
        options = AudioOptions(
            Hearing(
                model,
                language=self.settings.language,
                device=self.settings.device,
                threads=self.settings.threads or min(_MOST_THREADS, _processors()),
                beam_size=self.settings.beam_size,
            ),
            most_seconds=self.settings.max_hours * 3600,
        )
        size = (model / SPEECH_WEIGHTS).stat().st_size // _MEGABYTE  # a moment
        limits = ChildLimits(
            memory_mb=_DECODING_MB + _TIMES_ITS_SIZE * size, cpu_seconds=_DAY, silent_seconds=_SILENT_SECONDS
        )
        access = await asyncio.to_thread(access_of, options)
        async for item in in_child(read_audio, file.path, options, limits, access):
            yield item

    def _model(self, name: str) -> Path:
        """Return the folder of the model. Raises NotYetReadable, which says how to get one."""
        if not speech_installed():
            raise NotYetReadable(
                gettext(
                    "I can't listen to {name} yet: speech recognition is not installed ({advice}).",
                    name=name,
                    advice=SPEECH_INSTALL_ADVICE,
                )
            )
        folder = find_speech_folder(self.data_dir / "models", self.settings.model)
        if folder is None:
            wanted = self.settings.model or "whisper-small"
            raise NotYetReadable(
                gettext(
                    "I can't listen to {name} yet: I have no model for it. `scrubjay model pull {wanted}` fetches one.",
                    name=name,
                    wanted=wanted,
                )
            )
        return folder


def _processors() -> int:
    """Return how many processors this process may use, where the system tells, else how many there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
