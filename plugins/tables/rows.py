"""From the rows of a table to passages: worked out for thousands of rows at once, so that large tables are quick."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from bot.errors import FileUnreadable
from bot.reading import Piece
from plugins.tables.as_text import write_as_text
from plugins.tables.template import Column, find_column, parse_template

_NOTHING = "—"
_TEXT, _KEY = "text", "key"


@dataclass(frozen=True, slots=True)
class RowShape:
    """How a row becomes a passage: by a template, or as "Column: value; …"; cited by the `key` column, or its number.

    `name` is the file's.
    """

    name: str
    template: str | None = None
    key: str | None = None

    def pieces(self, frame: pl.DataFrame, before: int) -> Iterator[Piece]:
        """Yield a passage for each row with something in it; `before` counts the rows before these.

        Raises FileUnreadable when the table has no such columns.
        """
        key = None if self.key is None else self._column(self.key, frame, "key")
        columns = [self._text(frame).alias(_TEXT)]
        if key is not None:
            columns.append(_write_columns(frame, key).alias(_KEY))
        made = frame.select(columns)
        keys = made[_KEY].to_list() if key is not None else [None] * len(made)
        for number, (text, of_key) in enumerate(zip(made[_TEXT].to_list(), keys, strict=True), before + 1):
            if text is not None:
                yield Piece(text, locator=f"{key} {of_key}" if of_key else f"row {number}")

    def _text(self, frame: pl.DataFrame) -> pl.Expr:
        if self.template is None:
            cells = [pl.lit(f"{name}: ") + _write_columns(frame, name) for name in frame.columns]
            text = pl.concat_str(cells, separator="; ", ignore_nulls=True)
            return pl.when(text.str.len_bytes() > 0).then(text)
        parts = parse_template(self.template)
        names = {part.name: self._column(part.name, frame, "template") for part in parts if isinstance(part, Column)}
        cells = [
            _write_columns(frame, names[part.name]).fill_null(_NOTHING) if isinstance(part, Column) else pl.lit(part)
            for part in parts
        ]
        has_any = pl.any_horizontal([_write_columns(frame, name).is_not_null() for name in names.values()])
        return pl.when(has_any).then(pl.concat_str(cells))

    def _column(self, wanted: str, frame: pl.DataFrame, what: str) -> str:
        try:
            return find_column(wanted, frame.columns)
        except LookupError as error:
            raise FileUnreadable(f"{self.name} doesn't fit its {what}: {error}") from error


def _write_columns(frame: pl.DataFrame, column: str) -> pl.Expr:
    return write_as_text(pl.col(column), frame.schema[column])
