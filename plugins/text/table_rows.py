"""The rows of a sheet as pieces: "Item: Hotel; Cost: 120", by the names in its first row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from bot.reading import Piece

_LONGEST_NAME = 80
_NUMBER = re.compile(r"[-+$€£¥(]*\s*\d[\d.,:/\s%-]*[)€$£¥]?")


def name_cells(rows: Iterable[tuple[int, Mapping[int, str]]], sheet: str) -> Iterator[Piece]:
    """Yield each row with the names of its columns; titles above those stand alone."""
    names: Mapping[int, str] | None = None
    for number, cells in rows:
        if names is None and len(cells) > 1:
            names = cells if _are_names(cells) else {}
            if names:
                continue
        pairs = (f"{names[at]}: {text}" if names and names.get(at) else text for at, text in cells.items())
        yield Piece("; ".join(pairs), f"sheet {sheet}, row {number}")


def _are_names(cells: Mapping[int, str]) -> bool:
    """Whether a row names columns: several short words, no numbers, none twice."""
    texts = list(cells.values())
    short = all(len(text) <= _LONGEST_NAME and not _NUMBER.fullmatch(text) for text in texts)
    return short and len(set(texts)) == len(texts)
