"""The functions that open a picture in a child process; light to import, as the libraries are not."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.errors import FileUnreadable
from bot.reading import Piece, ReadItem
from bot.translation import gettext

_MOST_PIXELS = 8_000_000
"""Larger pictures are made smaller: letters that a person can read stay readable."""
_MOST_DECODED_PIXELS = 100_000_000
_MOST_SHOWN_PIXELS = 1_500_000
"""Models that look at pictures make larger ones smaller themselves."""
_LEAST_CERTAIN = 0.5
_SAME_LINE = 0.5
"""Boxes whose middles are nearer than this part of their height stand on one line."""


def read_picture(path: Path, _options: object) -> Iterator[ReadItem]:
    """Yield the text in a picture, line by line. Raises FileUnreadable where there is none, or it is damaged."""
    from rapidocr import RapidOCR  # noqa: PLC0415 (an extra, slow to import, in the child alone)

    engine: Any = RapidOCR(params={"Global.log_level": "error"})
    import numpy as np  # noqa: PLC0415 (comes with the extra)

    found = engine(np.asarray(_load(path, _MOST_PIXELS))[:, :, ::-1])  # the engine reads blue, green, red
    boxes = [] if found.boxes is None else zip(found.boxes, found.txts, found.scores, strict=True)
    words = [_Words(box, str(text)) for box, text, sure in boxes if sure >= _LEAST_CERTAIN]
    if not words:
        raise FileUnreadable(gettext("I found no text in {name}.", name=path.name))
    yield Piece(_in_lines(words))


def shrink_picture(path: Path, _options: object) -> Iterator[bytes]:
    """Yield a picture as a JPEG for a model to look at. Raises FileUnreadable where it is damaged."""
    target = io.BytesIO()
    _load(path, _MOST_SHOWN_PIXELS).save(target, "JPEG", quality=85)
    yield target.getvalue()


def _load(path: Path, most_pixels: int) -> Any:
    """Return a picture of Pillow's, upright and no larger than is of use, without what its file says of it."""
    from PIL import Image, ImageOps  # noqa: PLC0415 (comes with the extra)

    Image.MAX_IMAGE_PIXELS = None  # counted below, where the sentence is ours
    try:
        with Image.open(path) as image:
            if image.width * image.height > _MOST_DECODED_PIXELS:
                raise FileUnreadable(gettext("{name} has too many pixels for me.", name=path.name))
            scale = (most_pixels / (image.width * image.height)) ** 0.5
            size = (max(1, int(image.width * scale)), max(1, int(image.height * scale)))
            image.draft("RGB", size)
            if scale < 1:
                image.thumbnail(size)
            return ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, ValueError, SyntaxError) as error:
        raise FileUnreadable(gettext("{name} is damaged, or not a picture that I can open.", name=path.name)) from error


class _Words:
    """Some words, and where they stand: pixels from the upper left."""

    def __init__(self, box: Any, text: str) -> None:
        across = [float(corner[0]) for corner in box]
        down = [float(corner[1]) for corner in box]
        self.text = text.strip()
        self.left = min(across)
        self.middle = (min(down) + max(down)) / 2
        self.height = max(down) - min(down)


def _in_lines(words: list[_Words]) -> str:
    """Return words as they are read: from the top to the bottom, and within a line from the left."""
    words = sorted(words, key=lambda each: each.middle)
    lines = [[words[0]]]
    for above, each in pairwise(words):
        if each.middle - above.middle < _SAME_LINE * min(above.height, each.height):
            lines[-1].append(each)
        else:
            lines.append([each])
    return "\n".join(" ".join(each.text for each in sorted(line, key=lambda one: one.left)) for line in lines)
