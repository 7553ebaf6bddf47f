"""The text of PDF files, and how soon it is read, against poppler's pdftotext."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path
from unicodedata import normalize

import pypdfium2 as pdf

from benchmarks.measuring import Row, Run, Setup, by_round, interleaved
from bot.reading import Piece, in_child
from plugins.pdf.options import PdfOptions
from plugins.pdf.plugin import ACCESS, PdfSettings
from plugins.pdf.reader import read_pdf
from tests.plugins.pdf import documents
from tests.plugins.pdf.told import whole_text

_SAME = 0.99
_SPEED = 0.5
_OPTIONS = PdfOptions(repeated_lines=True, ocr=False)


async def measure(setup: Setup) -> list[Row]:
    """Compare words and their order on each kind of file, then the time for long files of all kinds."""
    folder = setup.folder / "pdf"
    folder.mkdir()
    files = {name: folder / f"{number}.pdf" for number, name in enumerate(documents.READING_ORDER)}
    for name, path in files.items():
        documents.READING_ORDER[name](path)
    tabular = folder / "table.pdf"
    documents.table(tabular)
    long = [documents.repeated(path, setup.size(500, 4)) for path in (*files.values(), tabular)]
    dense = folder / "dense.pdf"
    documents.many_pages(dense, setup.size(1000, 20))
    peer = shutil.which("pdftotext")
    if peer is None:
        print("pdftotext is not installed: its text is not compared, and PDFium takes its place", file=sys.stderr)
    same = [] if peer is None else [await _sameness(peer, files, tabular)]
    kinds = f"{len(long)} kinds of PDF files, {setup.size(500, 4)} pages each"
    return [
        *same,
        await _speed(setup, kinds, long, peer),
        await _speed(setup, "a PDF file of full pages", [dense], peer),
    ]


async def _sameness(peer: str, files: dict[str, Path], tabular: Path) -> Row:
    found = {name: _alike(await _text(path), await _peer_text(peer, path)) for name, path in files.items()}
    found["table"] = _alike(await _text(tabular), await _peer_text(peer, tabular, "-layout"))
    worst = min(found, key=found.__getitem__)
    return Row(
        f"text of {len(found)} kinds of PDF files, words in the same order",
        f"{sum(found.values()) / len(found):.4f}, the least {found[worst]:.4f} ({worst})",
        "pdftotext; of a table, pdftotext -layout: 1",
        "",
        f"≥ {_SAME}",
        found[worst] >= _SAME,
    )


def _alike(ours: str, other: str) -> float:
    a, b = (normalize("NFKC", text).replace("|", " ").split() for text in (ours, other))
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


async def _speed(setup: Setup, what: str, files: Sequence[Path], peer: str | None) -> Row:
    other: Run = partial(_bare, files) if peer is None else partial(_peer_texts, peer, files)
    ours, theirs = await interleaved(partial(_texts, files), other, setup.size(2, 1))
    with_ = "PDFium alone, its own order" if peer is None else "pdftotext"
    pages = sum(len(pdf.PdfDocument(path)) for path in files)
    ratio = by_round(theirs, ours)
    return Row(
        f"reading {what}, pages/s on {os.cpu_count()} processors",
        ours.rate(pages),
        f"{with_}: {theirs.rate(pages)}",
        ratio.shown(),
        f"≥ {_SPEED}" if peer else "measured only",
        ratio.median >= _SPEED if peer else None,
    )


async def _text(path: Path) -> str:
    items = in_child(read_pdf, path, _OPTIONS, PdfSettings().limits(path.stat().st_size), ACCESS)  # noqa: ASYNC240 (a moment)
    return whole_text([item async for item in items if isinstance(item, Piece)])


async def _texts(files: Sequence[Path]) -> None:
    for path in files:
        if not await _text(path):
            raise RuntimeError(f"nothing was read of {path.name}")


async def _peer_text(peer: str, path: Path, *options: str) -> str:
    command = ("nice", "-n", "10", peer, *options, str(path), "-")  # files are read at this priority
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    text, _ = await process.communicate()
    return text.decode()


async def _peer_texts(peer: str, files: Sequence[Path]) -> None:
    for path in files:
        await _peer_text(peer, path)


async def _bare(files: Sequence[Path]) -> None:
    for path in files:
        with pdf.PdfDocument(path) as document:
            for page in document:
                page.get_textpage().get_text_range()
                page.close()
