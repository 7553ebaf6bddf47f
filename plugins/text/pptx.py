"""Reads PowerPoint presentations, slide by slide, with the speaker's notes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.reading import Piece, Progress, ReadItem, extra
from plugins.text.damage import raise_only_unreadable
from plugins.text.docx import about_of, refuse_old_office
from plugins.text.options import TextOptions
from plugins.text.zipped import check_zip

_DEEPEST = 20


@raise_only_unreadable("a PowerPoint presentation")
def read_pptx(path: Path, options: TextOptions) -> Iterator[ReadItem]:
    """Yield what is written on each slide, under its title."""
    with extra("documents"):
        import pptx  # noqa: PLC0415 (an extra)
    refuse_old_office(path)
    check_zip(path, options.most_megabytes)
    presentation = pptx.Presentation(str(path))
    yield about_of(presentation.core_properties)
    slides = list(presentation.slides)
    for number, slide in enumerate(slides, 1):
        title = slide.shapes.title
        called = " ".join(title.text_frame.text.split()) if title is not None else ""
        texts = [text for shape in slide.shapes if shape != title for text in _texts(shape)]
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            texts.append(f"Notes: {slide.notes_slide.notes_text_frame.text.strip()}")
        body = "\n".join(text for text in texts if text.strip() not in ("", "Notes:"))
        if body:
            yield Piece(body, f"slide {number}", (called,) if called else ())
        elif called:
            yield Piece(called, f"slide {number}")
        yield Progress(number, len(slides), "slides")


def _texts(shape: Any, depth: int = 0) -> Iterator[str]:
    """Yield the texts of a shape: those in a group and the rows of a table too."""
    if depth < _DEEPEST and hasattr(shape, "shapes"):
        for each in shape.shapes:
            yield from _texts(each, depth + 1)
    elif getattr(shape, "has_table", False):
        for row in shape.table.rows:
            yield " | ".join(" ".join(cell.text_frame.text.split()) for cell in row.cells)
    elif getattr(shape, "has_text_frame", False):
        yield shape.text_frame.text.strip()
