"""Small files that grow without end: what they reach is told by its name and its setting, or they are simply read."""

from __future__ import annotations

import sys
import zipfile
import zlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter
from pyarrow import parquet

from bot.errors import FileUnreadable
from bot.reading import IncomingFile, Piece, ReadItem
from plugins.pdf.plugin import PdfPlugin, PdfSettings
from plugins.tables.plugin import TablesPlugin
from plugins.text.plugin import TextPlugin
from plugins.web.plugin import WebPlugin
from tests.plugins.text import text_files as made

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds memory and tells why it ran out")
Read = Callable[[IncomingFile], AsyncIterator[ReadItem]]
TEXT = TextPlugin(TextPlugin.Settings(memory_mb=256, cpu_seconds=20)).read


async def read(reader: Read, path: Path) -> list[str]:
    file = IncomingFile(path, path.name, "", 1000, "https://harbour.example/")
    return [item.text async for item in reader(file) if isinstance(item, Piece)]


async def refusal(reader: Read, path: Path) -> str:
    with pytest.raises(FileUnreadable) as caught:
        await read(reader, path)
    return str(caught.value)


def memory(name: str, plugin: str) -> str:
    setting = f"plugins.settings.{plugin}.memory_mb in the settings"
    return f"{name} can't be read: it needs more than 256 MB of memory ({setting})."


def pdf(*objects: bytes) -> bytes:
    """Return a PDF file of one page with these objects behind it, from number 4 on; readers mend its missing table."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"
    numbered = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, *objects)
    body = b"".join(b"%d 0 obj\n%b\nendobj\n" % (number, each) for number, each in enumerate(numbered, 1))
    return b"%PDF-1.7\n" + body + b"trailer<</Size %d/Root 1 0 R>>\n%%%%EOF" % (len(numbered) + 1)


def stream(head: bytes, data: bytes) -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (head, len(data), data)


async def test_a_stream_that_is_packed_twice_reaches_the_memory_limit(tmp_path: Path) -> None:
    packed = zlib.compress(zlib.compress(b" " * (400 << 20), 1))
    path = tmp_path / "flate.pdf"
    path.write_bytes(pdf(stream(b"/Filter[/FlateDecode/FlateDecode]", packed), b"<<>>"))
    assert len(packed) < 50_000
    assert await refusal(PdfPlugin(PdfSettings(memory_mb=256)).read, path) == memory("flate.pdf", "pdf")


def nested_forms() -> bytes:
    """Return a file of which ten forms are shown, in each of which ten are shown, and so on, to ten billion."""
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"
    shown = b"/X Do " * 10
    forms = [stream(form + b"/Resources<</XObject<</X %d 0 R>>>>" % number, shown) for number in range(6, 14)]
    return pdf(stream(b"", shown), *forms, stream(form, b"0 0 9 9 re f " * 10))


async def test_forms_within_forms_reach_the_memory_limit(tmp_path: Path) -> None:
    path = tmp_path / "form.pdf"
    path.write_bytes(nested_forms())
    assert await refusal(PdfPlugin(PdfSettings(memory_mb=256)).read, path) == memory("form.pdf", "pdf")


async def test_what_takes_too_long_is_told_with_its_setting(tmp_path: Path) -> None:
    path = tmp_path / "form.pdf"
    path.write_bytes(nested_forms())
    told = await refusal(PdfPlugin(PdfSettings(memory_mb=100_000, max_seconds=1)).read, path)
    setting = "plugins.settings.pdf.max_seconds in the settings"
    assert told == f"form.pdf takes too long to read: more than 1 seconds of work ({setting})."


async def test_a_sheet_of_two_cells_far_apart_is_read(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "here")
        sheet.write(1_048_575, 16_383, "there")
    assert await read(TEXT, path) == ["here", "there"]


async def test_a_cell_that_is_larger_than_the_memory_reaches_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "cell.parquet"
    parquet.write_table(pa.table({"what": ["x" * (400 << 20)]}), path, compression="zstd")
    reader = TablesPlugin(TablesPlugin.Settings(memory_mb=256)).read
    assert await refusal(reader, path) == memory("cell.parquet", "tables")


async def test_a_book_that_names_a_chapter_without_end_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "loop.epub"
    path.write_bytes(made.epub_file())
    once = await read(TEXT, path)
    with zipfile.ZipFile(path) as book:
        members = {name: book.read(name) for name in book.namelist()}
    (package,) = (name for name in members if name.endswith(".opf"))
    spine = members[package].partition(b"<itemref")[2].partition(b"/>")[0]
    members[package] = members[package].replace(b"</spine>", (b"<itemref" + spine + b"/>") * 100_000 + b"</spine>")
    write_zip(path, members)
    assert once
    assert await read(TEXT, path) == once


@pytest.mark.parametrize("span", ["999999999", "-5", "many", "9" * 400])
async def test_a_cell_that_spans_a_billion_columns_is_read(tmp_path: Path, span: str) -> None:
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr><w:p><w:r><w:t>wide</w:t></w:r></w:p></w:tc>'
    table = f"<w:tbl><w:tblPr/><w:tblGrid/><w:tr>{cell}</w:tr></w:tbl>".encode()
    path = tmp_path / "span.docx"
    path.write_bytes(made.docx_file())
    with zipfile.ZipFile(path) as document:
        members = {name: document.read(name) for name in document.namelist()}
    members["word/document.xml"] = members["word/document.xml"].replace(b"<w:sectPr", table + b"<w:sectPr", 1)
    write_zip(path, members)
    assert "wide" in await read(TEXT, path)


def write_zip(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


async def test_a_tag_with_400_000_attributes_is_read_without_them(tmp_path: Path) -> None:
    sentence = "The ferries will leave at seven from next week on, the harbour authority said on Monday to the press."
    attributes = " ".join(f"a{number}=1" for number in range(400_000))
    page = f"<html><head><title>T</title></head><body><article><p {attributes}>{sentence}</p></article></body></html>"
    path = tmp_path / "many.html"
    path.write_text(page, "utf-8")
    assert await read(TEXT, path) == [sentence]
    assert await read(WebPlugin(WebPlugin.Settings()).read_article, path) == [sentence]


@pytest.mark.parametrize(
    "mail",
    [
        b"From: a@b.example\nSubject: x\nContent-Type: text/plain; charset=punycode\n\n" + b"abcd" * 400_000 + b"\xe9",
        b"From: a@b.example\nSubject: =?punycode?q?" + b"abcd" * 400_000 + b"?=\n\nhello",
        b"From: a@b.example\nSubject: " + b"=?utf-8?q?a?= " * 100_000 + b"\n\nhello",
    ],
)
async def test_a_mail_that_is_encoded_to_take_for_ever_is_read(tmp_path: Path, mail: bytes) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(mail)
    assert len(await read(TEXT, path)) >= 2
