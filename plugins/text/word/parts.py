"""What the parts of a Word document hold beside its body: styles, lists, notes, comments, headers, diagrams."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugins.text.left_out import LeftOut
from plugins.text.markup import Block
from plugins.text.office.chart import read_chart
from plugins.text.office.diagram import read_diagram
from plugins.text.office.package import RELATIONS, Package
from plugins.text.word.chunks import read_chunk
from plugins.text.word.names import W, is_on
from plugins.text.word.numbering import Numbering
from plugins.text.word.styles import Styles

if TYPE_CHECKING:
    from lxml.etree import _Element

_NOTES = ("footnotes", "endnotes", "comments")
_SEPARATORS = frozenset({"separator", "continuationSeparator", "continuationNotice"})


class Parts:
    """The parts of one document."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._name = package.main()
        self.left_out = LeftOut()
        self.styles = Styles(self._of_kind("styles"))
        self.numbering = Numbering(self._of_kind("numbering"), self.styles)
        self._settings = self._of_kind("settings")
        self._notes = {kind: dict(self._read_notes(kind)) for kind in _NOTES}

    def body(self) -> _Element:
        """Return the document's body. Raises ValueError when there is none."""
        root = self._package.part(self._name)
        body = root.find(f"{W}body") if root is not None else None
        if body is None:
            raise ValueError("there is no body")
        return body

    def take_note(self, kind: str, number: str) -> _Element | None:
        """Return a note or comment where it is first referred to."""
        return self._notes[kind].pop(number, None)

    def remaining_comments(self) -> Iterator[_Element]:
        """Yield the comments that nothing has referred to."""
        while self._notes["comments"]:
            yield self._notes["comments"].pop(next(iter(self._notes["comments"])))

    def edges(self, body: _Element, kind: str) -> Iterator[_Element]:
        """Yield the headers or footers that are in use, each once; `kind` is "header" or "footer"."""
        seen = set()
        for reference in body.iter(f"{W}{kind}Reference"):
            if not self._is_used(reference):
                continue
            relation = self._package.relations(self._name).get(str(reference.get(f"{RELATIONS}id")))
            if relation is not None and relation.target not in seen:
                seen.add(relation.target)
                if (root := self._package.part(relation.target)) is not None:
                    yield root

    def chart(self, relation_id: str) -> list[str]:
        """Return the table that a chart draws; a chart that can't be read is counted."""
        root = self._package.part_by_id(self._name, relation_id)
        lines = read_chart(root) if root is not None else []
        self.left_out.add("chart", 0 if lines else 1)
        return lines

    def diagram(self, relation_id: str) -> Iterator[str]:
        """Return what stands in the boxes of a diagram."""
        root = self._package.part_by_id(self._name, relation_id)
        return read_diagram(root) if root is not None else iter(())

    def chunk(self, relation_id: str) -> Iterator[Block]:
        """Return what stands in a page that is a file of its own; one of another kind is counted."""
        relation = self._package.relations(self._name).get(relation_id)
        known = relation is not None and self._package.has(relation.target)
        read = read_chunk(self._package.read(relation.target)) if relation is not None and known else None
        self.left_out.add("embedded file", 0 if read is not None else 1)
        return read or iter(())

    def _is_used(self, edge: _Element) -> bool:
        """Whether a section shows a header or footer: one for first or even pages may be kept without being used."""
        if edge.get(f"{W}type") == "first":
            return bool(is_on(edge.getparent(), "titlePg"))
        return edge.get(f"{W}type") != "even" or bool(is_on(self._settings, "evenAndOddHeaders"))

    def _of_kind(self, kind: str) -> _Element | None:
        return self._package.part_of_kind(self._name, kind)

    def _read_notes(self, kind: str) -> Iterator[tuple[str, _Element]]:
        root = self._of_kind(kind)
        for each in root if root is not None else ():
            if each.get(f"{W}type") not in _SEPARATORS:
                yield str(each.get(f"{W}id")), each


def counts_pages(edge: _Element) -> bool:
    """Whether a header or footer has the number of its page in it."""
    codes = [each.text or "" for each in edge.iter(f"{W}instrText")]
    codes += [str(each.get(f"{W}instr", "")) for each in edge.iter(f"{W}fldSimple")]
    return any("PAGE" in code.upper() for code in codes)
