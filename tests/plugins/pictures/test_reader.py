"""Text in pictures, read in the child process within its limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import FileUnreadable
from bot.plugin import capabilities_of
from bot.reading import Piece, in_child
from plugins.pictures.plugin import PicturesPlugin, PicturesSettings
from plugins.pictures.reader import read_picture

pytest.importorskip("rapidocr", reason="the extra `ocr` is not installed")
Image = pytest.importorskip("PIL.Image")
Draw = pytest.importorskip("PIL.ImageDraw")
Font = pytest.importorskip("PIL.ImageFont")


async def test_the_words_of_a_picture_are_read_offline_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "sign.png"
    draw(path, ["The ferry leaves at seven", "Bring two lanterns"])
    (piece,) = [item async for item in in_child(read_picture, path, None, PicturesSettings().limits())]
    assert isinstance(piece, Piece)
    first, second = piece.text.splitlines()
    assert "ferry leaves" in first
    assert "lanterns" in second


async def test_a_picture_without_words_is_said_to_have_none(tmp_path: Path) -> None:
    path = tmp_path / "sky.jpg"
    draw(path, [])
    with pytest.raises(FileUnreadable, match=r"I found no text in sky\.jpg\."):
        list(read_picture(path, None))


def test_what_is_no_picture_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "sign.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\nand no more")
    with pytest.raises(FileUnreadable, match="is damaged"):
        list(read_picture(path, None))


def test_a_picture_of_enormous_size_is_not_even_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    Image.new("1", (20_000, 20_000)).save(path)
    with pytest.raises(FileUnreadable, match="too many pixels"):
        list(read_picture(path, None))


def test_the_plugin_reads_the_kinds_that_phones_and_screens_make() -> None:
    (reader,) = capabilities_of([PicturesPlugin(PicturesSettings())]).readers
    assert {"image/jpeg", "image/png", "image/webp"} <= set(reader.media_types)


def draw(path: Path, lines: list[str]) -> None:
    """Make a picture of these lines."""
    image = Image.new("RGB", (900, 300), "white")
    for number, line in enumerate(lines):
        Draw.Draw(image).text((40, 40 + 100 * number), line, "black", Font.load_default(48))
    image.save(path)
