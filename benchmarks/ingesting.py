"""Ingesting a long PDF, from its bytes to the last vector, against the bare embedder on the same passages."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from benchmarks.measuring import Row, Setup, by_round, interleaved
from benchmarks.vocabulary import vocabulary
from bot.hosting.running import RunningPlugins
from bot.pipeline.metrics import Metrics
from bot.reading.incoming import IncomingFile
from bot.reading.library import documents_of
from bot.reading.reading import Destination, Reading
from memory import Memory, Scope, Selection
from memory.embedders import Embedder
from plugins.pdf.plugin import PdfPlugin

_TARGET = 0.9
_LINES = 38
_WORDS_A_LINE = 13
_NOW = datetime(2024, 5, 3, tzinfo=UTC)


async def measure(setup: Setup) -> list[Row]:
    """Compare the seconds that both take for all passages of one file."""
    pages = setup.size(1000, 20)
    file = _written(setup.folder / "report.pdf", pages)
    texts = await _ingest(file, setup.folder / "ingested.db", setup.embedder)
    ours, bare = await interleaved(
        partial(_ingest, file, setup.folder / "ingested.db", setup.embedder),
        partial(_embed, texts, setup.embedder),
        setup.size(2, 1),
    )
    speed = by_round(bare, ours)
    return [
        Row(
            f"ingesting a PDF of {pages:,} pages ({len(texts):,} passages), passages/s",
            ours.rate(len(texts)),
            f"the bare embedder, the same texts: {bare.rate(len(texts))}",
            speed.shown(),
            f"≥ {_TARGET}",
            speed.median >= _TARGET,
        )
    ]


async def _ingest(file: Path, database: Path, embedder: Embedder) -> list[str]:
    """Read the file into a new memory and embed it all; return what was embedded."""
    size = await asyncio.to_thread(lambda: file.stat().st_size)
    for old in database.parent.glob(f"{database.name}*"):
        old.unlink()
    async with Memory.open(database, embedder) as memory, RunningPlugins([PdfPlugin()], "", Metrics()) as plugins:
        owner = await memory.people.ensure("console", "owner", "me")
        destination = Destination(await documents_of(memory, owner.id), owner.id, _NOW)
        incoming = IncomingFile(file, file.name, "application/pdf", size, str(file))
        async with memory.embeddings.embed_in_background():
            outcome = await Reading(memory, plugins).read(incoming, destination)
        await memory.embeddings.embed_pending()
        if await memory.embeddings.count_pending():
            raise RuntimeError("passages are left without a vector")
        everything = Selection(kinds=("document",))
        found = await memory.passages.select(Scope.all(), everything, limit=outcome.passages, newest_first=False)
    return [f"{file.name}: {each.text}\n3 May 2024" for each in found]


async def _embed(texts: list[str], embedder: Embedder) -> None:
    embedder.embed(texts)


def _written(path: Path, pages: int) -> Path:
    """Write a report of full pages, in words of everyday and invented ones."""
    chance = random.Random(7)
    words = vocabulary(4000)
    canvas = Canvas(str(path), pagesize=A4)
    for number in range(1, pages + 1):
        text = canvas.beginText(60, 780)
        text.setFont("Helvetica", 10)
        for line in range(_LINES):
            said = " ".join(chance.choices(words, k=_WORDS_A_LINE))
            text.textLine(f"{said.capitalize()}." if line % 3 == 0 else said)
        canvas.drawText(text)
        canvas.drawRightString(540, 40, f"{number}")
        canvas.showPage()
    canvas.save()
    return path
