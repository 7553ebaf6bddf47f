"""Reads Jupyter notebooks cell by cell: text under its headings, code with what came of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.errors import FileUnreadable
from bot.reading import About, Piece, Progress, ReadItem
from bot.translation import gettext, gettext_noop
from plugins.text.damaged_files import raise_only_unreadable
from plugins.text.encoding import whole
from plugins.text.left_out import LeftOut
from plugins.text.lines import pack_paragraphs
from plugins.text.markdown import SectionReader
from plugins.text.markup import blocks, drop_hidden, parse
from plugins.text.options import TextOptions

_PICTURES = ("image/", "application/vnd.plotly", "application/vnd.vega")
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_IS_OBJECT = re.compile(r"<[\w.]+(?: object| at 0x)[^<>\n]*>")
"""What stands for a thing that shows itself otherwise: "<IPython.core.display.HTML object>"."""
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
        left_out.add("picture", len(cell.get("attachments") or {}))
        for headings, parts in sections.read(list(enumerate(source.splitlines(), 1))):
            for piece in pack_paragraphs(parts, headings):
                yield Piece(piece.text, f"cell {number}", piece.headings)
    if notes := left_out.notes():
        yield About(notes=notes)
    yield Progress(len(cells), len(cells), "cells")


def _outputs(outputs: list[Any], left_out: LeftOut) -> Iterator[str]:
    for output in outputs:
        text = _read_output(output, output.get("data") or {}, left_out)
        if text := _as_printed(text).strip():
            yield f"→ {text[:_LONGEST_OUTPUT]}"


def _read_output(output: dict[str, Any], data: dict[str, Any], left_out: LeftOut) -> str:
    """Return what an output says, in the form that has the most words and the least markup."""
    if output.get("output_type") == "error":
        return f"{output.get('ename')}: {output.get('evalue')}"
    if any(kind.startswith(_PICTURES) for kind in data):
        left_out.add("picture", sum(kind.startswith(_PICTURES) for kind in data))
        return ""  # its text is what stands for it: "<Figure size 640x480>"
    for kind in ("text/markdown", "text/plain", "text/latex"):
        if (text := _join(data.get(kind))) and not _IS_OBJECT.fullmatch(text.strip()):
            return text
    root = parse(_join(data["text/html"])) if data.get("text/html") else None
    if root is not None:
        drop_hidden(root)
        return "\n".join(block.text for block in blocks(root))
    return _join(output.get("text")) or _join(data.get("text/plain"))


def _as_printed(text: str) -> str:
    """Return printed text as a notebook shows it: without colours, and of a line that was overwritten the last form."""
    plain = _COLOUR.sub("", text).replace("\r\n", "\n")
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in plain.split("\n"))


def _join(text: object) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else str(text or "")
