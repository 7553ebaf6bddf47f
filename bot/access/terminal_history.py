"""The lines that the owner has typed in the terminal, kept for the arrow keys: forgotten with what they say."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

HISTORY = "chat-history.txt"
"""The file in the data folder, as prompt_toolkit writes it: a blank line, a comment with the time, lines with "+"."""
_ENTRY = re.compile(r"\n# [^\n]*\n(?:\+[^\n]*\n)*")
_SHORTEST = 6  # characters: a shorter text has to be all that was typed, as it is in many other lines too
_COMMAND = re.compile(r"/\w+\s+")


def forget_typed(folder: Path, texts: Sequence[str]) -> None:
    """Remove what was typed and says one of these texts, or a line of one. Blocking; no half-written file is left."""
    file = folder / HISTORY
    parts = {_fold(line) for text in texts for line in (text, *text.splitlines())} - {""}
    try:
        before = file.read_text("utf-8", errors="surrogateescape")
    except OSError:
        return  # nobody has typed anything here
    after = _ENTRY.sub(lambda entry: "" if _says_one(_fold(_read_typed(entry[0])), parts) else entry[0], before)
    if after != before:
        part = file.with_name(f".{file.name}.part")
        private = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(private, "w", encoding="utf-8", errors="surrogateescape") as new:
            new.write(after)
        part.replace(file)


def forget_all_typed(folder: Path) -> None:
    """Remove all that was typed. Blocking."""
    (folder / HISTORY).unlink(missing_ok=True)


def _says_one(typed: str, parts: Iterable[str]) -> bool:
    whole = {typed, _COMMAND.sub("", typed, count=1)}
    return any(part in typed if len(part) >= _SHORTEST else part in whole for part in parts)


def _read_typed(entry: str) -> str:
    return "\n".join(line[1:] for line in entry.splitlines() if line.startswith("+"))


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())
