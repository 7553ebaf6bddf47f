"""Writes a generated chat as the text file that WhatsApp exports."""

from __future__ import annotations

from pathlib import Path

from benchmarks.corpus import Corpus


def write_chat(path: Path, messages: int) -> Path:
    """Write a chat of `messages` messages to `path`."""
    corpus = Corpus(messages)
    with path.open("w", encoding="utf-8") as file:
        entries = sorted((entry for chat in corpus.chats for entry in corpus.entries(chat)), key=lambda e: e.said_at)
        for entry in entries:
            file.write(f"{entry.said_at:%d/%m/%Y, %H:%M} - {entry.author}: {entry.text}\n")
    return path
