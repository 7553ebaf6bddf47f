"""The order in which the lines of a page are read: columns one after the other, the cells of a table row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import fmean

from plugins.pdf.lines import GAP, TextLine

Row = list[TextLine]
"""Lines that stand side by side on one height: mostly one, the cells of a row in a table."""

_MOST_ACROSS = 0.15
"""The share of lines, headlines for example, that may run across the white between two columns."""
_LEAST_LINES = 3
_LEAST_LETTERS = 16
"""Lines of text in a column have more letters on average; the cells of a table have fewer."""
_COST_OF_CROSSING = 4
_MOST_TRIED = 6
_WIDE = 0.6
"""The share of a block's width from which on a line runs across all of its columns."""
_SAME_HEIGHT = 0.4
_DEEPEST = 8


def order_for_reading(lines: Sequence[TextLine]) -> list[Row]:
    """Return the lines as rows, in the order in which somebody reads them. What is turned comes after what is not."""
    turns: Counter[int] = Counter()
    for line in lines:
        turns[line.turn] += len(line.text)
    if len(turns) < 2:
        return _order(list(lines), _DEEPEST)
    rows: list[Row] = []
    for turn, _ in turns.most_common():
        rows += _order([line for line in lines if line.turn == turn], _DEEPEST)
    return rows


def _order(lines: list[TextLine], deepest: int) -> list[Row]:
    if len(lines) < 2:
        return [lines] if lines else []
    if deepest and not _is_one_column(lines):
        gutter = _gutter(lines)
        if gutter is not None:
            return [row for part in _split_columns(lines, gutter) for row in _order(part, deepest - 1)]
        bands = _find_bands(lines)
        if len(bands) > 1:
            return [row for band in bands for row in _order(band, deepest - 1)]
    return _rows(lines)


def _is_one_column(lines: Sequence[TextLine]) -> bool:
    """Tell whether there is a place that all lines run across, so that none can stand beside another."""
    return max(line.x0 for line in lines) < min(line.x1 for line in lines)


def _rows(lines: Sequence[TextLine]) -> list[Row]:
    """Return the lines from top to bottom, those on one height together, with pieces joined that no gap divides."""
    return [_join(row) if len(row) > 1 else row for row in _on_heights(lines)]


def _on_heights(lines: Sequence[TextLine]) -> list[Row]:
    rows: list[Row] = []
    for line in sorted(lines, key=_top_first):
        if rows and _on_one_height(rows[-1][0], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _top_first(line: TextLine) -> tuple[float, float]:
    return -line.y, line.x0


def _on_one_height(one: TextLine, other: TextLine) -> bool:
    return abs(one.y - other.y) < _SAME_HEIGHT * max(one.height, other.height)


def _join(row: Row) -> Row:
    """Return a row from left to right, with pieces put together that no wide gap divides."""
    row.sort(key=lambda line: line.x0)
    joined = [row[0]]
    for line in row[1:]:
        last = joined[-1]
        if line.x0 - last.x1 > GAP * max(line.height, last.height):
            joined.append(line)
            continue
        space = " " if line.x0 - last.x1 > 0.1 * line.height else ""
        y, height = min(line.y, last.y), max(line.height, last.height)
        joined[-1] = TextLine(last.text + space + line.text, last.x0, y, line.x1, height, last.turn, line.hyphen)
    return joined


def _gutter(lines: Sequence[TextLine]) -> float | None:
    """Return where white runs down between two columns of text, or None.

    Few lines may cross it; on both sides there must be lines of text, side by side.
    """
    best, best_score = None, 0
    for across, x in sorted(_find_gaps(lines))[:_MOST_TRIED]:
        left = [line for line in lines if line.x1 <= x]
        right = [line for line in lines if line.x0 >= x]
        side = min(len(left), len(right))
        score = side - _COST_OF_CROSSING * across
        if side < _LEAST_LINES or score <= best_score:
            continue
        if _is_text(left) and _is_text(right) and _overlap(left, right):
            best, best_score = x, score
    return best


def _find_gaps(lines: Sequence[TextLine]) -> Iterator[tuple[int, float]]:
    """Yield how many lines cross a stretch that few cross, fewer than on both its sides, and its middle."""
    edges = sorted([(line.x0, 1) for line in lines] + [(line.x1, -1) for line in lines])
    most, least = _MOST_ACROSS * len(lines), 0.5 * fmean(line.height for line in lines)
    across, since, falls = 0, edges[0][0], False
    for x, step in edges:
        if step > 0 and falls and across <= most and x - since > least:
            yield across, (x + since) / 2
        across += step
        since, falls = x, step < 0


def _is_text(lines: Sequence[TextLine]) -> bool:
    return fmean(len(line.text) for line in lines) >= _LEAST_LETTERS


def _overlap(left: Sequence[TextLine], right: Sequence[TextLine]) -> bool:
    """Tell whether the two stand beside each other over at least two lines of height."""
    top = min(max(line.y + line.height for line in side) for side in (left, right))
    bottom = max(min(line.y for line in side) for side in (left, right))
    return top - bottom > 2 * left[0].height


def _split_columns(lines: Sequence[TextLine], gutter: float) -> Iterator[list[TextLine]]:
    """Yield the left and the right column between each two lines that run across, and those."""
    left: list[TextLine] = []
    right: list[TextLine] = []
    for line in sorted(lines, key=_top_first):
        if line.x1 <= gutter:
            left.append(line)
        elif line.x0 >= gutter:
            right.append(line)
        else:
            yield from (left, right, [line])
            left, right = [], []
    yield from (left, right)


def _find_bands(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Return the lines cut into bands: rows that run across the whole width, and what is between them."""
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    bands: list[list[TextLine]] = []
    was_wide = None
    for row in _on_heights(lines):
        is_wide = any(line.x1 - line.x0 > _WIDE * width for line in row)
        if is_wide != was_wide:
            bands.append([])
        bands[-1] += row
        was_wide = is_wide
    return bands
