"""The text of a web page or a book's chapter: headings, paragraphs, lists and tables, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.reading import Piece
from plugins.text.attributes import drop_endless_attributes
from plugins.text.left_out import LeftOut
from plugins.text.spans import repeat_spanning_cells
from plugins.text.visibility import blank_hidden

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
_KEPT_AS_WRITTEN = frozenset({"pre", "listing", "xmp"})
_STRUCK = frozenset({"del", "s", "strike"})
STRIKE = "~~"
"""What stands around struck-out words, which a browser shows with a line through them."""
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_ENCODED = re.compile(r"^\s*<\?xml[^>]*\?>")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text; `level` is 1 to 6 for a heading, else 0."""

    text: str
    level: int = 0


def strike_out(said: str, text: str) -> str:
    """Return `said` with struck-out words behind it; they join those that it ends with."""
    bare = text.strip()
    if not bare:
        return said + text
    lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    if said.endswith(STRIKE) and not lead:
        return f"{said.removesuffix(STRIKE)}{bare}{STRIKE}{trail}"
    return f"{said}{lead}{STRIKE}{bare}{STRIKE}{trail}"


def parse(text: str) -> _Element | None:
    """Return the tree of a page, however it is written; None when there is nothing in it."""
    from lxml import html  # noqa: PLC0415 (in the child alone)
    from lxml.etree import ParserError  # noqa: PLC0415 (as above)

    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        page = drop_endless_attributes(_ENCODED.sub("", text).encode(errors="replace"))
        return html.document_fromstring(page, parser=parser)
    except ParserError:
        return None


def drop_hidden(root: _Element) -> tuple[str, ...]:
    """Take out of a page, in place, what a browser does not show; return what there is to say of it."""
    repeat_spanning_cells(root)
    hidden = blank_hidden(root)
    left_out = LeftOut()
    left_out.add("hidden text", hidden)
    return left_out.notes()


def blocks(root: _Element) -> Iterator[Block]:
    """Yield the blocks of a page, in order; menus, scripts and the like are left out."""
    from lxml import etree  # noqa: PLC0415 (as above)

    walk = _Walk()
    unseen = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            unseen += tag in _IS_UNSEEN
            if not unseen:
                yield from walk.enter(tag, element.text or "")
            continue
        if not unseen:
            yield from walk.leave(tag)
        unseen -= tag in _IS_UNSEEN
        if not unseen:
            walk.say(element.tail or "")
    yield from walk.end()


@dataclass(slots=True)
class _Row:
    """How many cells of a row have begun, and whether something of it was yielded already."""

    cells: int = 0
    was_told: bool = False


class _Walk:
    """What was said since the last block ended, while the elements of a page are entered and left."""

    def __init__(self) -> None:
        self._held: list[str] = []
        self._level = 0
        self._verbatim = 0
        self._rows: list[_Row] = []

    def enter(self, tag: str, text: str) -> Iterator[Block]:
        """Begin an element; one that stands alone ends what came before it."""
        if self._verbatim and tag == "br":
            self._held.append("\n")
        elif tag in _IS_BLOCK:
            yield from self.end()
            self._level = _LEVELS.get(tag, self._level)
            if tag == "tr":
                self._rows.append(_Row())
        elif tag in _CELLS:
            self._part_cells()
        self._verbatim += tag in _KEPT_AS_WRITTEN
        if tag in _STRUCK:
            self._held.append(STRIKE)
        self.say(text)

    def leave(self, tag: str) -> Iterator[Block]:
        """End an element."""
        if tag in _STRUCK:
            self._strike()
        if tag in _IS_BLOCK and not (self._verbatim and tag == "br"):
            yield from self.end()
            self._level = 0 if tag in _LEVELS else self._level
            if tag == "tr" and self._rows:
                self._rows.pop()
        self._verbatim -= tag in _KEPT_AS_WRITTEN

    def say(self, text: str) -> None:
        """Add text."""
        if text:
            self._held.append(text)

    def end(self) -> Iterator[Block]:
        """Yield what was said, if that is anything."""
        said = "".join(self._held)
        self._held.clear()
        if self._verbatim:
            text = "\n".join(line.rstrip() for line in said.strip("\n").splitlines())
        else:
            text = " ".join(said.split())
            text = text.rstrip("| ") if self._rows else text
        if text.strip("| \n"):
            for row in self._rows:
                row.was_told = True
            yield Block(text, self._level)

    def _part_cells(self) -> None:
        """Part a cell from those before it in its row, empty ones too, unless blocks of theirs ended already."""
        row = self._rows[-1] if self._rows else _Row(cells=1, was_told=True)
        if row.cells and (not row.was_told or any(part.strip() for part in self._held)):
            self._held.append(" | ")
        row.cells += 1

    def _strike(self) -> None:
        if self._held and self._held[-1] == STRIKE:
            self._held.pop()
        elif self._held:
            self._held.append(STRIKE)


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


def name_sections(found: Iterable[Block]) -> Iterator[Piece]:
    """Yield blocks as pieces under their headings; a heading under which nothing stands is a piece itself."""
    outline = MarkupOutline()
    bare: Block | None = None
    for block in found:
        if not block.level:
            bare = None
            yield Piece(block.text, outline.locator(), outline.headings)
            continue
        if bare is not None and block.level <= bare.level:
            yield Piece(bare.text, outline.locator(), outline.headings[:-1])
        outline.enter(block.level, block.text)
        bare = block
    if bare is not None:
        yield Piece(bare.text, outline.locator(), outline.headings[:-1])
