"""Markdown tables on a narrow screen: columns where they fit, else a line for each cell."""

from __future__ import annotations

from markdown_it.token import Token
from telegram import MessageEntity

from adapters.telegram.spans import Canvas

_PHONE_COLUMNS = 40
"""How many characters of code a phone shows on a line."""


class TableBuilder:
    """Collects the cells of a table, and draws it when all of them are there."""

    def __init__(self) -> None:
        self._rows: list[list[str]] = []

    def take(self, token: Token) -> None:
        """Take a token between the table's own two."""
        if token.type == "tr_open":
            self._rows.append([])
        elif token.type == "inline":
            self._rows[-1].append("".join(leaf.content for leaf in token.children or []))

    def draw(self, canvas: Canvas) -> None:
        """Write the table."""
        columns = range(max(map(len, self._rows)))
        widths = [max(len(row[column]) if column < len(row) else 0 for row in self._rows) for column in columns]
        if sum(widths) + 2 * (len(widths) - 1) <= _PHONE_COLUMNS:
            self._draw_columns(canvas, widths)
        else:
            self._draw_list(canvas)

    def _draw_columns(self, canvas: Canvas, widths: list[int]) -> None:
        start = canvas.length
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) for row in self._rows]
        canvas.write("\n".join(line.rstrip() for line in lines))
        canvas.mark(MessageEntity.PRE, start)

    def _draw_list(self, canvas: Canvas) -> None:
        """Write "• head: cell, head: cell" for each row, empty cells left out."""
        head, *rows = self._rows
        for number, row in enumerate(rows):
            canvas.write("\n• " if number else "• ")
            cells = [(name, cell) for name, cell in zip(head, row, strict=False) if cell]
            for place, (name, cell) in enumerate(cells):
                canvas.write(", " if place else "")
                start = canvas.length
                canvas.write(f"{name}: " if name else "")
                canvas.mark(MessageEntity.BOLD, start)
                canvas.write(cell)
