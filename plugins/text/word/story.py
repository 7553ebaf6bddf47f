"""The paragraphs, lists and tables of a Word document's body, or of a note, header or text box, in their order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugins.text.markup import Block
from plugins.text.office.package import RELATIONS, local_name
from plugins.text.word.names import W, is_on, number_of
from plugins.text.word.paragraph import ParagraphReader, ParagraphText
from plugins.text.word.rows import AROUND_BLOCKS, MOST_COLUMNS, descend, is_deleted, is_prompt, spans_rows, why_unseen
from plugins.text.word.styles import has_fill

if TYPE_CHECKING:
    from lxml.etree import _Element

    from plugins.text.word.parts import Parts

_LONGEST_REPEATED = 300
"""Characters of a cell that are said again in each row that it spans."""
_NAMES = {"footnotes": "Footnote", "endnotes": "Endnote"}


class StoryReader:
    """Reads one story. What hangs on a paragraph (notes, comments, text boxes) follows it."""

    def __init__(self, parts: Parts, *, is_nested: bool = False) -> None:
        self._parts = parts
        self._is_nested = is_nested
        self._reader = ParagraphReader(parts.styles, parts.left_out)
        self._carried = ""

    def blocks(self, parent: _Element, *, on_fill: bool = False) -> Iterator[Block]:
        """Yield headings, paragraphs and the rows of tables."""
        yield from self._inner_blocks(parent, on_fill=on_fill)
        yield from self._end_carried()

    def _inner_blocks(self, parent: _Element, *, on_fill: bool) -> Iterator[Block]:
        for child in parent:
            name = local_name(child)
            if name == "p":
                yield from self._paragraph(child, on_fill=on_fill)
            elif name == "tbl":
                yield from self._end_carried()
                yield from self._table(child)
            elif name == "sdt":
                if child.find(f"{W}sdtPr/{W}showingPlcHdr") is None:
                    for content in child.iterfind(f"{W}sdtContent"):
                        yield from self._inner_blocks(content, on_fill=on_fill)
            elif name in AROUND_BLOCKS:
                yield from self._inner_blocks(child, on_fill=on_fill)
            elif name == "AlternateContent" and len(child):
                yield from self._inner_blocks(child[0], on_fill=on_fill)
            elif name == "altChunk":
                yield from self._parts.chunk(str(child.get(f"{RELATIONS}id")))

    def text(self, parent: _Element, *, on_fill: bool = False) -> str:
        """Return all of a story as one line."""
        return " ".join(" ".join(block.text.split()) for block in self.blocks(parent, on_fill=on_fill))

    def _paragraph(self, paragraph: _Element, *, on_fill: bool) -> Iterator[Block]:
        properties = paragraph.find(f"{W}pPr")
        said = self._reader.read(paragraph, on_fill=on_fill)
        text, self._carried = self._carried + said.text, ""
        mark = properties.find(f"{W}rPr") if properties is not None else None
        if is_on(mark, "del"):
            self._carried = text  # its end was deleted, so it goes on in the next paragraph
        elif text.strip() or not (is_on(mark, "moveFrom") or is_on(mark, "vanish")):
            label = self._parts.numbering.label(properties)  # an empty paragraph of a list has a number, too
            if text.strip():
                yield Block(f"{label}{text.strip()}", min(self._parts.styles.level(properties), 9))
        yield from self._read_attached(said)

    def _end_carried(self) -> Iterator[Block]:
        """Yield what has no paragraph left to go on in: the end before a table, or of a story, stays a paragraph."""
        text, self._carried = self._carried.strip(), ""
        if text:
            yield Block(text)

    def _read_attached(self, said: ParagraphText) -> Iterator[Block]:
        for box in said.boxes:
            yield from StoryReader(self._parts).blocks(box, on_fill=True)
        for diagram in said.diagrams:
            yield from map(Block, self._parts.diagram(diagram))
        for chart in said.charts:
            if lines := self._parts.chart(chart):
                yield Block("\n".join(lines))
        for kind, number in said.notes:
            yield from self._note(kind, number)

    def _note(self, kind: str, number: str) -> Iterator[Block]:
        note = self._parts.take_note(kind, number)
        if note is not None and (text := StoryReader(self._parts).text(note)):
            yield Block(f"{_NAMES[kind]}: {text}" if kind in _NAMES else f"{name_comment(note)}: {text}")

    def _table(self, table: _Element) -> Iterator[Block]:
        """Yield the rows; a cell that spans columns is said once, one that spans rows in each of them."""
        shaded = (
            any(has_fill(each) for each in table.iter(f"{W}shd")) or table.find(f"{W}tblPr/{W}tblStyle") is not None
        )
        above: dict[int, str] = {}
        rows = []
        for row in descend(table, "tr"):
            if what := why_unseen(row):
                self._parts.left_out.add(what)
                continue
            every = list(descend(row, "tc"))
            cells = [cell for cell in every if not is_deleted(cell)]
            self._parts.left_out.add("tracked deletion", len(every) - len(cells))
            if len(cells) == 1 and not self._is_nested and not spans_rows(cells[0]) and not is_prompt(cells[0]):
                yield from StoryReader(self._parts).blocks(cells[0], on_fill=shaded)  # a frame around what is no table
                continue
            texts = list(self._cells(row, cells, above, shaded=shaded))
            if not any(texts):
                continue
            if self._is_nested:
                rows.append(", ".join(filter(None, texts)))
            else:
                yield Block(" | ".join(texts).rstrip("| ").strip())
        if rows:
            yield Block("; ".join(rows))

    def _cells(self, row: _Element, cells: list[_Element], above: dict[int, str], *, shaded: bool) -> Iterator[str]:
        column = min(number_of(row.find(f"{W}trPr"), "gridBefore") or 0, MOST_COLUMNS)
        for cell in cells:
            properties = cell.find(f"{W}tcPr")
            merge = properties.find(f"{W}vMerge") if properties is not None else None
            if merge is not None and merge.get(f"{W}val", "continue") != "restart":
                text = above.get(column, "")
            else:
                text = "" if is_prompt(cell) else StoryReader(self._parts, is_nested=True).text(cell, on_fill=shaded)
                above[column] = text if merge is not None and len(text) <= _LONGEST_REPEATED else ""
            yield text
            column += min(number_of(properties, "gridSpan") or 1, MOST_COLUMNS)


def name_comment(comment: _Element) -> str:
    """Return "Comment by Kim"."""
    author = " ".join(str(comment.get(f"{W}author") or "").split())
    return f"Comment by {author}" if author else "Comment"
