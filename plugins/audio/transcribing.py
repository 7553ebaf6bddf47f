"""From samples to what was said, and when: voice-activity detection, then Whisper on what is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.errors import FileUnreadable
from plugins.audio.decoding import RATE, Samples

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

_SILENT = 0.001
"""What stays below, sixty decibels under the loudest there can be, is silence: nobody listens for voices in it."""
_SURE = 0.5
"""From this probability on, the language of one stretch is taken for that of the rest."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """How to listen: the model's folder, the language if it is known (None: it is found out), and what may be used.

    `device` and `compute_type` are as CTranslate2 names them.
    """

    model: Path
    language: str | None = None
    device: str = "auto"
    compute_type: str = "auto"
    threads: int = 0
    beam_size: int = 5
    vad: bool = True


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase, with the seconds it begins and ends at."""

    start: float
    end: float
    text: str


@dataclass(slots=True)
class Transcriber:
    """Hears one file. The model is loaded when the first voice is heard: silence costs nothing."""

    hearing: Hearing
    language: str | None = field(default=None, init=False)
    """The language that was heard, once it is clear."""
    _model: WhisperModel | None = field(default=None, init=False)

    def hear(self, begin: float, samples: Samples) -> Iterator[Said]:
        """Yield what is said in a stretch that begins at this second. Raises FileUnreadable when the model is unusable.

        What was said before is no prompt for what follows: a phrase that the model makes up can't repeat itself so.
        """
        if not len(samples) or np.abs(samples).max() < _SILENT:
            return
        from faster_whisper.vad import (  # noqa: PLC0415 (a heavy library, loaded in the child process only)
            SpeechTimestampsMap,
            VadOptions,
            collect_chunks,
            get_speech_timestamps,
        )

        voices = [{"start": 0, "end": len(samples)}]
        if self.hearing.vad:
            voices = get_speech_timestamps(samples, VadOptions())
        if not voices:
            return
        spoken = np.concatenate(collect_chunks(samples, voices)[0])
        times = SpeechTimestampsMap(voices, RATE)
        segments, info = self._loaded().transcribe(
            spoken,
            language=self.language or self.hearing.language,
            beam_size=self.hearing.beam_size,
            condition_on_previous_text=False,
        )
        if info.language_probability >= _SURE:
            self.language = info.language
        for segment in segments:
            if text := segment.text.strip():
                start = times.get_original_time(segment.start)
                end = times.get_original_time(segment.end, is_end=True)
                yield Said(begin + start, begin + end, text)

    def _loaded(self) -> WhisperModel:
        if self._model is None:
            from faster_whisper import WhisperModel  # noqa: PLC0415 (as above)

            hearing = self.hearing
            try:
                self._model = WhisperModel(
                    str(hearing.model),
                    device=hearing.device,
                    compute_type=hearing.compute_type,
                    cpu_threads=hearing.threads,
                    local_files_only=True,
                )
            except (RuntimeError, ValueError, OSError) as error:
                raise FileUnreadable(f"The Whisper model {hearing.model.name} can't be used: {error}") from error
        return self._model
