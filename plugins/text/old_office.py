"""Reads Word and PowerPoint files from before 2007, and tells encrypted new ones, which come in the same container."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

from bot.errors import FileUnreadable
from bot.reading import About, Piece, Progress, ReadItem
from bot.translation import gettext, gettext_noop
from plugins.text.damaged_files import raise_only_unreadable
from plugins.text.left_out import LeftOut
from plugins.text.named_as_office import read_as_document
from plugins.text.oldoffice.powerpoint import OldPresentation
from plugins.text.oldoffice.word import EncryptedDocumentError, read_stories, table_name
from plugins.text.options import TextOptions

_FIELD = re.compile("\x13[^\x13\x14\x15]*(?:\x14([^\x13\x14\x15]*))?\x15")
_DEEPEST_FIELD = 8
_SAID = {"\x0b": "\n", "\x0c": "\r", "\x1e": "-", "\xa0": " "}
_MOST = 200 << 20


@raise_only_unreadable(gettext_noop("an Office file from before 2007"))
def read_old_office(path: Path, options: TextOptions) -> Iterator[ReadItem]:
    """Yield a document's paragraphs, or the slides of a presentation. Raises FileUnreadable when it is encrypted."""
    import olefile  # noqa: PLC0415 (in the child alone)

    if not olefile.isOleFile(str(path)):
        yield from read_as_document(path, options)
        return
    with olefile.OleFileIO(str(path)) as container:
        if container.exists("EncryptedPackage") or container.exists("EncryptedSummary"):
            raise FileUnreadable(
                gettext("{name} is encrypted; save it without a password and send it again.", name=path.name)
            )
        yield _about(container)
        if container.exists("WordDocument"):
            yield from _word(path, container)
        elif container.exists("PowerPoint Document"):
            yield from _powerpoint(container)
        else:
            raise FileUnreadable(gettext("{name} holds neither a document nor a presentation.", name=path.name))


def _word(path: Path, container: Any) -> Iterator[ReadItem]:
    main = _stream(container, "WordDocument")
    try:
        found = read_stories(main, _stream(container, table_name(main)))
    except EncryptedDocumentError:
        raise FileUnreadable(
            gettext("{name} is encrypted; save it without a password and send it again.", name=path.name)
        ) from None
    left_out = LeftOut()
    left_out.add("hidden or deleted text", found.hidden)
    for story in found.stories:
        left_out.add("picture", story.text.count("\x01"))
        for text in _paragraphs(story.text):
            yield Piece(text, story.name or None)
    if notes := left_out.notes():
        yield About(notes=notes)


def _powerpoint(container: Any) -> Iterator[ReadItem]:
    presentation = OldPresentation(_stream(container, "PowerPoint Document"), _stream(container, "Current User"))
    left_out = LeftOut()
    slides = presentation.slides()
    for slide in slides:
        if slide.hidden:
            left_out.add("hidden slide")
            continue
        lines = [*slide.texts, *(f"Notes: {text}" for text in slide.notes)]
        title = " ".join(slide.title.split())
        if lines:
            yield Piece("\n".join(lines), f"slide {slide.number}", (title,) if title else ())
        elif title:
            yield Piece(title, f"slide {slide.number}")
        yield Progress(slide.number, len(slides), "slides")
    if notes := left_out.notes():
        yield About(notes=notes)


def _paragraphs(text: str) -> Iterator[str]:
    for _ in range(_DEEPEST_FIELD):  # a field's code is not shown, its result is
        shorter = _FIELD.sub(lambda match: match[1] or "", text)
        if shorter == text:
            break
        text = shorter
    text = text.replace("\x07\x07", "\r").replace("\x07", " | ")
    for said, written in _SAID.items():
        text = text.replace(said, written)
    for paragraph in text.split("\r"):
        shown = "".join(letter for letter in paragraph if letter >= " " or letter in "\t\n").strip("| \t\n")
        if shown:
            yield shown


def _stream(container: Any, name: str) -> bytes:
    with container.openstream(name) as stream:
        return bytes(stream.read(_MOST))


def _about(container: Any) -> About:
    told = container.get_metadata()
    made = told.create_time
    return About(
        title=_text(told.title, told.codepage),
        author=_text(told.author, told.codepage),
        created_at=made.replace(tzinfo=UTC) if made is not None and made.year > 1980 else None,
    )


def _text(told: object, codepage: object) -> str | None:
    if not isinstance(told, bytes):
        return None
    try:
        text = told.decode("utf-8" if codepage in (65001, -535) else f"cp{codepage}" if codepage else "cp1252")
    except (LookupError, ValueError):
        text = told.decode("cp1252", errors="replace")
    return " ".join(text.replace("\0", "").split())[:300] or None
