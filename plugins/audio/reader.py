"""Reads sound: what was said in it, in passages that name the time at which they begin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import FileUnreadable
from bot.reading import About, ChildAccess, Piece, Progress, ReadItem, format_duration
from bot.translation import gettext
from plugins.audio.decoding import Sound, open_sound
from plugins.audio.passages import PhrasePassages
from plugins.audio.transcribing import Hearing, Transcriber

_MISSING_PART = 0.95
"""A file that holds less than this part of the time that it claims is damaged."""
_MOST_SHOWN = 3000
"""Characters of what is shown as the words of a voice note: some minutes, one message on most platforms."""
_STRAY = 5
"""Packets that can't be decoded are not damage if they are so few: labels and fillers look like that, too."""


@dataclass(frozen=True, slots=True)
class AudioOptions:
    """How to listen, and for how many seconds at most."""

    hearing: Hearing
    most_seconds: float = 4 * 3600


def access_of(options: AudioOptions) -> ChildAccess:
    """Return what a child process needs to listen: the model, whose files may be links, and where it computes."""
    files = tuple(str(each.resolve()) for each in options.hearing.model.iterdir())
    return ChildAccess(readable=(str(options.hearing.model), *files), gpu=options.hearing.device != "cpu")


def read_audio(path: Path, options: AudioOptions) -> Iterator[ReadItem]:
    """Yield what is said in a file of sound, or in a video.

    Raises FileUnreadable when it can't be decoded, when nothing is said in it, or when the model is unusable.
    """
    with open_sound(path) as sound:
        labels = sound.labels
        if labels.title or labels.author or labels.created_at:
            yield About(title=labels.title, author=labels.author, created_at=labels.created_at)
        transcriber = Transcriber(options.hearing)
        spoken: list[str] = []
        for item in _transcribe(sound, transcriber, options):
            if isinstance(item, Piece):
                spoken.append(item.text)
            yield item
        notes = tuple(_notes(sound, options.most_seconds))
        if not spoken:
            raise FileUnreadable(" ".join([gettext("There is no speech in {name}.", name=path.name), *notes]))
        words = " ".join(" ".join(spoken).split())
        shown = words if len(words) <= _MOST_SHOWN else None
        yield About(language=transcriber.language, notes=notes, words=shown)


def _transcribe(sound: Sound, transcriber: Transcriber, options: AudioOptions) -> Iterator[ReadItem]:
    total = _measure(sound, options.most_seconds)
    passages = PhrasePassages()
    for begin, samples in sound.stretches(options.most_seconds):
        yield Progress(int(begin), total, "seconds")
        for said in transcriber.hear(begin, samples):
            yield from passages.take(said)
            yield Progress(int(said.end), total, "seconds")
    yield from passages.take_rest()
    yield Progress(int(sound.decoded), int(sound.decoded), "seconds")


def _measure(sound: Sound, most_seconds: float) -> int | None:
    seconds = sound.labels.seconds
    return None if seconds is None else int(min(seconds, most_seconds))


def _notes(sound: Sound, most_seconds: float) -> Iterator[str]:
    """Yield what whoever sent it has to know."""
    claimed = sound.labels.seconds if sound.labels.seconds and sound.labels.is_sure else 0.0
    if sound.decoded >= most_seconds:
        yield f"Only the first {format_duration(most_seconds)} of it were listened to."
    elif sound.decoded < claimed * _MISSING_PART:
        yield f"It is damaged: {format_duration(sound.decoded)} of {format_duration(claimed)} could be heard."
    elif sound.damaged > _STRAY:
        yield "It is damaged, and some moments of it could not be heard."
