"""Finds the exports that a user means by a path, and the format that reads each."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.metadata import entry_points
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from adapters.exports.archive import is_zip, open_files
from adapters.exports.decoding import decode_head
from adapters.exports.nested import archives_within
from adapters.exports.parsed import ExportFormat
from adapters.exports.recognition import describe_columns, recognise
from bot.errors import ImportRefused
from bot.translation import gettext, gettext_noop

GROUP = "scrubjay.exports"
PLAIN = "plain"
HEAD_BYTES = 4096


class RecognisedApp(ImportRefused):
    """Raised for a file of an app that is known and can't be read as it is; it says what to choose there."""


class ExportSource(NamedTuple):
    """An export, and what reads it; `shown` is what to call it where its path tells people nothing."""

    path: Path
    format: ExportFormat
    shown: str = ""


def installed_formats() -> tuple[ExportFormat, ...]:
    """Return every format that is installed, ours and those of other packages, by name.

    The plain one comes last: its columns and keys are such that others have some of them too.
    """
    ordered = sorted(entry_points(group=GROUP), key=lambda entry: (entry.name == PLAIN, entry.name))
    return tuple(entry.load()() for entry in ordered)


_MEMBERS_TRIED = 100
"""Members of an archive that are opened to tell why none of it can be read."""
_FILES_TRIED = 500
"""Files of a folder that are looked at to tell which app they are from."""


def expand(pattern: str) -> list[Path]:
    """Return what a path stands for: itself, or what fits it when it has wildcards that the shell left alone."""
    path = Path(pattern).expanduser()
    if os.path.lexists(path) or not glob.has_magic(pattern):
        return [path]
    found = sorted(Path(name) for name in glob.glob(str(path), recursive=True))  # noqa: PTH207 (handles absolute patterns)
    if not found:
        raise ImportRefused(gettext("{pattern}: no file fits this pattern", pattern=pattern))
    return found


def find_missing(patterns: Sequence[str]) -> list[str]:
    """Return why paths stand for nothing at all, a sentence for each; nothing else is opened to tell that."""
    missing = []
    for pattern in patterns:
        try:
            missing += [_no_file(path) for path in expand(pattern) if not os.path.lexists(path)]
        except ImportRefused as error:
            missing.append(str(error))
    return missing


def _no_file(path: Path) -> str:
    return gettext("{file}: there is no such file; check its name", file=path)


def find_sources(path: Path, formats: Sequence[ExportFormat]) -> Iterator[ExportSource]:
    """Yield the exports at `path`: a file, a folder or archive that is one, or those in a folder or archive.

    One from within an archive can be read until the next is asked for. Raises ImportRefused when there is none, and
    says why.
    """
    source = detect(path, formats)
    if source is not None:
        yield source
        return
    found = False
    for file, shown in _within(path):
        source = detect(file, formats)
        if source is not None:
            found = True
            yield source._replace(shown=shown)
    if not found and (advice := _find_advice(path)):
        raise RecognisedApp(advice)
    if not found and not path.is_dir():
        raise ImportRefused(why_refused(path, formats))
    if not found:
        raise ImportRefused(_name_supported(gettext("{path}: this folder holds no chat export", path=path), formats))


def detect(path: Path, formats: Sequence[ExportFormat]) -> ExportSource | None:
    """Return the source when one of the formats knows its content."""
    if not path.exists():
        return None
    for candidate in formats:
        if candidate.sniff(path):
            return ExportSource(path, candidate)
    return None


def list_formats(formats: Sequence[ExportFormat]) -> str:
    """Return the names of the formats, for people."""
    return ", ".join(candidate.label for candidate in formats)


def why_refused(path: Path, formats: Sequence[ExportFormat]) -> str:
    """Return why no format takes this file, and what to do."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except FileNotFoundError:
        return _no_file(path)
    except OSError as error:
        return gettext("{file} can't be read: {error}", file=path, error=error.strerror)
    if not head:
        return gettext("{path}: the file is empty; export the chat again", path=path)
    if head.startswith(b"PK"):
        return _why_unopened(path) or (
            _name_supported(gettext("{path}: this archive holds no chat that can be read", path=path), formats)
        )
    if columns := describe_columns(decode_head(head), _want_columns):
        return f"{path}: {columns}"
    is_binary = b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))
    binary = gettext_noop("{path}: this is a binary file, not a chat export")
    unknown = gettext_noop("{path}: this is not a chat export of a known kind")
    return _name_supported(gettext(binary if is_binary else unknown, path=path), formats)


def _name_supported(why: str, formats: Sequence[ExportFormat]) -> str:
    return gettext("{why}; supported are {formats}", why=why, formats=list_formats(formats))


def _why_unopened(archive: Path) -> str | None:
    """Return why an archive, or one of its first files, can't be opened; None where it can."""
    try:
        with open_files(archive) as files:
            for name in files.names()[:_MEMBERS_TRIED]:
                files.open(name).close()
    except ImportRefused as error:
        return str(error) if str(archive) in str(error) else f"{archive}: {error}"
    return None


def _find_advice(path: Path) -> str | None:
    """Return what to do with a file of a known app, or with the first such file in a folder."""
    for file in islice(_files_below(path), _FILES_TRIED) if path.is_dir() else [path]:
        with suppress(OSError, ImportRefused):
            with file.open("rb") as stream:
                head = stream.read(HEAD_BYTES)
            names: list[str] = []
            if is_zip(file):
                with open_files(file) as files:
                    names = files.names()
            if advice := recognise(file.name, head, names):
                return f"{file}: {advice}"
    return None


def _want_columns(found: str) -> str:
    return (
        f"a table with the columns {found} is not known; name the columns author, sent_at and text, and where you "
        "have them conversation and attachments (docs/histories.md)"
    )


def _within(path: Path) -> Iterator[tuple[Path, str]]:
    """Yield what may be an export in a folder or an archive, and what to call it."""
    if path.is_dir():
        yield from ((file, str(file)) for file in _files_below(path))
    elif path.is_file():
        yield from archives_within(path)


def _files_below(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(parent, name) for name in sorted(names) if not name.startswith("."))
