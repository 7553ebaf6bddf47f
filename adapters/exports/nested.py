"""Unpacks archives within an archive, one after the other: several exports, zipped together."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from adapters.exports.archive import ArchiveLimits, is_zip, open_files
from bot.errors import ImportRefused

MOST_ARCHIVES = 1000
PIECE = 1 << 20
LIMITS = ArchiveLimits(total=64 << 30)
"""An archive has to lie on the disk to be opened, the only thing of an export that is ever unpacked; one at a time."""


def archives_within(path: Path) -> Iterator[tuple[Path, str]]:
    """Yield each archive in an archive, as a file that is gone when the next is asked for, with its name.

    What lies in those is left alone. Raises ImportRefused for what is damaged, or holds too much.
    """
    if not is_zip(path):
        return
    with open_files(path, LIMITS) as files:
        names = [name for name in files.names() if name.lower().endswith(".zip") and not name.startswith("__MACOSX/")]
        if len(names) > MOST_ARCHIVES:
            raise ImportRefused(f"{path}: holds {len(names):,} archives; {MOST_ARCHIVES:,} are the limit")
        for name in names:
            with tempfile.TemporaryDirectory(prefix="scrubjay-archive-") as folder:
                inner = Path(folder, PurePosixPath(name.replace("\\", "/")).name)
                with closing(files.open(name)) as stream:
                    _copy(stream, inner)
                yield inner, f"{path}/{name}"


def _copy(stream: BinaryIO, target: Path) -> None:
    with target.open("wb") as file:
        while piece := stream.read(PIECE):
            file.write(piece)
