"""Sounds that the tests make: voices that babble, which pass for speech where it is looked for, and files of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

Samples = npt.NDArray[np.float32]

RATE = 16_000
_SYLLABLES = 4.0
"""A second."""
_VOWELS = np.array([(730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410)])
"""The first three formants in hertz of five English vowels, rounded (Peterson and Barney, 1952)."""
_WIDTHS, _GAINS = (80, 100, 150), (1.0, 0.6, 0.3)
_HIGHEST = 7500


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


def voice(seconds: float, *, high: bool = False) -> Samples:
    """Babble in a low or a high voice: harmonics through formants that move, in syllables."""
    pitch, size = (240, 1.3) if high else (120, 1.0)
    chance = np.random.default_rng(7)
    at = np.arange(round(seconds * RATE)) / RATE
    tone = pitch * (1 + 0.08 * np.sin(2 * np.pi * 0.6 * at) + 0.02 * np.sin(2 * np.pi * 5 * at))
    phase = np.cumsum(tone) / RATE
    spoken = _VOWELS[chance.integers(0, len(_VOWELS), int(seconds * _SYLLABLES) + 2)] * size
    formants = [np.interp(at * _SYLLABLES, np.arange(len(spoken)) + 0.5, each) for each in spoken.T]
    sound = np.zeros(len(at))
    for harmonic in range(1, int(_HIGHEST // pitch)):
        frequency = harmonic * tone
        gain = sum(
            gain / (1 + ((frequency - formant) / width) ** 2)
            for formant, width, gain in zip(formants, _WIDTHS, _GAINS, strict=True)
        )
        sound += gain * np.sin(2 * np.pi * harmonic * phase) * (frequency < _HIGHEST) / harmonic**0.3
    syllable = np.cos(2 * np.pi * _SYLLABLES * at)
    sound *= (0.5 - 0.5 * syllable) ** 0.6
    sound = sound / np.abs(sound).max() * 0.5 + chance.normal(size=len(at)) * 0.02 * (syllable > 0.75)
    if high:
        sound = np.diff(sound, prepend=0)
        sound *= 0.5 / np.abs(sound).max()
    return sound.astype(np.float32)


@dataclass(frozen=True)
class Kind:
    """How a file is written: its ending decides the container."""

    ending: str
    codec: str
    rate: int = 48_000
    layout: str = "mono"
    video: str | None = None


KINDS = {
    "ogg/opus": Kind("ogg", "libopus"),
    "opus": Kind("opus", "libopus"),
    "m4a/aac": Kind("m4a", "aac", 44_100, "stereo"),
    "mp3": Kind("mp3", "libmp3lame", 44_100, "stereo"),
    "wav": Kind("wav", "pcm_s16le", 8_000),
    "flac": Kind("flac", "flac", 96_000),
    "mp4": Kind("mp4", "aac", video="mpeg4"),
    "webm": Kind("webm", "libopus", video="libvpx"),
    "mkv": Kind("mkv", "aac", video="mpeg4"),
}


def write_sound(path: Path, samples: Samples, kind: Kind, labels: Mapping[str, str] | None = None) -> Path:
    """Encode samples as a file of a kind; a video shows black pictures, one a second."""
    with av.open(str(path), "w") as container:
        container.metadata.update(labels or {})
        stream = container.add_stream(kind.codec, rate=kind.rate)
        assert isinstance(stream, AudioStream)
        stream.layout = kind.layout
        if kind.video is not None:
            _add_pictures(container, kind.video, len(samples) // RATE)
        resampler = av.AudioResampler(
            format=stream.format, layout=kind.layout, rate=kind.rate, frame_size=stream.frame_size
        )
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="flt", layout="mono")
        frame.sample_rate = RATE
        for resampled in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(resampled))
        container.mux(stream.encode(None))
    return path


def _add_pictures(container: OutputContainer, codec: str, seconds: int) -> None:
    video = container.add_stream(codec, rate=1)
    assert isinstance(video, VideoStream)
    video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
    for second in range(seconds + 1):
        picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
        picture.pts, picture.time_base = second, Fraction(1, 1)
        container.mux(video.encode(picture))
    container.mux(video.encode(None))
