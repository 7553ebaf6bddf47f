"""Importing a WhatsApp history with embeddings, against the bare embedder on the very same texts."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.chat_file import write_chat
from benchmarks.importing import import_chat
from benchmarks.measuring import Row, Setup, by_round, interleaved
from memory.embedders import Embedder, Vectors

AT_LEAST = 0.9


class _RecordingEmbedder:
    """Keeps the texts that it is given, which are more than the messages: each has its window."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.identity = embedder.identity
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return a vector for each text."""
        self.texts += texts
        return self._embedder.embed(texts)

    def embed_query(self, text: str) -> Vectors:
        """Return a vector for a question."""
        return self._embedder.embed_query(text)


async def measure(setup: Setup) -> list[Row]:
    """Measure."""
    count = setup.size(2000, 200)
    chat = write_chat(setup.folder / "embedded.txt", count)
    database = setup.folder / "embedded.db"
    recording = _RecordingEmbedder(setup.embedder)
    await import_chat(chat, database, recording, embed=True)
    texts = recording.texts

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
