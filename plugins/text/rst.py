"""Reads reStructuredText by docutils: headings, lists, tables and notes as they are shown, code as it is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bot.reading import About, ReadItem
from bot.translation import gettext_noop
from plugins.text.damaged_files import raise_only_unreadable
from plugins.text.encoding import whole
from plugins.text.left_out import LeftOut
from plugins.text.markup import name_sections
from plugins.text.options import TextOptions
from plugins.text.plain import read_plain

if TYPE_CHECKING:
    from docutils import nodes

_LONGEST = 4 << 20
"""Characters; docutils takes minutes over a longer text, which is hardly one that a person wrote."""
_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 5,
    "halt_level": 5,
    "doctitle_xform": False,
    "docinfo_xform": False,
    "syntax_highlight": "none",
    "line_length_limit": _LONGEST,
    "input_encoding": "unicode",
}


@raise_only_unreadable(gettext_noop("reStructuredText"))
def read_rst(path: Path, options: TextOptions) -> Iterator[ReadItem]:
    """Yield the sections of a text; one that docutils gives up on is read as plain text."""
    text = whole(path)
    items = _read_all(text) if len(text) <= _LONGEST else None
    yield from items if items is not None else read_plain(path, options)


def _read_all(text: str) -> list[ReadItem] | None:
    try:
        return list(_read(text))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 (whatever the library raises over a text that was not written for it)
        return None


def _read(text: str) -> Iterator[ReadItem]:
    from docutils.core import publish_doctree  # noqa: PLC0415 (in the child alone)

    from plugins.text.restructured.unknown_directives import register_unknown  # noqa: PLC0415 (as above)
    from plugins.text.restructured.visible_blocks import VisibleBlocks  # noqa: PLC0415 (as above)

    register_unknown(text)
    document: nodes.document = publish_doctree(text, settings_overrides=_SETTINGS)
    left_out = LeftOut()
    yield from name_sections(VisibleBlocks(left_out).blocks(document))
    if notes := left_out.notes():
        yield About(notes=notes)
