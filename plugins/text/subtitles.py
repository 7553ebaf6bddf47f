"""Reads subtitles: what is said, with the time it is said at."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import FileUnreadable
from bot.reading import About, Piece, Progress, ReadItem, format_duration
from bot.translation import gettext, gettext_noop
from plugins.text.damaged_files import raise_only_unreadable
from plugins.text.encoding import whole
from plugins.text.left_out import LeftOut
from plugins.text.options import TextOptions

if TYPE_CHECKING:
    from pysubs2 import SSAFile

Cue = tuple[int, int, list[str]]
"""From when to when, in milliseconds, which lines are shown."""
_VOICE = re.compile(r"<v(?:\.[\w.]{1,40})?\s+([^>\n]{1,80})>")
_TAG = re.compile(r"</?[a-zA-Z\d][^<>\n]{0,200}>|\{\\[^{}\n]{0,200}\}")
_DRAWN = re.compile(r"\{[^{}]{0,200}\\p[1-9][^{}]{0,200}\}.*?(?:\{[^{}]{0,200}\\p0[^{}]{0,200}\}|\Z)", re.DOTALL)
"""A drawing, which stands in a caption as the numbers of its lines."""
_INVISIBLE = re.compile(r"\{[^{}]{0,200}\\alpha&HFF&?[^{}]{0,200}\}", re.IGNORECASE)
_READING = re.compile(r"<rt\b[^<>\n]{0,80}>[^<\n]{0,200}(?:</rt>)?")
"""How a word is spoken, in small letters above it."""
_TOUCHING, _FLASH = 1000, 150
"""Milliseconds between captions that roll, and of one that is only there to roll them."""
_ROOM = 500
_PAUSE = 20_000
"""Milliseconds of silence that end a piece."""


@raise_only_unreadable(gettext_noop("subtitles"))
def read_subtitles(path: Path, _options: TextOptions) -> Iterator[ReadItem]:
    """Yield what is said, some sentences at a time, each piece with the time at which it begins."""
    import pysubs2  # noqa: PLC0415 (in the child alone)

    try:
        text = _READING.sub("", _VOICE.sub(r"\1: ", whole(path)))
        subtitles = pysubs2.SSAFile.from_string(text)
    except pysubs2.FormatAutodetectionError:
        raise FileUnreadable(gettext("{name} holds no subtitles that I know.", name=path.name)) from None
    left_out = LeftOut()
    lines = [(start, end, " ".join(said)) for start, end, said in drop_rolled(_list_shown(subtitles, left_out)) if said]
    held: list[str] = []
    began = ended = 0
    for start, end, text in lines:
        if held and (sum(map(len, held)) > _ROOM or start - ended > _PAUSE):
            yield Piece("\n".join(held), format_duration(max(began, 0) / 1000))
            held = []
        if not held:
            began = start
        held.append(text)
        ended = end
    if held:
        yield Piece("\n".join(held), format_duration(max(began, 0) / 1000))
    if notes := left_out.notes():
        yield About(notes=notes)
    yield Progress(max(ended, 0) // 1000, None, "seconds")


def _list_shown(subtitles: SSAFile, left_out: LeftOut) -> list[Cue]:
    """Return the captions that are seen, in their order; one in several layers at one time is a single one."""
    found: list[Cue] = []
    for each in subtitles:
        if each.type != "Dialogue":
            continue
        if _INVISIBLE.match(each.text):
            left_out.add("hidden text")
            continue
        if _DRAWN.search(each.text):
            each.text = _DRAWN.sub("", each.text)
        cue = each.start, each.end, _lines(each.plaintext)
        found.append(cue)
    found.sort()
    return [cue for at, cue in enumerate(found) if at == 0 or cue != found[at - 1]]


def drop_rolled(cues: Iterable[Cue]) -> Iterator[Cue]:
    """Yield captions without the lines that the one before has shown already, as captions made by machines roll."""
    before: Cue = (0, 0, [])
    for start, end, lines in cues:
        said = lines
        if before[2] and start - before[1] < _TOUCHING:
            said = _new_lines(before, (start, end, lines))
        yield start, end, said
        if lines:
            before = start, end, lines


def _new_lines(before: Cue, now: Cue) -> list[str]:
    overlap = max((n for n in range(1, len(now[2]) + 1) if before[2][-n:] == now[2][:n]), default=0)
    if overlap < len(now[2]):
        return now[2][overlap:]
    rolls = len(before[2]) > overlap or min(before[1] - before[0], now[1] - now[0]) <= _FLASH
    return [] if rolls else now[2]  # somebody may say the same twice


def _lines(text: str) -> list[str]:
    lines = (" ".join(html.unescape(_TAG.sub("", line)).split()) for line in text.split("\n"))
    return [line for line in lines if line]
