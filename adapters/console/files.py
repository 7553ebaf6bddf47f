"""Files that come with replies in the console: saved in a folder, under names that overwrite nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from bot.events import OutFile

_NAME_CHARS = 120
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


def save_all(files: Iterable[OutFile], folder: Path) -> list[str]:
    """Save files, and return a line for each: where it is, or why it is not."""
    return [_save_or_explain(file, folder) for file in files]


def _save_or_explain(file: OutFile, folder: Path) -> str:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return f"Saved: {_save_new(file, folder)}"
    except OSError as error:
        return f"{file.name} can't be saved in {folder}: {error.strerror}"


def _save_new(file: OutFile, folder: Path) -> Path:
    """Write a file under its own name, or with the first number behind it that is free."""
    name = Path(_UNSAFE.sub("_", file.name).strip(". ")[-_NAME_CHARS:] or "file")
    number = 1
    while True:
        path = folder / (name.name if number == 1 else f"{name.stem} ({number}){name.suffix}")
        try:
            with open(path, "xb", opener=_create) as opened:
                opened.write(file.data)
        except FileExistsError:
            number += 1
        else:
            return path


def _create(path: str, flags: int) -> int:
    """Open a file that is as private as the memory which it came from."""
    return os.open(path, flags, 0o600)
