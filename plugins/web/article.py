"""Reads a web page in a child process: its article, without menus and advertisements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.errors import FileUnreadable
from bot.reading import About, Piece, ReadItem, extra
from bot.translation import gettext
from plugins.text.attributes import drop_endless_attributes
from plugins.text.visibility import blank_hidden

_LEAST_LETTERS = 80
"""An article has more; less is a notice, a login form, or a page that only scripts fill."""
_LOGIN = re.compile(rb"""<input[^>]+type=["']?password""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ArticleOptions:
    """Where the page is from."""

    address: str


def read_article(path: Path, options: ArticleOptions) -> Iterator[ReadItem]:
    """Yield what a web page says, section by section. Raises FileUnreadable when there is no article in it."""
    with extra("web"):
        import cssselect2  # noqa: F401, PLC0415 (an extra)
        from trafilatura import bare_extraction, load_html  # noqa: PLC0415 (slow to import, in the child alone)
    page = drop_endless_attributes(path.read_bytes())
    tree = load_html(page)
    if tree is not None:
        blank_hidden(tree)  # where a page speaks to programs behind its reader's back
    found: Any = (
        None if tree is None else bare_extraction(tree, url=options.address, include_comments=False, with_metadata=True)
    )
    pieces = list(_pieces(found.body, options.address)) if found is not None and found.body is not None else []
    if sum(len(piece.text) for piece in pieces) < _LEAST_LETTERS:
        raise FileUnreadable(gettext("{name} can't be read: {why}", name=path.name, why=_why(page)))
    author = ", ".join(each for each in (found.author, found.sitename) if each)
    yield About(found.title, author or None, _date(found.date), found.language)
    yield from pieces


def _why(page: bytes) -> str:
    if _LOGIN.search(page):
        return gettext("it asks for a login.")
    return gettext("it has no article, or one that only a browser shows.")


def _pieces(body: Any, address: str) -> Iterator[Piece]:
    """Yield a piece for the text under each heading."""
    headings: list[tuple[int, str]] = []
    parts: list[str] = []
    for element in body:
        if element.tag != "head":
            parts += [text] if (text := _text_of(element)) else []
            continue
        if parts:
            yield Piece("\n\n".join(parts), headings=tuple(title for _, title in headings), link=address)
            parts = []
        level = int(element.get("rend", "h2")[1:2] or 2)
        headings = [each for each in headings if each[0] < level]
        headings.append((level, _flat(element)))
    if parts:
        yield Piece("\n\n".join(parts), headings=tuple(title for _, title in headings), link=address)


def _text_of(element: Any) -> str:
    """Return a paragraph, the items of a list, or the rows of a table, each on a line."""
    if element.tag == "list":
        return "\n".join(f"- {text}" for item in element if (text := _flat(item)))
    if element.tag == "table":
        rows = (" | ".join(_flat(cell) for cell in row.iter("cell")) for row in element.iter("row"))
        return "\n".join(row for row in rows if row.strip(" |"))
    if element.tag in ("code", "lb"):
        return "".join(element.itertext()).strip("\n")
    return _flat(element)


def _flat(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _date(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None
    except ValueError:
        return None
