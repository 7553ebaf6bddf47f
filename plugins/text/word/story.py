"""The paragraphs, lists and tables of a Word document's body, or of a note, header or text box, in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from plugins.text.markup import Block
from plugins.text.office.package import local_name
from plugins.text.word.names import W, is_on, number_of
from plugins.text.word.paragraph import ParagraphReader, Said
from plugins.text.word.styles import has_fill

if TYPE_CHECKING:
    from lxml.etree import _Element

    from plugins.text.word.parts import Parts

_MOST_COLUMNS = 63
"""Of a row, by Word's own limit."""
_LONGEST_REPEATED = 300
"""Characters of a cell that are said again in each row that it spans."""
_PASSED_THROUGH = frozenset({"ins", "moveTo", "customXml", "smartTag"})
_NAMES = {"footnotes": "Footnote", "endnotes": "Endnote"}


class Story:
    """Reads one story. What hangs on a paragraph (notes, comments, text boxes) follows it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._reader = ParagraphReader(parts.styles, parts.left_out)
        self._carried = ""

    def blocks(self, parent: _Element, *, on_fill: bool = False) -> Iterator[Block]:
        """Yield headings, paragraphs and the rows of tables."""
        for child in parent:
            name = local_name(child)
            if name == "p":
                yield from self._paragraph(child, on_fill=on_fill)
            elif name == "tbl":
                yield from self._table(child)
            elif name == "sdt":
                if child.find(f"{W}sdtPr/{W}showingPlcHdr") is None:
                    for content in child.iterfind(f"{W}sdtContent"):
                        yield from self.blocks(content, on_fill=on_fill)
            elif name in _PASSED_THROUGH:
                yield from self.blocks(child, on_fill=on_fill)
            elif name == "AlternateContent" and len(child):
                yield from self.blocks(child[0], on_fill=on_fill)
            elif name == "altChunk":
                self._parts.left_out.add("embedded file")

    def text(self, parent: _Element, *, on_fill: bool = False) -> str:
        """Return all of a story as one line."""
        return " ".join(" ".join(block.text.split()) for block in self.blocks(parent, on_fill=on_fill))

    def _paragraph(self, paragraph: _Element, *, on_fill: bool) -> Iterator[Block]:
        properties = paragraph.find(f"{W}pPr")
        said = self._reader.read(paragraph, on_fill=on_fill)
        text, self._carried = self._carried + said.text, ""
        if properties is not None and is_on(properties.find(f"{W}rPr"), "del"):
            self._carried = text  # its end was deleted, so it goes on in the next paragraph
        elif text.strip():
            label = self._parts.numbering.label(properties)
            yield Block(f"{label}{text.strip()}", min(self._parts.styles.level(properties), 9))
        yield from self._attached(said)

    def _attached(self, said: Said) -> Iterator[Block]:
        for box in said.boxes:
            yield from Story(self._parts).blocks(box, on_fill=True)
        for diagram in said.diagrams:
            yield from map(Block, self._parts.diagram(diagram))
        for kind, number in said.notes:
            yield from self._note(kind, number)

    def _note(self, kind: str, number: str) -> Iterator[Block]:
        note = self._parts.take_note(kind, number)
        if note is not None and (text := Story(self._parts).text(note)):
            yield Block(f"{_NAMES[kind]}: {text}" if kind in _NAMES else f"{name_comment(note)}: {text}")

    def _table(self, table: _Element) -> Iterator[Block]:
        """Yield the rows; a cell that spans columns is said once, one that spans rows in each of them."""
        shaded = (
            any(has_fill(each) for each in table.iter(f"{W}shd")) or table.find(f"{W}tblPr/{W}tblStyle") is not None
        )
        above: dict[int, str] = {}
        for row in _descend(table, "tr"):
            properties = row.find(f"{W}trPr")
            if properties is not None and properties.find(f"{W}del") is not None:
                self._parts.left_out.add("tracked deletion")
                continue
            cells = list(self._cells(row, above, shaded=shaded))
            if any(cells):
                yield Block(" | ".join(cells).strip("| "))

    def _cells(self, row: _Element, above: dict[int, str], *, shaded: bool) -> Iterator[str]:
        column = 0
        for cell in _descend(row, "tc"):
            properties = cell.find(f"{W}tcPr")
            merge = properties.find(f"{W}vMerge") if properties is not None else None
            if merge is not None and merge.get(f"{W}val", "continue") != "restart":
                text = above.get(column, "")
            else:
                text = Story(self._parts).text(cell, on_fill=shaded)
                above[column] = text if merge is not None and len(text) <= _LONGEST_REPEATED else ""
            yield text
            column += min(number_of(properties, "gridSpan") or 1, _MOST_COLUMNS)


def name_comment(comment: _Element) -> str:
    """Return "Comment by Kim"."""
    author = " ".join(str(comment.get(f"{W}author") or "").split())
    return f"Comment by {author}" if author else "Comment"


def _descend(parent: _Element, name: str) -> Iterable[_Element]:
    """Yield rows or cells, those within content controls and insertions too."""
    for child in parent:
        kind = local_name(child)
        if kind == name:
            yield child
        elif kind in ("sdt", "sdtContent") or kind in _PASSED_THROUGH:
            yield from _descend(child, name)
