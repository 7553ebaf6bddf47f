"""Reads a table of any kind: each row becomes a passage that is cited by its number or its key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import FileUnreadable
from bot.reading import About, Progress, ReadItem, extra
from plugins.tables.encoding import decode_lines

if TYPE_CHECKING:
    import polars as pl

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

    frames: Iterator[pl.DataFrame]
    rows: int | None = None
    about: About | None = None


def read_table(path: Path, options: TableOptions) -> Iterator[ReadItem]:
    """Yield the rows of a table as passages.

    Raises FileUnreadable when it is not a table, damaged or without rows, and when it lacks a column that is named.
    """
    with extra("tables"):
        import deltalake.exceptions  # noqa: PLC0415 (heavy libraries, loaded in the child process only)
        import polars.exceptions  # noqa: PLC0415 (as above)
        import pyarrow as pa  # noqa: PLC0415 (as above)
    try:
        yield from _rows(path, options)
    except MemoryError:  # Arrow's is one, and an error of Arrow's as well
        raise
    except (
        pa.ArrowException,
        polars.exceptions.PolarsError,
        deltalake.exceptions.DeltaError,
        ValueError,
        OSError,
        EOFError,
    ) as error:
        reason = str(error).partition("\n")[0]
        raise FileUnreadable(f"{path.name} can't be read as a table: {reason}.") from error


def _rows(path: Path, options: TableOptions) -> Iterator[ReadItem]:
    from plugins.tables.rows import RowShape  # noqa: PLC0415 (as above)

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
        done += min(len(frame), room)
        if done - told >= _TOLD_EVERY:
            told = done
            yield Progress(done, table.rows, "rows")
        if len(frame) > room:
            yield About(notes=(_cut_short(options.most_rows, table.rows),))
            break
    if not said:
        raise FileUnreadable(f"{path.name} has no rows.")
    yield Progress(done, done, "rows")


def _open(path: Path) -> _OpenTable:
    from plugins.tables import columnar  # noqa: PLC0415 (as above)
    from plugins.tables.delimited import read_delimited  # noqa: PLC0415 (as above)
    from plugins.tables.jsonl import read_json_lines  # noqa: PLC0415 (as above)

    if path.is_dir():
        delta = columnar.read_delta(path)
        return _OpenTable(
            delta.frames, delta.rows, About(created_at=delta.written_at, notes=(_version(delta.version),))
        )
    with path.open("rb") as file:
        beginning = file.read(6)
    if beginning.startswith(b"PAR1"):
        rows, frames = columnar.read_parquet(path)
        return _OpenTable(frames, rows)
    if beginning.startswith((b"ARROW1", b"\xff\xff\xff\xff")):
        return _OpenTable(columnar.read_arrow(path))
    if beginning.startswith(b"FEA1"):
        raise ValueError("Feather's first version is no longer read; save it as Arrow or Parquet")
    if _is_json_lines(path):
        return _OpenTable(read_json_lines(path))
    return _OpenTable(read_delimited(path, "\t" if path.suffix.casefold() in {".tsv", ".tab"} else None))


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
