"""The paragraphs of a shape, with the numbers that PowerPoint gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from plugins.text.left_out import LeftOut
from plugins.text.markup import strike_out
from plugins.text.office.counting import write_number
from plugins.text.office.mathematics import write_formula
from plugins.text.office.package import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

Hides = Callable[["_Element | None"], bool]
"""Tells from a run's properties whether nobody sees it."""
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_TINY = 300
"""Hundredths of a point; smaller letters are for nobody's eyes."""
_KINDS = {"arabic": "decimal", "alphaLc": "lowerLetter", "alphaUc": "upperLetter", "romanLc": "lowerRoman",
          "romanUc": "upperRoman"}  # fmt: skip
_AROUND = {"Period": "{}.", "ParenR": "{})", "ParenBoth": "({})", "Plain": "{}"}


def read_paragraphs(body: _Element, left_out: LeftOut, hides: Hides | None = None) -> Iterator[str]:
    """Yield the lines of a text body; empty ones are left out, and runs that `hides` tells by their properties."""
    counts: dict[int, int] = {}
    for paragraph in body.iterfind(f"{_A}p"):
        text = _text(paragraph, left_out, hides).strip()
        if not text:
            continue
        properties = paragraph.find(f"{_A}pPr")
        level = _number(properties.get("lvl"), 0) if properties is not None else 0
        automatic = properties.find(f"{_A}buAutoNum") if properties is not None else None
        counts = {each: count for each, count in counts.items() if each <= level}
        if automatic is None:
            counts.pop(level, None)
            yield text
            continue
        counts[level] = counts.get(level, _number(automatic.get("startAt"), 1) - 1) + 1
        yield f"{_label(counts[level], str(automatic.get('type', '')))} {text}"


def _text(paragraph: _Element, left_out: LeftOut, hides: Hides | None) -> str:
    said = ""
    for child in paragraph:
        name = local_name(child)
        if name == "br":
            said += "\n"
        elif name in ("r", "fld"):
            text = "".join(each.text or "" for each in child.iterfind(f"{_A}t"))
            properties = child.find(f"{_A}rPr")
            is_tiny = properties is not None and _number(properties.get("sz"), _TINY) < _TINY
            if is_tiny or (hides is not None and hides(properties)):
                left_out.add("hidden text", 1 if text.strip() else 0)
            elif properties is not None and properties.get("strike", "noStrike") != "noStrike":
                said = strike_out(said, text)
            else:
                said += text
        elif name == "m":
            said += write_formula(child)
        elif name == "AlternateContent" and len(child):
            said += write_formula(child[0])
    return said.replace("\x0b", "\n")


def _label(number: int, kind: str) -> str:
    counted = next((write_number(number, word) for name, word in _KINDS.items() if kind.startswith(name)), str(number))
    around = next((each for name, each in _AROUND.items() if kind.endswith(name)), "{}.")
    return around.format(counted)


def _number(told: str | None, otherwise: int) -> int:
    text = str(told or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else otherwise
