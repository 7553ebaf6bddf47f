"""From a file of sound, or a video's sound track, to samples: in stretches, so that hours need no more memory.

The decoders are FFmpeg's, through PyAV. They are told which containers to open: the file decides which of its many
demuxers is used, and some of those (playlists) open other files that the file names.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.errors import FileUnreadable
from bot.translation import gettext, gettext_noop

if TYPE_CHECKING:
    from av import AudioFrame, AudioResampler
    from av.audio.stream import AudioStream
    from av.container import InputContainer

Samples = npt.NDArray[np.float32]

RATE = 16_000
"""Samples a second, as Whisper hears them."""
STRETCH_SECONDS = 600
"""How much is held at once: 38 MB."""
_CUT_WITHIN = 30 * RATE
_QUIET = RATE // 4
_GROUPED = 1 << 14
"""Samples that come at once: a frame of a voice note is so short that the calls would cost more than the work."""
_CONTAINERS = (
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,flac,flv,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpeg,mpegts,"
    "ogg,tta,w64,wav,wv"
)
_OPTIONS = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "file"}
_MICROSECOND = Fraction(1, 1_000_000)
_TIMES = ("creation_time", "date")
_MOST_DAMAGED = 10_000
_NOT_SOUND = gettext_noop("{name} is not a sound file that I know, or it is damaged.")


@dataclass(frozen=True, slots=True)
class SoundLabels:
    """What the file says of itself. `seconds` is what it claims; in a video the pictures may be what lasts so long."""

    title: str | None
    author: str | None
    created_at: datetime | None
    seconds: float | None
    is_sure: bool
    """Whether the claim is about the sound."""


class Sound:
    """An open file of sound. `damaged` counts the packets so far that could not be decoded."""

    def __init__(self, path: Path, container: InputContainer, stream: AudioStream) -> None:
        self._path = path
        self._container = container
        self._stream = stream
        self.labels = _labels(container, stream)
        self.damaged = 0
        self._decoded = 0

    @property
    def decoded(self) -> float:
        """The seconds that were decoded so far."""
        return self._decoded / RATE

    def stretches(self, most_seconds: float) -> Iterator[tuple[float, Samples]]:
        """Yield (second it begins at, samples) until the end, or for `most_seconds`; cut where it is quiet.

        Raises FileUnreadable when nothing in it can be decoded.
        """
        begin, held = 0, np.zeros(0, np.float32)
        for block in self._blocks(round(most_seconds * RATE)):
            held = np.concatenate([held, block])
            while len(held) >= STRETCH_SECONDS * RATE:
                cut = _quietest(held)
                yield begin / RATE, held[:cut]
                begin, held = begin + cut, held[cut:]
        if len(held):
            yield begin / RATE, held
        elif begin == 0:
            raise FileUnreadable(gettext("{name} holds no sound, or it is damaged.", name=self._path.name))

    def _blocks(self, room: int) -> Iterator[Samples]:
        """Yield samples in blocks of a good size, `room` of them at most."""
        pending: list[Samples] = []
        count = 0
        for samples in self._samples():
            samples = samples[:room]  # noqa: PLW2901 (what goes beyond is not there)
            room -= len(samples)
            self._decoded += len(samples)
            pending.append(samples)
            count += len(samples)
            if count >= 30 * RATE or room == 0:
                yield np.concatenate(pending)
                pending, count = [], 0
            if room == 0:
                return
        if pending:
            yield np.concatenate(pending)

    def _samples(self) -> Iterator[Samples]:
        resample = _Resampling()
        for frame in self._frames():
            yield from resample.take(frame)
        yield from resample.take_rest()

    def _frames(self) -> Iterator[AudioFrame]:
        from av.error import FFmpegError  # noqa: PLC0415 (a heavy library, loaded in the child process only)

        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
                yield from self._stream.decode(packet)
            except FFmpegError:
                self.damaged += 1
                if self.damaged > _MOST_DAMAGED:
                    return


class _Resampling:
    """Turns frames of any kind into samples for Whisper; a file may change its kind on the way."""

    def __init__(self) -> None:
        self._resampler: AudioResampler | None = None
        self._kind: tuple[str, str, int] | None = None

    def take(self, frame: AudioFrame) -> Iterator[Samples]:
        """Yield what has become of the frames so far."""
        from av import AudioResampler  # noqa: PLC0415 (as above)

        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if kind != self._kind:
            yield from self.take_rest()
            self._resampler = AudioResampler(format="flt", layout="mono", rate=RATE, frame_size=_GROUPED)
            self._kind = kind
        frame.pts = None
        if self._resampler is not None:
            yield from map(_array, self._resampler.resample(frame))

    def take_rest(self) -> Iterator[Samples]:
        """Yield what is still held back."""
        if self._resampler is not None:
            yield from map(_array, self._resampler.resample(None))
            self._resampler = None


@contextmanager
def open_sound(path: Path) -> Iterator[Sound]:
    """Open a file for its sound. Raises FileUnreadable when it is none, empty, or damaged at its start."""
    import av  # noqa: PLC0415 (as above)
    from av.error import FFmpegError  # noqa: PLC0415 (as above)

    if path.stat().st_size == 0:
        raise FileUnreadable(gettext("{name} is empty.", name=path.name))
    try:
        container = av.open(str(path), metadata_errors="ignore", container_options=_OPTIONS)
    except (FFmpegError, ValueError) as error:
        raise FileUnreadable(gettext(_NOT_SOUND, name=path.name)) from error
    with container:
        if not container.streams.audio:
            raise FileUnreadable(gettext("There is no sound in {name}.", name=path.name))
        stream = container.streams.audio[0]
        yield Sound(path, container, stream)


def _array(frame: AudioFrame) -> Samples:
    return np.nan_to_num(frame.to_ndarray().reshape(-1), copy=False, nan=0, posinf=0, neginf=0)


def _quietest(samples: Samples) -> int:
    """Return where to cut: in the middle of the quietest moment of the last half minute, not within a word."""
    tail = samples[-_CUT_WITHIN:]
    loudness = np.square(tail[: len(tail) // _QUIET * _QUIET]).reshape(-1, _QUIET).sum(axis=1)
    return len(samples) - len(tail) + int(loudness.argmin()) * _QUIET + _QUIET // 2


def _labels(container: InputContainer, stream: AudioStream) -> SoundLabels:
    said = {**stream.metadata, **container.metadata}
    said = {name.casefold(): value.strip() for name, value in said.items() if value.strip()}
    seconds = _seconds(stream.duration, stream.time_base)
    return SoundLabels(
        title=said.get("title"),
        author=said.get("artist") or said.get("album_artist"),
        created_at=next(filter(None, (_moment(said.get(name)) for name in _TIMES)), None),
        seconds=seconds or _seconds(container.duration, _MICROSECOND),
        is_sure=seconds is not None or not container.streams.video,
    )


def _seconds(duration: int | None, unit: Fraction | None) -> float | None:
    return float(duration * unit) if unit and duration is not None and duration > 0 else None


def _moment(text: str | None) -> datetime | None:
    """Read a time as containers write it; one that is only a year, or no time at all, is none."""
    with suppress(ValueError, TypeError):
        moment = datetime.fromisoformat(text or "")
        if len(text or "") > len("2024-05-03"):
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
