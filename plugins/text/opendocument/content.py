"""The text of an OpenDocument file in its order: headings, paragraphs, lists, tables, notes and comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from plugins.text.left_out import LeftOut
from plugins.text.markup import Block
from plugins.text.office.package import local_name
from plugins.text.opendocument.names import DC, DRAW, OFFICE, TABLE, TEXT, Hiding, number_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_PASSED_THROUGH = frozenset(
    {"a", "span", "ruby", "ruby-base", "meta", "text-box", "g", "section", "index-body", "table-of-content",
     "numbered-paragraph", "bookmark-ref", "page", "custom-shape", "rect", "frame", "soft-page-break", "table-index"}
)  # fmt: skip
_UNSEEN = frozenset(
    {"tracked-changes", "sequence-decls", "forms", "hidden-text", "ruby-text", "notes", "index-title-template"}
)
_MOST_SPACES = 100


class ContentReader:
    """Reads the parts of one file."""

    def __init__(self, hiding: Hiding, left_out: LeftOut) -> None:
        self._hiding = hiding
        self._left_out = left_out

    def blocks(self, parent: Iterable[_Element]) -> Iterator[Block]:
        """Yield headings, paragraphs, items of lists and rows of tables."""
        for child in parent:
            name = local_name(child)
            if name in _UNSEEN or self._is_hidden(child, name):
                continue
            if name in ("p", "h"):
                yield from self._paragraph(child, name)
            elif name == "list":
                yield from self._list(child, str(child.get(f"{TEXT}style-name")), 1)
            elif name == "table" and child.tag == f"{TABLE}table":
                yield from self._table(child)
            elif name == "image":
                self._left_out.add("picture")
            elif name in ("object", "object-ole"):
                self._left_out.add("embedded file")
            elif name in _PASSED_THROUGH:
                yield from self.blocks(child)

    def text(self, parent: Iterable[_Element]) -> str:
        """Return all of a part as one line."""
        return " ".join(" ".join(block.text.split()) for block in self.blocks(parent))

    def rows(self, table: _Element, *, empty: bool = False) -> Iterator[tuple[int, dict[int, str]]]:
        """Yield the rows of a table that are shown, by the numbers of their columns; with `empty` cells, too."""
        number, spanning = 0, dict[int, tuple[int, str]]()
        for row in table.iter(f"{TABLE}table-row"):
            times = number_of(row, f"{TABLE}number-rows-repeated")
            cells = dict(self._cells(row, number + 1, spanning, empty=empty))
            hidden = row.get(f"{TABLE}visibility") in ("collapse", "filter")
            self._left_out.add("hidden row", times if hidden and cells else 0)
            for again in range(times if cells and not hidden else 0):
                yield number + 1 + again, cells
            number += times

    def _table(self, table: _Element) -> Iterator[Block]:
        for _, cells in self.rows(table, empty=True):
            if line := " | ".join(cells.values()).rstrip("| ").strip():
                yield Block(line)

    def _cells(
        self, row: _Element, number: int, spanning: dict[int, tuple[int, str]], *, empty: bool
    ) -> Iterator[tuple[int, str]]:
        column = 1
        for cell in row:
            name = local_name(cell)
            if name not in ("table-cell", "covered-table-cell"):
                continue
            text = self.text(cell)
            rows = number_of(cell, f"{TABLE}number-rows-spanned")
            if name == "covered-table-cell" and column in spanning and number <= spanning[column][0]:
                text = spanning[column][1]
            elif rows > 1 and text:
                spanning[column] = number + rows - 1, text
            times = number_of(cell, f"{TABLE}number-columns-repeated")
            is_kept = text or (empty and name == "table-cell")
            for at in range(column, column + (times if is_kept else 0)):
                yield at, text
            column += times

    def _is_hidden(self, element: _Element, name: str) -> bool:
        hidden = (
            self._hiding.hides(element)
            or element.get(f"{TEXT}display") == "none"
            or (name == "hidden-paragraph" and element.get(f"{TEXT}is-hidden") != "false")
        )
        if hidden and "".join(element.itertext()).strip():
            self._left_out.add("hidden text")
        return hidden

    def _paragraph(self, paragraph: _Element, name: str) -> Iterator[Block]:
        attached: list[Block] = []
        text = self._inline(paragraph, attached).strip()
        if text:
            yield Block(text, number_of(paragraph, f"{TEXT}outline-level") if name == "h" else 0)
        yield from attached

    def _inline(self, parent: _Element, attached: list[Block]) -> str:
        said = parent.text or ""
        for child in parent:
            said += self._inline_child(child, attached) + (child.tail or "")
        return said

    def _inline_child(self, child: _Element, attached: list[Block]) -> str:
        name = local_name(child)
        if name in _UNSEEN or self._is_hidden(child, name):
            return ""
        if name == "s":
            return " " * min(number_of(child, f"{TEXT}c"), _MOST_SPACES)
        if name in ("tab", "line-break"):
            return "\t" if name == "tab" else "\n"
        beside = self._read_attached(child, name)
        if beside is None:
            return self._inline(child, attached)
        attached += beside
        return ""

    def _read_attached(self, child: _Element, name: str) -> list[Block] | None:
        """Return what a note, a comment or a drawing adds after its paragraph; None for what is in the line."""
        if name == "note":
            kind = "Endnote" if child.get(f"{TEXT}note-class") == "endnote" else "Footnote"
            bodies = child.iterfind(f"{TEXT}note-body")
            return [Block(f"{kind}: {text}") for body in bodies if (text := self.text(body))]
        if name == "annotation" and child.tag == f"{OFFICE}annotation":
            author, text = " ".join((child.findtext(f"{DC}creator") or "").split()), self.text(child)
            return [Block(f"Comment by {author}: {text}" if author else f"Comment: {text}")] if text else []
        return list(self.blocks([child])) if str(child.tag).startswith(DRAW) else None

    def _list(self, listed: _Element, style: str, level: int) -> Iterator[Block]:
        number = 0
        for item in listed:
            if local_name(item) not in ("list-item", "list-header"):
                continue
            number += 1
            label = f"{number}." if (style, level) in self._hiding.numbered else "•"
            for child in item:
                if local_name(child) == "list":
                    yield from self._list(child, style, level + 1)
                else:
                    for block in self.blocks([child]):
                        yield Block(f"{label} {block.text}", block.level) if label else block
                        label = ""
