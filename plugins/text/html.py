"""Reads web pages that lie on a disk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bot.errors import FileUnreadable
from bot.reading import About, ReadItem
from bot.translation import gettext, gettext_noop
from plugins.text.damaged_files import raise_only_unreadable
from plugins.text.encoding import decode
from plugins.text.markup import blocks, drop_hidden, name_sections, parse
from plugins.text.options import TextOptions

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_PEEKED = 4096


@raise_only_unreadable(gettext_noop("a web page"))
def read_html(path: Path, _options: TextOptions) -> Iterator[ReadItem]:
    """Yield the text of a page under its headings, and what it is called."""
    data = path.read_bytes()
    declared = _CHARSET.search(data[:_PEEKED])
    root = parse(decode(data, declared[1].decode("ascii") if declared else None))
    if root is None:
        raise FileUnreadable(gettext("{name} is an empty page.", name=path.name))
    notes = drop_hidden(root)
    yield About(
        title=_first(root.xpath("string(//title)")),
        author=_first(root.xpath("string(//meta[@name='author']/@content)")),
        language=_first(root.xpath("string(/html/@lang)")),
        notes=notes,
    )
    yield from name_sections(blocks(root))


def _first(text: object) -> str | None:
    return " ".join(str(text).split())[:300] or None
