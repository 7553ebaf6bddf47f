"""The text of a web page or a book's chapter: headings, paragraphs, lists and tables, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plugins.text.attributes import drop_endless_attributes

if TYPE_CHECKING:
    from lxml.etree import _Element

_UNSEEN = "script style noscript template head nav svg math object embed iframe canvas form button select"
_BLOCKS = (
    "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer "
    "h1 h2 h3 h4 h5 h6 header hr html li main ol p pre section summary table tbody tfoot thead tr ul"
)
_IS_UNSEEN = frozenset(_UNSEEN.split())
_IS_BLOCK = frozenset(_BLOCKS.split())
_CELLS = frozenset({"td", "th"})
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_ENCODED = re.compile(r"^\s*<\?xml[^>]*\?>")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text; `level` is 1 to 6 for a heading, else 0."""

    text: str
    level: int = 0


def parse(text: str) -> _Element | None:
    """Return the tree of a page, however it is written; None when there is nothing in it."""
    from lxml import html  # noqa: PLC0415 (an extra)
    from lxml.etree import ParserError  # noqa: PLC0415 (as above)

    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        page = drop_endless_attributes(_ENCODED.sub("", text).encode(errors="replace"))
        return html.document_fromstring(page, parser=parser)
    except ParserError:
        return None


def blocks(root: _Element) -> Iterator[Block]:
    """Yield the blocks of a page, in order; what readers don't see is left out."""
    from lxml import etree  # noqa: PLC0415 (as above)

    held: list[str] = []
    level = unseen = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            unseen += tag in _IS_UNSEEN
            if unseen:
                continue
            if tag in _IS_BLOCK:
                yield from _flush(held, level)
                level = _LEVELS.get(tag, level)
            elif tag in _CELLS and held:
                held.append(" | ")
            held.append(element.text or "")
            continue
        if not unseen and tag in _IS_BLOCK:
            yield from _flush(held, level)
            level = 0 if tag in _LEVELS else level
        unseen -= tag in _IS_UNSEEN
        if not unseen:
            held.append(element.tail or "")
    yield from _flush(held, level)


def _flush(held: list[str], level: int) -> Iterator[Block]:
    text = " ".join("".join(held).split()).removeprefix("| ")
    held.clear()
    if text.strip("| "):
        yield Block(text, level)


class MarkupOutline:
    """The headings that a text stands under."""

    def __init__(self) -> None:
        self._stack: list[tuple[int, str]] = []

    def enter(self, level: int, heading: str) -> None:
        """Begin a section, which ends those of its level and below."""
        self._stack = [each for each in self._stack if each[0] < level] + [(level, heading)]

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings from the outermost."""
        return tuple(heading for _, heading in self._stack)

    def locator(self) -> str | None:
        """Return "section “Budget”", if there is one that is short enough to say."""
        last = self._stack[-1][1] if self._stack else ""
        return f"section “{last}”" if 0 < len(last) <= _LONGEST_NAMED else None


_LONGEST_NAMED = 60
