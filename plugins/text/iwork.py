"""Reads files of Apple's Pages, Numbers and Keynote by the preview in them, which is a PDF file where it was kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

from bot.errors import FileUnreadable
from bot.reading import About, ReadItem, enclose
from bot.translation import gettext, gettext_noop
from plugins.text.damaged_files import raise_only_unreadable
from plugins.text.options import TextOptions
from plugins.text.zipped import check_zip

_PREVIEW = "QuickLook/Preview.pdf"
_PROGRAMS = {".pages": ("Pages", "Word"), ".numbers": ("Numbers", "Excel"), ".key": ("Keynote", "PowerPoint")}


@raise_only_unreadable(gettext_noop("a file of Pages, Numbers or Keynote"))
def read_iwork(path: Path, options: TextOptions) -> Iterator[ReadItem]:
    """Hand over the preview to whoever reads PDF files. Raises FileUnreadable where there is none."""
    check_zip(path, options.most_megabytes)
    with ZipFile(path) as archive:
        if _PREVIEW not in archive.namelist():
            unknown = (gettext("its program"), gettext("another format"))
            program, other = _PROGRAMS.get(path.suffix.casefold(), unknown)
            raise FileUnreadable(
                gettext(
                    "I can't read {name}: export it from {program} as {other} or PDF (File › Export To) and send that.",
                    name=path.name,
                    program=program,
                    other=other,
                )
            )
        yield About(notes=("Its preview was read, which may be older than the file.",))
        yield from enclose("Preview.pdf", "application/pdf", archive.read(_PREVIEW))
