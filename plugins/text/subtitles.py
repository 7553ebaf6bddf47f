"""Reads subtitles: what is said, with the time it is said at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.errors import FileUnreadable
from bot.reading import Piece, Progress, ReadItem, format_duration
from plugins.text.damage import raise_only_unreadable
from plugins.text.encoding import whole
from plugins.text.options import TextOptions

_ROOM = 500
_PAUSE = 20_000
"""Milliseconds of silence that end a piece."""


@raise_only_unreadable("subtitles")
def read_subtitles(path: Path, _options: TextOptions) -> Iterator[ReadItem]:
    """Yield what is said, some sentences at a time, each piece with the time at which it begins."""
    import pysubs2  # noqa: PLC0415 (in the child alone)

    try:
        subtitles = pysubs2.SSAFile.from_string(whole(path))
    except pysubs2.FormatAutodetectionError:
        raise FileUnreadable(f"{path.name} holds no subtitles that I know.") from None
    lines = [(each.start, each.end, " ".join(each.plaintext.split())) for each in subtitles if each.type == "Dialogue"]
    lines = sorted(line for line in lines if line[2])
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
    yield Progress(max(ended, 0) // 1000, None, "seconds")
