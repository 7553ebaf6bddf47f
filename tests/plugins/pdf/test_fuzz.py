from __future__ import annotations

import asyncio
import functools
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading import ChildLimits, FileUnreadable, Piece, in_child
from plugins.pdf.options import PdfOptions
from tests.plugins.pdf import documents
from tests.plugins.pdf.fuzzed import read_folder
from tests.plugins.pdf.raw import one_page, saying

LIMITS = ChildLimits(memory_mb=600, cpu_seconds=60, silent_seconds=60)
WORDS = [b"obj", b"endobj", b"stream", b"endstream", b"/Kids", b"/Count", b"/Length", b"/Parent", b"xref", b"trailer",
         b"/Contents", b"/MediaBox", b"/Font", b"0 R", b"<<", b">>", b"[", b"]", b"-1", b"99999999999", b"%PDF-", b"BT",
         b"Tj", b"/Prev 0", b"/Encrypt 1 0 R", b"/ObjStm", b"\0"]  # fmt: skip


@functools.cache
def valid() -> tuple[bytes, ...]:
    """Return files to damage, small ones of many kinds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "valid.pdf"
        made = [one_page(saying(b"Hello"))]
        for kind in (documents.table, documents.asian, documents.hyphenated, documents.two_columns):
            kind(path)
            made.append(path.read_bytes())
        documents.encrypted(path, "")
        made.append(path.read_bytes())
        documents.scanned(path, ["Some text.", ["A picture"]])
        return (*made, path.read_bytes())


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    data = bytearray(draw(st.sampled_from(valid())))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        length = draw(st.sampled_from([0, 1, 4, 20, 200]))
        match draw(st.sampled_from(["bytes", "word", "cut", "copy", "end", "swap"])):
            case "bytes":
                data[at : at + length] = draw(st.binary(min_size=length, max_size=length))
            case "word":
                data[at:at] = draw(st.sampled_from(WORDS))
            case "cut":
                del data[at : at + length]
            case "copy":
                data[at:at] = data[at : at + length]
            case "end":
                del data[max(at, 20) :]
            case _:
                one, other = draw(st.sampled_from(WORDS)), draw(st.sampled_from(WORDS))
                data = bytearray(bytes(data).replace(one, other, draw(st.integers(1, 3))))
    return bytes(data)


@settings(max_examples=12)
@given(st.lists(damaged(), min_size=12, max_size=12))
def test_a_damaged_file_is_read_or_refused_with_its_name(files: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, data in enumerate(files):
            (folder / f"{number:02}.pdf").write_bytes(data)
        told, end = asyncio.run(outcomes(folder))
        # PDFium itself may fall over one of them: then the child is gone, and nothing else.
        assert len(told) == len(files) if end is None else "its reader crashed over it" in end
        for number, piece in enumerate(told):
            assert piece.locator == "read" or f"{number:02}.pdf" in piece.text


async def outcomes(folder: Path) -> tuple[list[Piece], str | None]:
    """Return what came of the files, and what is said if that is not all of them."""
    told: list[Piece] = []
    try:
        async for item in in_child(read_folder, folder, PdfOptions(ocr=False, most_pages=50), LIMITS):
            if isinstance(item, Piece):
                told.append(item)  # noqa: PERF401 (those before an error count)
    except FileUnreadable as error:
        return told, str(error)
    return told, None
