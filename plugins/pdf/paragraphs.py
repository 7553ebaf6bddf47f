"""Rows of lines become text: paragraphs that flow, words put together again, a row of a table on a line of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise

from plugins.pdf.columns import Row
from plugins.pdf.hyphens import join_hyphenated
from plugins.pdf.lines import TextLine
from plugins.pdf.tables import format_rows

_LEADING = 1.45
"""Heights of a line from one to the next within a paragraph, at most; paragraphs stand further apart."""
_MORE = 1.2
"""The same in steps from line to line as they mostly are, where they are known."""
_FAR = 2.2
_ENOUGH = 4
_FULL = 0.8
"""The share of its column that a line fills at least when its paragraph goes on."""
_ITEM = re.compile(r"(?:[•‣◦▪●○■□–—*·-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)])\s")
_NO_SPACES = re.compile("[\u0e00-\u0eff\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_HYPHENS = ("-", "\u2010")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*(?![\w-])")


def join_paragraphs(rows: Sequence[Row], step: float = 0.0, known: Collection[str] = ()) -> str:
    """Return the text of rows that belong together: paragraphs apart by an empty line, a table a row a line.

    `step` is how far it mostly is from line to line on their page; `known` are words that stand whole on it.
    """
    width = max((row[-1].x1 - row[0].x0 for row in rows), default=0.0)
    text = ""
    last: Row | None = None
    for row, said in zip(rows, format_rows(rows), strict=True):
        text = said if last is None else _continue(text, last, row, said, width, step, known)
        last = row
    return text


def _continue(text: str, last: Row, row: Row, said: str, width: float, step: float, known: Collection[str]) -> str:
    above, line = last[-1], row[0]
    if _is_hyphenated(above) and len(row) == 1:
        return join_hyphenated(text, said, known)
    if _is_apart(last[0], line, step):
        return f"{text}\n\n{said}"
    if len(row) > 1 or len(last) > 1 or _ITEM.match(said) or above.x1 - last[0].x0 < _FULL * width:
        return f"{text}\n{said}"
    if _NO_SPACES.match(text[-1]) and _NO_SPACES.match(said[0]):
        return text + said
    return f"{text} {said}"


def usual_step(rows: Sequence[Row]) -> float:
    """Return how far it mostly is from one line down to the next; 0 where there are too few to tell."""
    steps = [above[0].y - row[0].y for above, row in pairwise(rows)]
    near = Counter(round(step, 1) for step, row in zip(steps, rows, strict=False) if 0 < step < _FAR * row[0].height)
    step, count = near.most_common(1)[0] if near else (0.0, 0)
    return step if count >= _ENOUGH else 0.0


def collect_known_words(lines: Sequence[TextLine]) -> frozenset[str]:
    """Return the words of a page, in small letters, if it has lines that end with a hyphen; else there is no need."""
    if not any(_is_hyphenated(line) for line in lines):
        return frozenset()
    return frozenset(word for line in lines for word in _WORD.findall(line.text.casefold()))


def _is_hyphenated(line: TextLine) -> bool:
    return line.hyphen or (line.text.endswith(_HYPHENS) and line.text[-3:-1].isalpha())


def _is_apart(above: TextLine, line: TextLine, step: float) -> bool:
    """Tell whether there is more white between two lines than within a paragraph, or another size of letters."""
    height = max(above.height, line.height)
    down = above.y - line.y
    if down < 0:  # on top of the next column
        return above.text[-1] in ".!?:" or not line.text[0].islower()
    return down > max(_LEADING * height, _MORE * step) or abs(above.height - line.height) > 0.2 * height
