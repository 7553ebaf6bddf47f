"""Files in the console: a line that begins with the path of one sends it, as dropping a file on a terminal types it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Collection
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bot.errors import AttachmentError
from bot.events import Attachment
from bot.reading import UNKNOWN_MEDIA_TYPE, guess_media_type
from bot.translation import gettext

_BYTES = 1 << 18
_QUOTED = re.compile(r"""(?:"([^"]+)"|'([^']+)')(?=\s|\Z)""")
_BARE = re.compile(r"(?:[^\s\\]|\\.)+")
_ESCAPED = re.compile(r"\\(.)")
_LIKE_PATH = re.compile(r"(?:~|\.{1,2})?/[^/]|file://")
_IS_PATH = re.compile(r"(?:~|\.{1,2})/[^/]|/[^/]+/[^/]|file://")
"""What can be nothing but a path when it is all that was written; "/frogt" may be a mistyped command."""
_OPENINGS = ("/", "~/", "./", "../", "file://")


def split_files_off(line: str) -> tuple[str, tuple[Attachment, ...]]:
    """Return what is said on a line, and the files that it begins with; blocking.

    A path is absolute, a `file://` address, or begins with "~/", "./" or "../"; one with spaces is quoted, or has them
    escaped. What names no file stays part of what is said.
    """
    files: list[Attachment] = []
    rest = line.strip()
    while taken := _file_at_start(rest):
        path, length = taken
        size = path.stat().st_size
        files.append(
            Attachment(path.name, guess_media_type(path.name) or UNKNOWN_MEDIA_TYPE, str(path.absolute()), size)
        )
        rest = rest[length:].strip()
    return rest, tuple(files)


def find_trouble(line: str, commands: Collection[str] = ()) -> str | None:
    """Return what to tell somebody whose line begins with a path that names no file; None when it has none. Blocking.

    A word such as "report.pdf" on a line of its own is a path as well. `commands` are no paths.
    """
    first = _first_word(line.strip())
    if first is None or first.removeprefix("/") in commands:
        return None
    try:
        written = unquote(urlsplit(first).path) if first.startswith("file://") else first
        path = Path(written).expanduser()
        if path.is_dir() and (first.startswith(_OPENINGS) or "/" in first):
            return gettext("{path} is a folder; `scrubjay ingest {path}` reads the files in it.", path=written)
        alone = first == line.strip().strip("\"'") and bool(guess_media_type(path.name) or _IS_PATH.match(first))
        if path.exists() or not (alone or (_LIKE_PATH.match(first) and path.suffix)):
            return None
    except (OSError, ValueError, RuntimeError):
        return None
    return gettext("There is no file {path} here ({folder}).", path=written, folder=Path.cwd())


async def read_file(attachment: Attachment) -> AsyncIterator[bytes]:
    """Yield a file in pieces. Raises AttachmentError when it is gone, or may not be read."""
    try:
        file = await asyncio.to_thread(Path(attachment.reference).open, "rb")
        with file:
            while piece := await asyncio.to_thread(file.read, _BYTES):
                yield piece
    except OSError as error:
        raise AttachmentError(
            gettext("{name} can't be read: {strerror}.", name=attachment.name, strerror=error.strerror)
        ) from error


def _first_word(line: str) -> str | None:
    """Return what may be a path at the start of a line, without its quotes and escapes."""
    if quoted := _QUOTED.match(line):
        return quoted[1] or quoted[2]
    bare = _BARE.match(line)
    return _ESCAPED.sub(r"\1", bare[0]) if bare else None


def _file_at_start(line: str) -> tuple[Path, int] | None:
    """Return the file that a line begins with, and how much of the line names it."""
    if quoted := _QUOTED.match(line):
        return _file(quoted[1] or quoted[2], quoted.end())
    bare = _BARE.match(line)
    return _file(_ESCAPED.sub(r"\1", bare[0]), bare.end()) if bare else None


def _file(written: str, length: int) -> tuple[Path, int] | None:
    if not written.startswith(_OPENINGS):
        return None
    try:
        path = Path(unquote(urlsplit(written).path) if written.startswith("file://") else written).expanduser()
        return (path, length) if path.is_file() else None
    except (OSError, ValueError, RuntimeError):  # too long, with a NUL, of nobody's home: no file
        return None
