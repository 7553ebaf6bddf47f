from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.reading.pieces import About, Piece, ReadItem
from plugins.tables.reader import TableOptions, read_table


class Read:
    """What a table read as, for the tests: passages with their locators, and notes."""

    def __init__(self, items: list[ReadItem]) -> None:
        self.items = items
        self.rows = [(item.locator, item.text) for item in items if isinstance(item, Piece)]
        self.texts = [text for _, text in self.rows]
        self.notes = [note for item in items if isinstance(item, About) for note in item.notes]


@pytest.fixture
def read() -> Callable[..., Read]:
    def reading(path: Path, template: str | None = None, key: str | None = None, most_rows: int = 1000) -> Read:
        return Read(list(read_table(path, TableOptions(template, key, most_rows))))

    return reading
