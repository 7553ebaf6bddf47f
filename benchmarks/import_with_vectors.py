"""Importing a WhatsApp history with embeddings, against the bare embedder on the very same texts."""

from __future__ import annotations

from benchmarks.chat_file import write_chat
from benchmarks.importing import import_chat
from benchmarks.measuring import Row, Setup, by_round, interleaved
from memory.sqlite.store import Store
from memory.sqlite.windows import windows

AT_LEAST = 0.9


async def measure(setup: Setup) -> list[Row]:
    """Measure."""
    count = setup.size(2000, 200)
    chat = write_chat(setup.folder / "embedded.txt", count)
    database = setup.folder / "embedded.db"
    await import_chat(chat, database, setup.embedder, embed=False)
    async with Store.open(database) as store, store.reading() as connection:
        ids = [row[0] for row in await connection.execute_fetchall("SELECT id FROM passages")]
        texts = [row.window() for row in await windows(connection, ids)]

    async def ours() -> None:
        await import_chat(chat, database, setup.embedder, embed=True)

    async def bare() -> None:
        setup.embedder.embed(texts)

    imported, embedded = await interleaved(ours, bare, setup.size(3, 1))
    ratio = by_round(embedded, imported)
    return [
        Row(
            f"import of {count:,} WhatsApp messages with embeddings, messages/s",
            imported.rate(count),
            f"bare embedder, the same texts: {embedded.rate(count)}",
            ratio.shown(),
            f"≥ {AT_LEAST}",
            ratio.median >= AT_LEAST,
        )
    ]
