"""Reads Jupyter notebooks cell by cell: text under its headings, code with what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.errors import FileUnreadable
from bot.reading import About, Piece, Progress, ReadItem
from bot.translation import gettext, gettext_noop
from plugins.text.damage import raise_only_unreadable
from plugins.text.encoding import whole
from plugins.text.left_out import LeftOut
from plugins.text.lines import pack_paragraphs
from plugins.text.markdown import SectionReader
from plugins.text.options import TextOptions

_LONGEST_OUTPUT = 4000
"""Characters of what a cell has printed; the rest is a log."""


@raise_only_unreadable(gettext_noop("a Jupyter notebook"))
def read_ipynb(path: Path, _options: TextOptions) -> Iterator[ReadItem]:
    """Yield the cells of a notebook in their order; pictures that its code has drawn are counted."""
    try:
        cells = json.loads(whole(path))["cells"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise FileUnreadable(
            gettext("{name} is not a Jupyter notebook of version 4; save it with a newer Jupyter.", name=path.name)
        ) from None
    left_out = LeftOut()
    sections = SectionReader()
    for number, cell in enumerate(cells, 1):
        source = _join(cell.get("source"))
        if cell.get("cell_type") == "code":
            said = "\n".join([source.rstrip(), *_outputs(cell.get("outputs") or [], left_out)]).strip()
            if said:
                yield Piece(said, f"cell {number}", sections.headings)
            continue
        for headings, parts in sections.read(list(enumerate(source.splitlines(), 1))):
            for piece in pack_paragraphs(parts, headings):
                yield Piece(piece.text, f"cell {number}", piece.headings)
    if notes := left_out.notes():
        yield About(notes=notes)
    yield Progress(len(cells), len(cells), "cells")


def _outputs(outputs: list[Any], left_out: LeftOut) -> Iterator[str]:
    for output in outputs:
        data = output.get("data") or {}
        left_out.add("picture", sum(kind.startswith("image/") for kind in data))
        text = _join(output.get("text")) or ("" if _has_picture(data) else _join(data.get("text/plain")))
        if output.get("output_type") == "error":
            text = f"{output.get('ename')}: {output.get('evalue')}"
        if text.strip():
            yield f"→ {text.strip()[:_LONGEST_OUTPUT]}"


def _has_picture(data: dict[str, Any]) -> bool:
    """Whether the text is only what stands for a picture: "<Figure size 640x480>"."""
    return any(kind.startswith("image/") for kind in data)


def _join(text: object) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else str(text or "")
