"""What of a page a browser shows: text that styles hide is where pages keep what is not meant for people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from plugins.text.css import Declarations, Rules, read_rules, read_style

if TYPE_CHECKING:
    from lxml.etree import _Element

_TINY = 4.0
"""Pixels; smaller letters are for nobody's eyes."""
_ALIKE = 0.1
"""The difference between two colours' parts, of 1, that nobody sees."""
_FAR_OUT = -500.0
_MOST_MATCHES = 100_000_000
"""Elements times rules; a real page has a hundredth of it."""
_NEVER_SHOWN = frozenset({"template", "noscript", "script", "style", "head"})
_CLIPPED = re.compile(
    r"rect\((?:\s*[01](?:px)?\s*,?){4}\)|inset\(\s*(?:50|100)%|circle\(\s*0|polygon\(\s*0 0\s*,\s*0 0"
)
_GONE_TRANSFORM = re.compile(r"scale[xy3d]*\(\s*0(?:\.0+)?\s*[,)]")

Colour = tuple[float, float, float]
_BLACK, _WHITE = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class _Look:
    """How the text in an element looks. `background` is None where there is a picture behind it."""

    colour: Colour | None = _BLACK
    background: Colour | None = _WHITE
    size: float = 16.0
    visible: bool = True
    gone: bool = False

    @property
    def is_seen(self) -> bool:
        if self.gone or not self.visible or self.size < _TINY or self.colour is None:
            return False
        return self.background is None or _differ(self.colour, self.background)


def blank_hidden(root: _Element) -> int:
    """Take out of a page, in place, the text that a browser does not show; return how many elements had such text."""
    from cssselect2 import ElementWrapper  # noqa: PLC0415 (in the child alone)

    elements = sum(1 for _ in root.iter())
    rules = read_rules(_stylesheets(root), _MOST_MATCHES // elements)
    looks: dict[Any, _Look] = {}
    hidden = 0
    for each in ElementWrapper.from_html_root(root).iter_subtree():
        element = each.etree_element
        parent = element.getparent()
        look = _look(each, element, looks.get(parent, _Look()) if parent is not None else _Look(), rules)
        looks[element] = look
        if not look.is_seen and element.tag not in _NEVER_SHOWN:
            hidden += _blank(element)
    return hidden


def _stylesheets(root: _Element) -> Iterator[str]:
    for style in root.iter("style"):
        media = str(style.get("media", "all")).casefold()
        if "print" not in media or "screen" in media:
            yield "".join(style.itertext())


def _blank(element: _Element) -> int:
    """Remove an element's own text, and what stands between the elements in it."""
    said = [element.text or "", *(child.tail or "" for child in element)]
    element.text = None
    for child in element:
        child.tail = None
    return any(map(str.strip, said))


def _look(wrapped: Any, element: _Element, outer: _Look, rules: Rules) -> _Look:
    if outer.gone or _is_hidden_by_attributes(element):
        return replace(outer, gone=True)
    own = read_style(element.get("style"))
    declared = rules.of(wrapped).over(own) if own or rules else own
    named = _presentational(element)
    if named:
        declared = named.over(declared)
    return _apply(declared, outer) if declared else outer


def _is_hidden_by_attributes(element: _Element) -> bool:
    return (
        element.get("hidden") is not None
        or str(element.get("aria-hidden")).casefold() == "true"
        or (element.tag == "dialog" and element.get("open") is None)
    )


def _presentational(element: _Element) -> Declarations:
    """Return what attributes of old pages say of colours."""
    said = {"background-color": element.get("bgcolor"), "color": element.get("color") or element.get("text")}
    return read_style("; ".join(f"{name}: {value}" for name, value in said.items() if value and len(value) < 40))


def _apply(declared: Declarations, outer: _Look) -> _Look:
    if _is_taken_away(declared):
        return replace(outer, gone=True)
    visibility = declared.word("visibility")
    size = declared.length("font-size", outer.size)
    return _Look(
        colour=declared.colour("color", outer.colour),
        background=None if declared.has_picture_behind() else declared.background(outer.background),
        size=outer.size if size is None else size,
        visible=outer.visible if visibility in ("", "inherit") else visibility == "visible",
    )


def _is_taken_away(declared: Declarations) -> bool:
    """Whether an element is not shown at all, whatever is in it says."""
    if declared.word("display") == "none" or declared.number("opacity") == 0:
        return True
    if _CLIPPED.search(declared.word("clip-path")) or _GONE_TRANSFORM.search(declared.word("transform")):
        return True
    if declared.word("position") in ("absolute", "fixed") and (
        _CLIPPED.search(declared.word("clip")) or _is_far_out(declared, ("left", "right", "top", "bottom"))
    ):
        return True
    cut = declared.word("overflow") in ("hidden", "clip") or declared.word("overflow-y") == "hidden"
    boxes = (declared.length(name, 16) for name in ("width", "height", "max-height", "max-width"))
    return _is_far_out(declared, ("text-indent",)) or (cut and any(box is not None and box < 2 for box in boxes))


def _is_far_out(declared: Declarations, names: Iterable[str]) -> bool:
    return any((length := declared.length(name, 16)) is not None and length <= _FAR_OUT for name in names)


def _differ(one: Colour, other: Colour) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) > _ALIKE
