from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FileUnreadable
from bot.plugin import Reader
from bot.reading.incoming import IncomingFile
from bot.reading.kinds import guess_media_type, kind_of
from bot.reading.names import safe_name
from bot.reading.pieces import ReadItem
from bot.reading.reader_choice import choose, may_be_read


async def nobody(_: IncomingFile) -> AsyncIterator[ReadItem]:
    return
    yield


PDF = Reader(nobody, ("application/pdf",), (".pdf",), "pdf")
TEXT = Reader(nobody, ("text/*",), (".txt", ".py"), "text")
TABLE = Reader(nobody, ("text/csv",), (".csv",), "table")
SOUND = Reader(nobody, ("audio/*", "video/*"), (".mp3",), "sound")
READERS = (TEXT, PDF, TABLE, SOUND)


def chosen(folder: Path, name: str, data: bytes, declared: str = "") -> tuple[str, str, bool]:
    """Return which plugin reads a file, as what, and whether there is something to say of its label."""
    path = folder / name
    path.write_bytes(data)
    choice = choose(READERS, name, declared, kind_of(path))
    return choice.reader.plugin, choice.media_type, choice.note is not None


@pytest.mark.parametrize(
    ("name", "data", "declared", "expected"),
    [
        ("a.pdf", b"%PDF-1.7", "application/pdf", ("pdf", "application/pdf", False)),
        ("a.pdf", b"%PDF-1.7", "application/octet-stream", ("pdf", "application/pdf", False)),
        ("a", b"junk before %PDF-1.7", "", ("pdf", "application/pdf", False)),
        ("a.txt", b"%PDF-1.7", "text/plain", ("pdf", "application/pdf", True)),
        ("a.pdf", b"hello", "application/pdf", ("text", "text/plain", True)),
        ("a.txt", b"hello", "text/plain; charset=utf-8", ("text", "text/plain", False)),
        ("a.csv", b"a,b", "text/csv", ("table", "text/csv", False)),
        ("a.csv", b"a,b", "text/plain", ("table", "text/csv", False)),
        ("notes", b"hello", "", ("text", "text/plain", False)),
        ("a.bin", b"hello", "application/octet-stream", ("text", "text/plain", False)),
        ("a.py", b"x = 1", "application/x-unheard-of", ("text", "text/x-python", False)),
        ("voice.ogg", b"OggS\x00\x02", "audio/ogg; codecs=opus", ("sound", "audio/ogg", False)),
        ("voice.mp3", b"\xff\xfb\x90\x00\x01", "audio/mpeg", ("sound", "audio/mpeg", False)),
        ("film.mkv", b"\x1aE\xdf\xa3", "video/x-matroska", ("sound", "video/webm", False)),
        ("note.txt", b"MZ is short for Mark Zbikowski.", "text/plain", ("text", "text/plain", False)),
        ("wide.txt", "hello".encode("utf-16"), "", ("text", "text/plain", False)),
    ],
)
def test_content_decides_then_the_declared_type_then_the_name(
    tmp_path: Path, name: str, data: bytes, declared: str, expected: tuple[str, str, bool]
) -> None:
    assert chosen(tmp_path, name, data, declared) == expected


@pytest.mark.parametrize(
    ("name", "data", "declared", "sentence"),
    [
        ("a.pdf", b"\x89PNG\r\n\x1a\n", "application/pdf", "it is of the kind image/png"),
        ("a.txt", b"PK\x03\x04[Content_Types].xml word/document.xml", "text/plain", "it is a Word document"),
        ("a.bin", b"\x00\x01\x02", "application/octet-stream", r"can't read a\.bin \(application/octet-stream\)"),
        ("a.zip", b"PK\x03\x04", "application/zip", "it is a zip archive"),
    ],
)
def test_what_nobody_reads_is_said_to_be_what_it_is(
    tmp_path: Path, name: str, data: bytes, declared: str, sentence: str
) -> None:
    with pytest.raises(FileUnreadable, match=sentence):
        chosen(tmp_path, name, data, declared)


def test_only_what_may_be_read_is_looked_into() -> None:
    assert may_be_read(READERS, "a.pdf", "application/octet-stream")
    assert may_be_read(READERS, "unnamed", "application/octet-stream")
    assert not may_be_read(READERS, "a.png", "image/png")
    assert not may_be_read((), "a.txt", "text/plain")


def test_a_folder_is_a_kind_only_as_a_table(tmp_path: Path) -> None:
    assert kind_of(tmp_path).shown is None
    (tmp_path / "_delta_log").mkdir()
    assert kind_of(tmp_path).shown == "application/vnd.delta"


def test_names_say_what_they_say_on_every_machine() -> None:
    assert guess_media_type("a.MD") == "text/markdown"
    assert guess_media_type("talk.opus") == "audio/ogg"
    assert guess_media_type("README") is None


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\plan.docx", "plan.docx"),
        ("a\nb\x00.txt", "a_b_.txt"),
        ("..", "file"),
        ("", "file"),
        ("con.txt", "_con.txt"),
        ("évil\u202efdp.exe", "évil_fdp.exe"),
        (f"{'long ' * 100}.pdf", f"{('long ' * 100)[:116]}.pdf"),
    ],
)
def test_a_name_becomes_one_that_is_harmless(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_a_folder_takes(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert safe not in (".", "..")
    assert not set(safe) & set("/\\\n\0")
    assert len(safe.encode()) <= 255


def test_a_presentation_with_a_workbook_in_it_is_a_presentation(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    path = tmp_path / "talk.pptx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("ppt/presentation.xml", "<presentation/>")
        archive.writestr("ppt/embeddings/book.xlsx", inner.getvalue())

    assert str(kind_of(path).shown).endswith("presentationml.presentation")
    path.write_bytes(path.read_bytes()[:-8])  # cut: its directory is not found
    assert kind_of(path).shown is not None
