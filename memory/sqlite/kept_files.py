"""The files beside the database that wait until they can be read: where they lie, and how they go."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path


def kept_folder(database: Path) -> Path:
    """Return the folder in which each kept file has a folder of its own."""
    return database.parent / "kept"


def remove_kept(database: Path, names: Iterable[str]) -> None:
    """Remove kept files whose notes are gone. Blocking."""
    for name in names:
        shutil.rmtree(kept_folder(database) / name, ignore_errors=True)
