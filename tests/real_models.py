"""Real models for the tests that need them: `make models` fetches them, `real_model` finds them.

They lie in the cache folder, so that a new clone has them at once.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
from pathlib import Path

import pytest
from platformdirs import user_cache_path

from bot.configuration.settings import APP_NAME, ModelSettings
from bot.errors import ScrubjayError
from bot.models.catalogue import CATALOGUE, CatalogueEntry
from bot.models.pull import pull_model

FETCHED = tuple(entry for entry in CATALOGUE if entry.packages)
FOLDER = user_cache_path(APP_NAME, appauthor=False) / "models"


def real_model(name: str) -> Path:
    """Return a real model's file, or skip the test and say what fetches it."""
    entry = next(entry for entry in FETCHED if entry.name == name)
    path = FOLDER / entry.file
    if not path.exists():
        pytest.skip(f"{name} is not there: `make models` fetches it")
    return path


def main() -> int:
    """Fetch what is missing; 1 when something can't be had."""
    return max(asyncio.run(_fetch(entry)) for entry in FETCHED)


async def _fetch(entry: CatalogueEntry) -> int:
    path = FOLDER / entry.file
    if await asyncio.to_thread(_is_right, path, entry):
        print(f"{entry.name}: there already, {path}")  # noqa: T201 (a script)
        return 0
    print(f"{entry.name}: fetching {entry.size_gb:g} GB", flush=True)  # noqa: T201 (as above)
    try:
        await pull_model(entry.name, ModelSettings().hub, FOLDER, _untold, note=print)
    except ScrubjayError as error:
        print(f"{entry.name}: {error}", file=sys.stderr)  # noqa: T201 (as above)
        return 1
    print(f"{entry.name}: {path}")  # noqa: T201 (as above)
    return 0


def _is_right(path: Path, entry: CatalogueEntry) -> bool:
    if not path.exists():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == entry.sha256


def _untold(done: int, total: int | None) -> None:
    """Say nothing: logs keep every line."""


if __name__ == "__main__":
    sys.exit(main())
