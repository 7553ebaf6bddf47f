"""Listening: the plugin that reads sound, in its child process, against bare faster-whisper in this one."""

from __future__ import annotations

import asyncio
import shutil
from functools import partial
from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel

from benchmarks.measuring import Row, Setup, by_round, interleaved
from bot.reading import Piece
from bot.reading.child import in_child
from bot.reading.child_limits import ChildLimits
from plugins.audio.reader import AudioOptions, access_of, read_audio
from plugins.audio.transcribing import Hearing
from tests import whisper_files
from tests.speech_sounds import KINDS, RATE, silence, voice, write_sound

TARGET = 0.9
_LIMITS = ChildLimits(memory_mb=4096, cpu_seconds=3600, silent_seconds=600)


async def measure(setup: Setup) -> list[Row]:
    """Compare on talk with pauses in it, with a model as large as Whisper's "tiny" that knows two sentences.

    It says less than a true one, so that what is not Whisper's own work counts for more here than it does in life.
    """
    model = whisper_files.build(setup.folder / "whisper", whisper_files.TINY)
    sounds = np.tile(np.concatenate([voice(50), silence(10)]), setup.size(4, 1))
    file = write_sound(setup.folder / "talk.ogg", sounds, KINDS["ogg/opus"])
    ours, bare = await interleaved(partial(_ours, file, model), partial(_bare, file, model), setup.size(3, 1))
    seconds = len(sounds) / RATE
    ratio = by_round(bare, ours)
    shutil.rmtree(model)
    return [
        Row(
            f"listening to {seconds / 60:.0f} min of talk, seconds of sound a second",
            ours.rate(round(seconds)),
            f"faster-whisper: {bare.rate(round(seconds))}",
            ratio.shown(),
            f"≥ {TARGET}",
            ratio.median >= TARGET,
        )
    ]


async def _ours(file: Path, model: Path) -> None:
    options = AudioOptions(Hearing(model, threads=2, beam_size=1))
    items = [item async for item in in_child(read_audio, file, options, _LIMITS, access_of(options))]
    if not any(isinstance(item, Piece) for item in items):
        raise RuntimeError("nothing was heard")


async def _bare(file: Path, model: Path) -> None:
    await asyncio.to_thread(_transcribed, file, model)


def _transcribed(file: Path, model: Path) -> None:
    whisper = WhisperModel(str(model), cpu_threads=2, local_files_only=True)
    segments, _ = whisper.transcribe(str(file), beam_size=1, vad_filter=True, condition_on_previous_text=False)
    if not list(segments):
        raise RuntimeError("nothing was heard")
