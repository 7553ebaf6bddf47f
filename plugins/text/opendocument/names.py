"""Names of OpenDocument (ISO/IEC 26300), and what its styles hide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:"
TEXT, TABLE, DRAW, OFFICE, STYLE, PRESENTATION = (
    f"{_OASIS}{name}:1.0}}" for name in ("text", "table", "drawing", "office", "style", "presentation")
)
DC = "{http://purl.org/dc/elements/1.1/}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_MOST_REPEATED = 1000


class Hiding:
    """The styles that hide what they are for, by their names."""

    def __init__(self, roots: Iterable[_Element | None]) -> None:
        self._names: set[str] = set()
        self.numbered: set[tuple[str, int]] = set()
        for root in roots:
            for style in root.iter(f"{STYLE}style", f"{TEXT}list-style") if root is not None else ():
                name = str(style.get(f"{STYLE}name"))
                if any(_hides(each) for each in style):
                    self._names.add(name)
                for level in style.iterfind(f"{TEXT}list-level-style-number"):
                    if level.get(f"{STYLE}num-format"):
                        self.numbered.add((name, number_of(level, f"{TEXT}level")))

    def hides(self, element: _Element) -> bool:
        """Whether an element's style hides it."""
        names = (element.get(f"{space}style-name") for space in (TEXT, TABLE, DRAW))
        return any(name in self._names for name in names if name is not None)


def number_of(element: _Element, name: str, otherwise: int = 1) -> int:
    """Return a count that an attribute says, within reason."""
    told = str(element.get(name, ""))
    return min(int(told), _MOST_REPEATED) if told.isascii() and told.isdecimal() and len(told) < 9 else otherwise


def _hides(properties: _Element) -> bool:
    return (
        properties.get(f"{TEXT}display") in ("none", "condition")
        or properties.get(f"{TABLE}display") == "false"
        or properties.get(f"{PRESENTATION}visibility") == "hidden"
        or (properties.get(f"{_FO}color") == "#ffffff" and properties.get(f"{_FO}background-color") is None)
    )
