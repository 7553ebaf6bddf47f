"""Reads a table of any kind: each row becomes a passage that is cited by its number or its key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import FileUnreadable
from bot.reading import About, Progress, ReadItem, extra
from bot.translation import gettext
from plugins.tables.delimited import read_delimited
from plugins.tables.encoding import decode_lines
from plugins.tables.frames import TextFrame
from plugins.tables.jsonl import read_json_lines
from plugins.tables.rows import RowShape

_TOLD_EVERY = 20_000
"""Rows."""


@dataclass(frozen=True, slots=True)
class TableOptions:
    """How rows become passages, and how many are read at most; see `plugins.tables.rows.RowShape`."""

    template: str | None = None
    key: str | None = None
    most_rows: int = 200_000


@dataclass(frozen=True, slots=True)
class _OpenTable:
    """An open table. `rows` is how many it has, where that is known; `about` what there is to say of it."""

    frames: Iterator[TextFrame]
    rows: int | None = None
    about: About | None = None


def read_table(path: Path, options: TableOptions) -> Iterator[ReadItem]:
    """Yield the rows of a table as passages.

    Raises FileUnreadable when it is not a table, damaged or without rows, and when it lacks a column that is named.
    """
    try:
        yield from _rows(path, options)
    except (ValueError, OSError, EOFError) as error:
        reason = str(error).partition("\n")[0]
        raise FileUnreadable(
            gettext("{name} can't be read as a table: {reason}.", name=path.name, reason=reason)
        ) from error


def _rows(path: Path, options: TableOptions) -> Iterator[ReadItem]:
    table = _open(path)
    if table.about is not None:
        yield table.about
    shape = RowShape(path.name, options.template, options.key)
    done = told = said = 0
    for frame in table.frames:
        room = options.most_rows - done
        for piece in shape.pieces(frame.head(room), done):
            said += 1
            yield piece
        done += min(len(frame.rows), room)
        if done - told >= _TOLD_EVERY:
            told = done
            yield Progress(done, table.rows, "rows")
        if len(frame.rows) > room:
            yield About(notes=(_cut_short(options.most_rows, table.rows),))
            break
    if not said:
        raise FileUnreadable(gettext("{name} has no rows.", name=path.name))
    yield Progress(done, done, "rows")


def _open(path: Path) -> _OpenTable:
    if path.is_dir():
        return _open_delta(path)
    with path.open("rb") as file:
        beginning = file.read(6)
    if beginning.startswith((b"PAR1", b"ARROW1", b"\xff\xff\xff\xff")):
        return _open_columnar(path, beginning)
    if beginning.startswith(b"FEA1"):
        raise ValueError("Feather's first version is no longer read; save it as Arrow or Parquet")
    if _is_json_lines(path):
        return _OpenTable(read_json_lines(path))
    return _OpenTable(read_delimited(path, "\t" if path.suffix.casefold() in {".tsv", ".tab"} else None))


def _open_delta(path: Path) -> _OpenTable:
    with extra("tables"):
        from plugins.tables.columnar import read_delta  # noqa: PLC0415 (heavy, and loaded in the child process only)
    delta = read_delta(path)
    return _OpenTable(delta.frames, delta.rows, About(created_at=delta.written_at, notes=(_version(delta.version),)))


def _open_columnar(path: Path, beginning: bytes) -> _OpenTable:
    with extra("tables"):
        from plugins.tables.columnar import read_arrow, read_parquet  # noqa: PLC0415 (as above)
    if beginning.startswith(b"PAR1"):
        rows, frames = read_parquet(path)
        return _OpenTable(frames, rows)
    return _OpenTable(read_arrow(path))


def _is_json_lines(path: Path) -> bool:
    """Tell by the first line that is not empty."""
    first = next((line for line in decode_lines(path) if line.strip()), "")
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _version(number: int) -> str:
    return f"This is version {number} of the table."


def _cut_short(most: int, rows: int | None) -> str:
    of = f" of {rows:,}" if rows is not None else ""
    return f"Only the first {most:,} rows{of} were read; `max_rows` in the settings of tables says how many are."
