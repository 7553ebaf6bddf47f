"""From samples to what was said, and when: voice-activity detection, then Whisper on what is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.errors import FileUnreadable
from bot.translation import gettext
from plugins.audio.decoding import RATE, Samples

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.transcribe import Segment

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


@dataclass(frozen=True, slots=True)
class SpokenPhrase:
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

    def hear(self, begin: float, samples: Samples) -> Iterator[SpokenPhrase]:
        """Yield what is said in a stretch that begins at this second. Raises FileUnreadable when the model is unusable.

        What was said before is not a prompt for what follows: a phrase that the model makes up can't repeat itself so.
        """
        if not len(samples) or np.abs(samples).max() < _SILENT:
            return
        from faster_whisper.vad import (  # noqa: PLC0415 (a heavy library, loaded in the child process only)
            SpeechTimestampsMap,
            VadOptions,
            collect_chunks,
            get_speech_timestamps,
        )

        voices = get_speech_timestamps(samples, VadOptions())
        if not voices:
            return
        spoken = np.concatenate(collect_chunks(samples, voices)[0])
        times = SpeechTimestampsMap(voices, RATE)
        try:
            for segment in self._start_transcribing(spoken):
                if text := segment.text.strip():
                    start = times.get_original_time(segment.start)
                    end = times.get_original_time(segment.end, is_end=True)
                    yield SpokenPhrase(begin + start, begin + end, text)
        except (RuntimeError, ValueError, OSError) as error:
            name = self.hearing.model.name
            raise FileUnreadable(
                gettext("The Whisper model {name} can't be used: {error}", name=name, error=error)
            ) from error

    def _start_transcribing(self, spoken: Samples) -> Iterable[Segment]:
        """Hear with the model. Raises what its libraries do, for damaged files, unknown languages, a GPU that fails."""
        from faster_whisper import WhisperModel  # noqa: PLC0415 (as above)

        hearing = self.hearing
        if self._model is None:
            self._model = WhisperModel(
                str(hearing.model),
                device=hearing.device,
                compute_type=hearing.compute_type,
                cpu_threads=hearing.threads,
                local_files_only=True,
            )
        segments: Iterable[Segment]
        segments, info = self._model.transcribe(
            spoken,
            language=self.language or hearing.language,
            beam_size=hearing.beam_size,
            condition_on_previous_text=False,
        )
        if info.language_probability >= _SURE:
            self.language = info.language
        return segments
