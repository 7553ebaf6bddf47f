"""Charts in Office documents, as the table that they draw (ECMA-376, part 1, 21.2)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plugins.text.excel.formats import write_value
from plugins.text.office.package import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_POINTS = 500
"""Of a series; more of them are a curve, of which nobody reads a point."""
_MOST_SERIES = 50


@dataclass(frozen=True, slots=True)
class Series:
    """A series of a chart: its name, and by their numbers the categories and the values of its points."""

    name: str
    categories: dict[int, str]
    values: dict[int, str]


def read_chart(root: _Element) -> list[str]:
    """Return a chart's title and its table, row by row; nothing where it keeps no values, or too many to be read."""
    every = [_series(each) for each in root.iter("{*}ser")]
    series = [each for each in every if each.values]
    if not series or len(series) > _MOST_SERIES or any(len(each.values) > _MOST_POINTS for each in series):
        return []
    titles = [_text(each) for each in root.iter("{*}title")]
    shown = ", ".join(title for title in titles if title)
    lines = [f"Chart: {shown}" if shown else "Chart:"]
    for group in _by_categories(series):
        lines += _rows(group)
    return lines


def _by_categories(series: list[Series]) -> list[list[Series]]:
    """Put together what has the same categories, so that it makes one table."""
    groups: list[list[Series]] = []
    for each in series:
        fitting = next((group for group in groups if group[0].categories == each.categories), None)
        if fitting is None:
            groups.append([each])
        else:
            fitting.append(each)
    return groups


def _rows(series: list[Series]) -> list[str]:
    names = [each.name for each in series]
    rows = [" | ".join(["", *names]).strip()] if any(names) else []
    numbers = sorted({number for each in series for number in each.values})
    for number in numbers:
        category = series[0].categories.get(number, str(number + 1))
        rows.append(" | ".join([category, *(each.values.get(number, "") for each in series)]).rstrip("| "))
    return rows


def _series(element: _Element) -> Series:
    parts = {local_name(child): child for child in element}
    name = _points(parts.get("tx")) or {0: _value(parts.get("tx"))}
    values = parts.get("val", parts.get("yVal"))
    return Series(
        " ".join(" ".join(name.values()).split()), _points(parts.get("cat", parts.get("xVal"))), _points(values)
    )


def _points(reference: _Element | None) -> dict[int, str]:
    """Return the points that were kept with a chart; categories in levels are joined, the widest first."""
    found: dict[int, str] = {}
    if reference is None:
        return found
    levels = list(reference.iter("{*}lvl")) or [reference]
    code = next((each.text or "" for each in reference.iter("{*}formatCode")), "")
    for level in levels:
        inner = {_index(point): _point(point, code) for point in level.iter("{*}pt")}
        if level is levels[0]:
            found = inner
            continue
        outer = ""
        for number in sorted(found):
            outer = inner.get(number, outer)
            found[number] = f"{outer} {found[number]}".strip()
    return found


def _index(point: _Element) -> int:
    told = str(point.get("idx", ""))
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 8 else 0


def _point(point: _Element, code: str) -> str:
    said = " ".join(_value(point).split())
    try:
        number = float(said)
    except ValueError:
        return said
    own = str(point.get("formatCode") or code)
    return write_value(number, own or "General") if math.isfinite(number) else said


def _value(element: _Element | None) -> str:
    found = next(element.iter("{*}v"), None) if element is not None else None
    return found.text or "" if found is not None else ""


def _text(title: _Element) -> str:
    said = "".join(each.text or "" for each in title.iter() if local_name(each) in ("t", "v"))
    return " ".join(said.split())
