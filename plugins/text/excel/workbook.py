"""A workbook's sheets, styles and shared texts (SpreadsheetML, ECMA-376, part 1, 18)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from plugins.text.excel.formats import BUILT_IN
from plugins.text.office.package import RELATIONS, Package, local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Kind = TypeVar("Kind")
_WHITE_THEME = "0"
_TINY = 3.0
"""Points; smaller letters are for nobody's eyes."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: what it is called, its part, whether Excel shows it."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class CellStyle:
    """How a cell is written: its number format, and whether its letters are tiny, or white without a fill."""

    code: str = "General"
    tiny: bool = False
    white: bool = False


class Workbook:
    """What the cells of all sheets refer to."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._name = package.main()
        root = package.part(self._name)
        if root is None:
            raise ValueError("there is no workbook")
        properties = root.find(f"{S}workbookPr")
        self.since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.sheets = tuple(self._read_sheets(root))
        self.texts = tuple(self._read_texts())
        self.styles = tuple(self._read_styles())

    def style(self, number: str | None) -> CellStyle:
        """Return a cell's style by its number."""
        at = int(number) if number is not None and number.isascii() and number.isdecimal() and len(number) < 7 else 0
        return self.styles[at] if at < len(self.styles) else CellStyle()

    def _read_sheets(self, root: _Element) -> Iterator[Sheet]:
        for each in root.iter(f"{S}sheet"):
            relation = self._package.relations(self._name).get(str(each.get(f"{RELATIONS}id")))
            if relation is not None and relation.kind == "worksheet":
                hidden = each.get("state", "visible") != "visible"
                yield Sheet(" ".join(str(each.get("name", "")).split()), relation.target, hidden)

    def _read_texts(self) -> Iterator[str]:
        root = self._part("sharedStrings")
        for each in root if root is not None else ():
            yield read_rich_text(each)

    def _read_styles(self) -> Iterator[CellStyle]:
        root = self._part("styles")
        if root is None:
            return
        codes = dict(BUILT_IN)
        for each in root.iter(f"{S}numFmt"):
            number = str(each.get("numFmtId", ""))
            if number.isascii() and number.isdecimal() and len(number) < 10:
                codes[int(number)] = str(each.get("formatCode", "General"))
        fonts = [_is_unseen(each) for each in root.iterfind(f"{S}fonts/{S}font")]
        fills = [_is_filled(each) for each in root.iterfind(f"{S}fills/{S}fill")]
        for each in root.iterfind(f"{S}cellXfs/{S}xf"):
            tiny, white = _at(fonts, each.get("fontId"), otherwise=(False, False))
            white = white and not _at(fills, each.get("fillId"), otherwise=False)
            yield CellStyle(codes.get(read_number(each.get("numFmtId")), "General"), tiny, white)

    def _part(self, kind: str) -> _Element | None:
        return self._package.part_of_kind(self._name, kind)


def read_rich_text(parent: _Element) -> str:
    """Return a text that may be in runs; how it is pronounced in Japanese is left out."""
    parts = []
    for child in parent:
        name = local_name(child)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts += [each.text or "" for each in child.iterfind(f"{S}t")]
    return "".join(parts)


def _is_unseen(font: _Element) -> tuple[bool, bool]:
    """Return whether letters are tiny, and whether they are white."""
    size, colour = font.find(f"{S}sz"), font.find(f"{S}color")
    told = str(size.get("val", "11")) if size is not None else "11"
    tiny = told.replace(".", "", 1).isdecimal() and float(told) < _TINY
    white = colour is not None and (
        str(colour.get("rgb", "")).upper().endswith("FFFFFF")
        or (colour.get("theme") == _WHITE_THEME and not colour.get("tint"))
    )
    return tiny, white


def _is_filled(fill: _Element) -> bool:
    pattern = fill.find(f"{S}patternFill")
    if pattern is None:
        return True  # colours that run into each other
    front = pattern.find(f"{S}fgColor")
    white = front is not None and str(front.get("rgb", "")).upper().endswith("FFFFFF")
    return pattern.get("patternType", "none") != "none" and not white


def read_number(told: str | None) -> int:
    """Return the number in an attribute; 0 where it holds none."""
    text = str(told or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _at(values: list[Kind], told: str | None, *, otherwise: Kind) -> Kind:
    at = read_number(told)
    return values[at] if at < len(values) else otherwise
