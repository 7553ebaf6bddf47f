"""What colour is behind a text on a slide, so that white letters on a white slide are known as hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from plugins.text.office.package import local_name
from plugins.text.powerpoint.boxes import A, Box, P, box_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_FILLS = frozenset({"solidFill", "gradFill", "blipFill", "pattFill", "grpFill"})
_NEARLY = 16
"""Of 256 levels of red, green or blue: colours that eyes can't tell apart."""

Colour = tuple[int, int, int]


class SlideBackground:
    """The colour of one slide, and the shapes that may lie between it and a text."""

    def __init__(self, slide: _Element, above: Sequence[_Element], theme: Mapping[str, str]) -> None:
        self._theme = theme
        self._colour = self._colour_of_page([slide, *above])
        self._covers = [box for root in (slide, *above) for box in _covers(root, is_slide=root is slide)]

    def hides(self, run: _Element | None, shape: _Element, box: Box | None) -> bool:
        """Whether the letters of a run have the slide's own colour, and nothing lies behind them."""
        fill = run.find(f"{A}solidFill") if run is not None else None
        if fill is None or box is None or self._colour is None or _is_filled(shape):
            return False
        colour = self._resolve(fill)
        if colour is None or any(abs(one - other) >= _NEARLY for one, other in zip(colour, self._colour, strict=True)):
            return False
        return not any(_meet(box, cover) for cover in self._covers)

    def _colour_of_page(self, roots: Sequence[_Element]) -> Colour | None:
        for root in roots:
            background = root.find(f"{P}cSld/{P}bg")
            if background is None:
                continue
            fill = background.find(f"{P}bgPr/{A}solidFill")
            return self._resolve(fill if fill is not None else background.find(f"{P}bgRef"))
        return None

    def _resolve(self, holder: _Element | None) -> Colour | None:
        """Return a colour; None for one that is changed by more than its name says."""
        if holder is None or not len(holder) or len(holder[0]):
            return None
        told = str(holder[0].get("val", ""))
        kind = local_name(holder[0])
        return parse_colour(told if kind == "srgbClr" else self._theme.get(told, "") if kind == "schemeClr" else "")


def parse_colour(text: str) -> Colour | None:
    """Return red, green and blue of "FF00A0"."""
    try:
        red, green, blue = bytes.fromhex(text)
    except ValueError:
        return None
    return red, green, blue


def read_theme(theme: _Element | None, master: _Element | None) -> dict[str, str]:
    """Return the colours of a theme by the names that slides call them."""
    scheme = theme.find(f"{A}themeElements/{A}clrScheme") if theme is not None else None
    colours = {}
    for each in scheme if scheme is not None else ():
        if len(each):
            colours[local_name(each)] = str(each[0].get("lastClr") or each[0].get("val", ""))
    names = master.find(f"{P}clrMap") if master is not None else None
    for name, of_theme in names.attrib.items() if names is not None else ():
        colours[str(name)] = colours.get(str(of_theme), "")
    return colours


def _covers(root: _Element, *, is_slide: bool) -> Iterator[Box]:
    """Yield where something is painted: filled shapes, pictures, tables and charts."""
    for tree in root.iter(f"{P}spTree"):
        for shape in tree.iter():
            kind = local_name(shape)
            is_place = not is_slide and shape.find(f"*/{P}nvPr/{P}ph") is not None
            paints = kind in ("pic", "graphicFrame") or (kind == "sp" and _is_filled(shape))
            if paints and not is_place:
                groups = [each for each in shape.iterancestors() if local_name(each) == "grpSp"]
                yield box_of(groups[-1] if groups else shape) or (-(1 << 40), -(1 << 40), 1 << 41, 1 << 41)


def _is_filled(shape: _Element) -> bool:
    properties = shape.find(f"{P}spPr")
    kinds = {local_name(each) for each in properties} if properties is not None else set()
    if kinds & _FILLS:
        return True
    of_style = shape.find(f"{P}style/{A}fillRef")
    return "noFill" not in kinds and of_style is not None and of_style.get("idx") != "0"


def _meet(one: Box, other: Box) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )
