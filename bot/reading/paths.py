"""The files at a path: a folder's, down to the last, without what no person put there to be read."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from pathlib import Path

from bot.errors import FileUnreadable
from bot.translation import gettext

_TEMPORARY = (".tmp", ".part", ".partial", ".crdownload", ".download", ".swp", ".swx", ".lock", "~")
_LEFT_OUT = frozenset({"__pycache__", "node_modules", "__MACOSX"})


def expand_path(pattern: str) -> list[Path]:
    """Return what a path or a pattern such as "notes/*.md" stands for. Raises FileUnreadable when that is nothing."""
    path = Path(pattern).expanduser()
    if path.exists():
        return [Path(os.path.abspath(path))]  # noqa: PTH100 (links stay as they are: the source is what was named)
    found = _match(path) if glob.has_magic(pattern) else []
    if not found:
        raise FileUnreadable(gettext("{pattern} does not exist.", pattern=pattern))
    return [Path(os.path.abspath(each)) for each in found]  # noqa: PTH100 (as above)


def _match(pattern: Path) -> list[Path]:
    """Return what a pattern matches, each file once; `**` follows no link to a folder: none leads in a circle."""
    start = Path(pattern.anchor)
    named = set(pattern.parts)
    found = sorted(
        path
        for path in start.glob(str(pattern.relative_to(start)))
        if all(part in named or is_wanted(part) for part in path.parts)
    )
    return list({os.path.realpath(path): path for path in reversed(found)}.values())[::-1]


def files_under(path: Path) -> Iterator[Path]:
    """Yield a file, or the files of a folder in the order of their names; what can't be looked into is left out.

    Links to folders are not followed, so that none leads in a circle. A Delta table is one file.
    """
    if not path.is_dir() or is_table(path):
        yield path
        return
    for folder, folders, names in os.walk(path):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if is_wanted(name))
        tables = [name for name in folders if is_table(here / name)]
        folders[:] = [name for name in folders if name not in tables]
        yield from (here / name for name in tables)
        yield from (here / name for name in sorted(names) if is_wanted(name) and os.path.isfile(here / name))  # noqa: PTH113 (says no, and raises nothing, where it may not look)


def is_wanted(name: str) -> bool:
    """Whether a file or folder may be meant to be read: neither hidden, nor a program's own, nor half written."""
    return not name.startswith((".", "~$")) and not name.endswith(_TEMPORARY) and name not in _LEFT_OUT


def is_table(path: Path) -> bool:
    """Whether a folder is a Delta table."""
    return os.path.isdir(path / "_delta_log")  # noqa: PTH112 (says no, and raises nothing, where it may not look)
