"""Markdown tables on a narrow screen: columns where they fit, else a line for each cell."""

from __future__ import annotations

from telegram import MessageEntity

from adapters.telegram.spans import Canvas

_PHONE_COLUMNS = 40
"""How many characters of code a phone shows on a line."""


def draw_table(canvas: Canvas, rows: list[list[str]]) -> None:
    """Write a table, of which the first row is the head."""
    columns = range(max(map(len, rows)))
    widths = [max(len(row[column]) if column < len(row) else 0 for row in rows) for column in columns]
    if sum(widths) + 2 * (len(widths) - 1) <= _PHONE_COLUMNS:
        _draw_columns(canvas, rows, widths)
    else:
        _draw_list(canvas, rows)


def _draw_columns(canvas: Canvas, rows: list[list[str]], widths: list[int]) -> None:
    start = canvas.length
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) for row in rows]
    canvas.write("\n".join(line.rstrip() for line in lines))
    canvas.mark(MessageEntity.PRE, start)


def _draw_list(canvas: Canvas, rows: list[list[str]]) -> None:
    """Write "• head: cell, head: cell" for each row, empty cells left out."""
    head, *rest = rows
    for number, row in enumerate(rest):
        canvas.write("\n• " if number else "• ")
        cells = [(name, cell) for name, cell in zip(head, row, strict=False) if cell]
        for place, (name, cell) in enumerate(cells):
            canvas.write(", " if place else "")
            start = canvas.length
            canvas.write(f"{name}: " if name else "")
            canvas.mark(MessageEntity.BOLD, start)
            canvas.write(cell)
