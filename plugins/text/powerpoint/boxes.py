"""Where the shapes of a slide stand, in the units of DrawingML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.text.office.package import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"

Box = tuple[int, int, int, int]
"""Left, top, width, height."""


def box_of(shape: _Element) -> Box | None:
    """Return where a shape says that it stands."""
    frame = next((each for each in shape.iterfind("*/*") if local_name(each) == "xfrm"), None)
    if frame is None:
        frame = next((each for each in shape if local_name(each) == "xfrm"), None)
    if frame is None:
        return None
    offset, extent = frame.find(f"{A}off"), frame.find(f"{A}ext")
    if offset is None or extent is None:
        return None
    return _number(offset, "x"), _number(offset, "y"), _number(extent, "cx"), _number(extent, "cy")


def _number(element: _Element, name: str) -> int:
    told = str(element.get(name, "0"))
    return (
        int(told) if len(told) < 12 and told.removeprefix("-").isascii() and told.removeprefix("-").isdecimal() else 0
    )
