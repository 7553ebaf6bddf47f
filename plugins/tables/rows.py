"""From the rows of a table to passages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.errors import FileUnreadable
from bot.reading import Piece
from plugins.tables.frames import Row, TextFrame
from plugins.tables.template import Column, find_column, parse_template

_NOTHING = "—"


@dataclass(frozen=True, slots=True)
class RowShape:
    """How a row becomes a passage: by a template, or as "Column: value; …"; cited by the `key` column, or its number.

    `name` is the file's.
    """

    name: str
    template: str | None = None
    key: str | None = None

    def pieces(self, frame: TextFrame, before: int) -> Iterator[Piece]:
        """Yield a passage for each row with something in it; `before` counts the rows before these.

        Raises FileUnreadable when the table has no such columns.
        """
        key = None if self.key is None else self._column(self.key, frame, "key")
        key_at = None if key is None else frame.columns.index(key)
        write = self._list_cells(frame) if self.template is None else self._fill_in(self.template, frame)
        for number, row in enumerate(frame.rows, before + 1):
            if text := write(row):
                of_key = None if key_at is None else row[key_at]
                yield Piece(text, locator=f"{key} {of_key}" if of_key else f"row {number}")

    def _list_cells(self, frame: TextFrame) -> Callable[[Row], str]:
        labels = [f"{name}: " for name in frame.columns]
        return lambda row: "; ".join(label + cell for label, cell in zip(labels, row, strict=True) if cell is not None)

    def _fill_in(self, template: str, frame: TextFrame) -> Callable[[Row], str]:
        parts: list[str | int] = [
            frame.columns.index(self._column(part.name, frame, "template")) if isinstance(part, Column) else part
            for part in parse_template(template)
        ]
        used = [part for part in parts if isinstance(part, int)]

        def write(row: Row) -> str:
            if all(row[at] is None for at in used):
                return ""
            return "".join(part if isinstance(part, str) else row[part] or _NOTHING for part in parts)

        return write

    def _column(self, wanted: str, frame: TextFrame, what: str) -> str:
        try:
            return find_column(wanted, frame.columns)
        except LookupError as error:
            raise FileUnreadable(f"{self.name} doesn't fit its {what}: {error}") from error
