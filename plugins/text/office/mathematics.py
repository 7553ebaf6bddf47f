"""Formulas of Office Math (ECMA-376, part 1, 22.1) as one line of text: "1/2+x^2"."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from plugins.text.office.package import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

_DEEPEST = 40
_OPERATORS = "∫"
_REMOVED = frozenset({"del", "moveFrom"})


def write_formula(element: _Element, depth: int = 0) -> str:
    """Return a formula, or a part of one, as people type it: fractions with "/", powers with "^", indices with "_"."""
    name = local_name(element)
    if depth > _DEEPEST or name in _REMOVED:
        return ""
    if name == "t":
        return element.text or ""
    parts = {
        local_name(child): write_formula(child, depth + 1) for child in element if not local_name(child).endswith("Pr")
    }
    if (write := _FORMS.get(name)) is not None:
        return write(parts, element)
    if name == "m" and element.find("{*}mr") is not None:
        return f"[{'; '.join(_listed(row, depth, ', ') for row in element.iterfind('{*}mr'))}]"
    if name == "d":
        inside = _listed(element, depth, _set(element, "sepChr", "|"))
        return f"{_set(element, 'begChr', '(')}{inside}{_set(element, 'endChr', ')')}"
    return "".join(write_formula(child, depth + 1) for child in element)


def _listed(parent: _Element, depth: int, between: str) -> str:
    return between.join(write_formula(child, depth + 1) for child in parent if local_name(child) == "e")


def _set(element: _Element, name: str, otherwise: str) -> str:
    """Return a sign that the properties of an element may set."""
    found = next((each for each in element.iterfind(f"*/{{*}}{name}")), None)
    if found is None:
        return otherwise
    return next((str(value) for key, value in found.attrib.items() if str(key).endswith("val")), otherwise)


def _group(said: str) -> str:
    """Return a part in parentheses where it would run into its neighbours."""
    return said if len(said) <= 1 or said.isalnum() or said.replace(".", "", 1).isdecimal() else f"({said})"


def _raise(said: str, parts: dict[str, str]) -> str:
    below = f"_{_group(parts['sub'])}" if parts.get("sub") else ""
    above = f"^{_group(parts['sup'])}" if parts.get("sup") else ""
    return f"{said}{below}{above}"


def _fraction(parts: dict[str, str], _element: _Element) -> str:
    return f"{_group(parts.get('num', ''))}/{_group(parts.get('den', ''))}"


def _script(parts: dict[str, str], _element: _Element) -> str:
    return _raise(_group(parts.get("e", "")), parts)


def _root(parts: dict[str, str], _element: _Element) -> str:
    degree = f"{parts['deg']}" if parts.get("deg") else ""
    return f"{degree}√({parts.get('e', '')})"


def _sum(parts: dict[str, str], element: _Element) -> str:
    return f"{_raise(_set(element, 'chr', _OPERATORS), parts)} {parts.get('e', '')}"


def _function(parts: dict[str, str], _element: _Element) -> str:
    return f"{parts.get('fName', '')}({parts.get('e', '').strip()})"


_FORMS: dict[str, Callable[[dict[str, str], _Element], str]] = {
    "f": _fraction, "sSup": _script, "sSub": _script, "sSubSup": _script, "sPre": _script, "rad": _root,
    "nary": _sum, "func": _function,
}  # fmt: skip
