"""Tables as lines of JSON: one object a line, and not every object needs to have every column."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from plugins.tables.delimited import MOST_COLUMNS
from plugins.tables.encoding import decode_lines
from plugins.tables.frames import BATCH_ROWS, TextFrame


def read_json_lines(path: Path) -> Iterator[TextFrame]:
    """Yield the objects in frames of texts; columns keep their order. Raises ValueError, which names the line."""
    columns: dict[str, None] = {}
    records = _records(path)
    while batch := list(islice(records, BATCH_ROWS)):
        for record in batch:
            columns.update(dict.fromkeys(record))
        if len(columns) > MOST_COLUMNS:
            raise ValueError(f"it has more than {MOST_COLUMNS:,} columns, and I read no more")
        yield TextFrame.trim(columns, ([record.get(column) for column in columns] for record in batch))


def _records(path: Path) -> Iterator[dict[str, str | None]]:
    for number, line in enumerate(decode_lines(path), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"line {number} is not JSON, or too long") from error
        if not isinstance(value, dict):
            raise ValueError(f"line {number} is not an object")  # noqa: TRY004 (one error for all that is wrong)
        yield {name: _write_value(cell) for name, cell in value.items()}


def _write_value(value: object) -> str | None:
    """Return a value as people write it."""
    match value:
        case None:
            return None
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(filter(None, map(_write_value, value)))
        case dict():
            parts = [f"{name}: {text}" for name, cell in value.items() if (text := _write_value(cell))]
            return f"({', '.join(parts)})" if parts else None
        case float():
            return f"{value:.12g}"
        case _:
            return str(value)
