"""Reads a file as the plugin `text` does, without its child process."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import FileUnreadable
from bot.reading.incoming import IncomingFile
from bot.reading.pieces import About, Piece, ReadItem
from plugins.text.options import TextOptions
from plugins.text.plugin import reader_of


def items(folder: Path, name: str, data: bytes | str, media_type: str = "", **options: int) -> list[ReadItem]:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    read = reader_of(IncomingFile(path, name, media_type, path.stat().st_size, str(path)))
    return list(read(path, TextOptions(**options)))


def pieces(folder: Path, name: str, data: bytes | str) -> list[Piece]:
    return [item for item in items(folder, name, data) if isinstance(item, Piece)]


def about(folder: Path, name: str, data: bytes | str) -> About:
    return next(item for item in items(folder, name, data) if isinstance(item, About))


def refusal(folder: Path, name: str, data: bytes, most_megabytes: int = 500) -> str:
    with pytest.raises(FileUnreadable) as caught:
        items(folder, name, data, most_megabytes=most_megabytes)
    assert str(caught.value).startswith(name)
    return str(caught.value)
