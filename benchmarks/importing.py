"""Imports the way the command does, for the measurements of importing."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

from adapters.exports.gc_tuning import collecting_rarely
from adapters.exports.parsed import ParseOptions
from adapters.exports.run import ImportOptions, ImportOutcome, ImportRun
from adapters.exports.whatsapp.export import WhatsApp
from bot.context import Histories
from memory import Memory
from memory.embedders import Embedder


class Unwatched:
    """Progress that nobody looks at."""

    def begin_chat(self, title: str) -> None:
        """Take no notice."""

    def add_stored(self, messages: int) -> None:
        """Take no notice."""

    def begin_embedding(self, passages: int) -> None:
        """Take no notice."""

    def add_embedded(self, passages: int) -> None:
        """Take no notice."""


async def import_chat(chat: Path, database: Path, embedder: Embedder, *, embed: bool) -> int:
    """Import a WhatsApp file into a new database; return how many messages came in. Raises RuntimeError for none."""
    for old in database.parent.glob(f"{database.name}*"):
        old.unlink()
    outcome = ImportOutcome()
    async with Memory.open(database, embedder) as memory:
        owner = await memory.people.ensure("console", "owner", "me")
        options = ImportOptions(ParseOptions(UTC, "dmy"), embed=embed)
        with collecting_rarely():
            run = ImportRun(Histories(memory), owner, [WhatsApp()], options, Unwatched())
            await run.import_paths([str(chat)], outcome)
    if outcome.refusals or not outcome.reports:
        raise RuntimeError(f"nothing was imported: {outcome.refusals}")
    return sum(report.new for report in outcome.reports)
