"""Diagrams in Office documents ("SmartArt"): what stands in their boxes (ECMA-376, part 1, 21.4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugins.text.office.package import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

_BOXES = frozenset({"node", "asst"})
"""Kinds of points that are drawn as a box: one of the rest, or an assistant's. Others are lines and arrangements."""


def read_diagram(root: _Element) -> Iterator[str]:
    """Yield the texts of a diagram's boxes."""
    for point in root.iter():
        if local_name(point) == "pt" and point.get("type", "node") in _BOXES:
            text = "".join(each.text or "" for each in point.iter() if local_name(each) == "t").strip()
            if text:
                yield text
