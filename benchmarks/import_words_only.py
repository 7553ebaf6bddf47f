"""Importing a WhatsApp history with the vectors left for later, against SQLite taking the same rows."""

from __future__ import annotations

import contextlib

from benchmarks.chat_file import write_chat
from benchmarks.importing import import_chat
from benchmarks.measuring import Row, Setup, by_round, interleaved
from memory.sqlite.database import connect

PER_SECOND = 20_000


async def measure(setup: Setup) -> list[Row]:
    """Measure."""
    count = setup.size(50_000, 5000)
    chat = write_chat(setup.folder / "words.txt", count)
    database = setup.folder / "words.db"
    plain = setup.folder / "plain.db"
    await import_chat(chat, database, setup.embedder, embed=False)
    with contextlib.closing(connect(database, read_only=True)) as connection:
        rows = connection.execute("SELECT * FROM passages").fetchall()

    async def ours() -> None:
        await import_chat(chat, database, setup.embedder, embed=False)

    async def limit() -> None:
        plain.unlink(missing_ok=True)
        with contextlib.closing(connect(plain)) as connection:
            marks = ", ".join("?" * len(rows[0]))
            columns = ", ".join(f"c{number}" for number in range(len(rows[0])))
            connection.execute(f"CREATE TABLE plain ({columns})")
            connection.execute("BEGIN")
            connection.executemany(f"INSERT INTO plain VALUES ({marks})", rows)  # noqa: S608 (question marks)
            connection.execute("COMMIT")

    imported, inserted = await interleaved(ours, limit, setup.size(3, 1))
    rate = count / imported.median
    return [
        Row(
            f"import of {count:,} WhatsApp messages without embeddings (parsed, threaded, indexed), messages/s",
            imported.rate(count),
            f"SQLite, the same rows in a table without any index: {inserted.rate(count)}",
            by_round(inserted, imported).shown(),
            f"≥ {PER_SECOND:,}/s",
            rate >= PER_SECOND,
        )
    ]
