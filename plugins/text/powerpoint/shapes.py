"""The texts on a slide in the order in which eyes meet them: from the top, and from the left in one height."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from plugins.text.left_out import LeftOut
from plugins.text.office.package import RELATIONS, local_name
from plugins.text.powerpoint.background import SlideBackground
from plugins.text.powerpoint.boxes import A, Box, P, box_of
from plugins.text.powerpoint.paragraphs import read_paragraphs

if TYPE_CHECKING:
    from lxml.etree import _Element

_TITLES = frozenset({"title", "ctrTitle"})
_PASSING = frozenset({"sldNum", "dt", "hdr"})
"""Placeholders for numbers and dates of the day."""
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class SlideText:
    """A text on a slide: its lines, where it stands, and what it is a place for ("title", "body", "ftr" …)."""

    lines: tuple[str, ...]
    box: Box
    role: str

    @property
    def is_title(self) -> bool:
        """Whether it is the slide's title."""
        return self.role in _TITLES


class Slide:
    """Reads the shapes of one slide; those without a place of their own stand where its layout has them."""

    def __init__(
        self,
        root: _Element,
        layouts: Iterable[_Element | None],
        size: tuple[int, int],
        background: SlideBackground | None = None,
    ) -> None:
        self._root = root
        self._layouts: list[_Element] = list(layouts)
        self._size = size
        self.left_out = LeftOut()
        self._background = background
        self.diagrams: list[str] = []
        self.charts: list[str] = []

    def shapes(self) -> list[SlideText]:
        """Return the shapes that say something, in reading order."""
        trees = self._root.iter(f"{P}spTree")
        found = [shape for tree in trees for shape in self._read(tree, (0, 0, 0, 0), 0)]
        return _order([shape for shape in found if shape.lines and shape.role not in _PASSING])

    def _read(self, parent: _Element, outer: Box, depth: int) -> Iterator[SlideText]:
        for child in parent:
            name = local_name(child)
            if name == "AlternateContent" and len(child):
                yield from self._read(child[0], outer, depth)
            elif name not in ("sp", "cxnSp", "grpSp", "graphicFrame", "pic") or depth > _DEEPEST:
                continue
            elif any(each.get("hidden") in ("1", "true") for each in child.iterfind(f"*/{P}cNvPr")):
                self.left_out.add("hidden shape")
            elif name == "grpSp":
                yield from self._read(child, box_of(child) or outer, depth + 1)
            elif name == "pic":
                self.left_out.add("picture")
            else:
                yield from self._shape(child, outer if depth else None)

    def _shape(self, shape: _Element, group: Box | None) -> Iterator[SlideText]:
        place = shape.find(f"{P}nvSpPr/{P}nvPr/{P}ph")
        role = str(place.get("type", "body")) if place is not None else ""
        box = group or box_of(shape) or self._box_by_layout(place)
        if box is not None and self._is_off(box):
            self.left_out.add("text beside the slide", 1 if any(each.text for each in shape.iter(f"{A}t")) else 0)
            return
        lines = tuple(self._lines(shape, box))
        yield SlideText(lines, box or (0, 0, 0, 0), role)

    def _lines(self, shape: _Element, box: Box | None) -> Iterator[str]:
        for table in shape.iter(f"{A}tbl"):
            yield from _rows(table, self.left_out)
        body = shape.find(f"{P}txBody")
        if body is not None:
            hides = partial(self._background.hides, shape=shape, box=box) if self._background is not None else None
            yield from read_paragraphs(body, self.left_out, hides)
        for each in shape.iter():
            name = local_name(each)
            if name == "relIds" and (data := each.get(f"{RELATIONS}dm")):
                self.diagrams.append(str(data))
            elif name in ("chart", "oleObj") and each.get(f"{RELATIONS}id"):
                if name == "chart":
                    self.charts.append(str(each.get(f"{RELATIONS}id")))
                else:
                    self.left_out.add("embedded file")

    def _box_by_layout(self, place: _Element | None) -> Box | None:
        if place is None:
            return None
        wanted = {(place.get("idx"), place.get("type")), (None, place.get("type"))}
        for layout in self._layouts:
            for shape in layout.iter(f"{P}sp"):
                other = shape.find(f"{P}nvSpPr/{P}nvPr/{P}ph")
                if other is not None and (other.get("idx"), other.get("type")) in wanted and (box := box_of(shape)):
                    return box
        return None

    def _is_off(self, box: Box) -> bool:
        left, top, width, height = box
        across, down = self._size
        return bool(across) and (left >= across or top >= down or left + width <= 0 or top + height <= 0)


def _order(shapes: list[SlideText]) -> list[SlideText]:
    """Return shapes row by row: those whose middles are within each other's height are in one."""
    rows: list[list[SlideText]] = []
    for shape in sorted(shapes, key=lambda each: (not each.is_title, each.box[1])):
        last = rows[-1][0] if rows else None
        middle = shape.box[1] + shape.box[3] // 2
        if last is not None and not last.is_title and last.box[1] <= middle <= last.box[1] + last.box[3]:
            rows[-1].append(shape)
        else:
            rows.append([shape])
    return [shape for row in rows for shape in sorted(row, key=lambda each: each.box[0])]


def _rows(table: _Element, left_out: LeftOut) -> Iterator[str]:
    above: dict[int, str] = {}
    for row in table.iterfind(f"{A}tr"):
        cells = []
        for column, cell in enumerate(row.iterfind(f"{A}tc")):
            if cell.get("hMerge") in ("1", "true"):
                continue
            body = cell.find(f"{A}txBody")
            text = " ".join(read_paragraphs(body, left_out)) if body is not None else ""
            if cell.get("vMerge") in ("1", "true"):
                text = above.get(column, "")
            above[column] = text
            cells.append(" ".join(text.split()))
        if any(cells):
            yield " | ".join(cells)
