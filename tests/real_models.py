"""Real models for the tests that need them: `make models` fetches them, `real_model` finds them.

They lie in the cache folder, so that a new clone has them at once.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from platformdirs import user_cache_path

from bot.configuration.settings import APP_NAME, ModelSettings
from bot.errors import ScrubjayError
from bot.models.catalogue import CATALOGUE, CatalogueEntry
from bot.models.llama import LlamaModel, LlamaSettings
from bot.models.pull import pull_model

FETCHED = tuple(entry for entry in CATALOGUE if entry.packages)
FOLDER = user_cache_path(APP_NAME, appauthor=False) / "models"
ALONE = "PYTEST_XDIST_WORKER" not in os.environ
"""Whether tests run one by one (`pytest -m real_model`), and not two at a time (`make test`)."""
THREADS = None if ALONE else 1


def real_model(name: str) -> Path:
    """Return a real model's file, or skip the test and say what fetches it."""
    entry = next(entry for entry in FETCHED if entry.name == name)
    path = FOLDER / entry.file
    if not path.exists():
        pytest.skip(f"{name} is not there: `make models` fetches it")
    return path


def real_settings(name: str) -> LlamaSettings:
    """Return the settings of a real model: one thread where tests run side by side.

    Threads of one model wait for each other; those of two models on two cores take several times as long as one each.
    """
    return LlamaSettings(real_model(name), threads=THREADS)


def need_time() -> None:
    """Skip a test that reads for ten minutes on one thread of an old processor, unless tests run one by one."""
    if not ALONE:
        pytest.skip("takes too long beside other tests: `pytest -m real_model` runs it")


def sample(items: Sequence[dict[str, Any]], count: int) -> Sequence[dict[str, Any]]:
    """Return `count` of the items at equal distances where tests run side by side; all where they run one by one."""
    return items if ALONE else items[:: -(-len(items) // count)]


@contextmanager
def open_real_model(name: str) -> Iterator[LlamaModel]:
    """Open a real model for all tests of a module: it takes seconds and 2 GB, and reads the rules of a prompt once."""
    model = LlamaModel(real_settings(name))
    _run(model.__aenter__())
    try:
        yield model
    finally:
        _run(model.__aexit__(None, None, None))


def _run(work: Coroutine[object, object, object]) -> None:
    """Run it in a thread, since each test has an event loop of its own, and the model belongs to none of them."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


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
