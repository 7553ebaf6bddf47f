"""Opens what people hand over (a text file, a folder, a zip) without trusting it.

Nothing is ever unpacked to disk. Names that would escape a folder, too many members, an unlikely ratio and too
many bytes are refused, the last two while streaming, because what an archive says of itself may be a lie.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Protocol, cast

from bot.errors import ImportRefused
from bot.reading import count_zip_members
from bot.translation import gettext

ZIP_MAGIC = b"PK\x03\x04"
_EMPTY_ZIP_MAGIC = b"PK\x05\x06"
_COMPRESSIONS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""What apps export with. Of the others, a few kilobytes come out as a gigabyte before any of it can be counted."""
_SEPARATORS = frozenset("/\\\0")


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How much an archive may hold; ten years of a lively group with all its media stay well below.

    `ratio` (bytes out per byte in) counts only after `ratio_from` bytes: small files may repeat themselves.
    `total` is over everything read from one archive.
    """

    members: int = 500_000
    ratio: int = 250
    ratio_from: int = 64 << 20
    total: int = 512 << 30


class Files(Protocol):
    """The files of a source by name, relative to it, with "/" between folders."""

    @property
    def label(self) -> str:
        """The source's own name, as shown to people."""

    def names(self) -> list[str]:
        """Return the names of all files, sorted as they lie."""

    def has(self, name: str) -> bool:
        """Whether there is a file of that name."""

    def open(self, name: str) -> BinaryIO:
        """Open one to read. Raises KeyError, ImportRefused."""

    def modified(self, name: str) -> datetime | None:
        """Return when it was last written, by some clock; None when nothing tells."""


@contextmanager
def open_files(source: Path, limits: ArchiveLimits | None = None) -> Iterator[Files]:
    """Open a text file (with what lies beside it), a folder or a zip. Raises ImportRefused."""
    if source.is_dir():
        yield Folder(source, source.resolve().name)
    elif not source.is_file():
        raise ImportRefused(gettext("{file}: there is no such file; check its name", file=source))
    elif is_zip(source):
        limits = limits or ArchiveLimits()
        with _open_zip(source, limits.members) as archive:
            yield Zip(source.name, archive, limits)
    else:
        yield Folder(source.parent, source.name, only=source.name)


def is_zip(source: Path) -> bool:
    """Tell by its first bytes, damaged or not."""
    try:
        with source.open("rb") as file:
            return file.read(4) in {ZIP_MAGIC, _EMPTY_ZIP_MAGIC}
    except OSError as error:
        raise ImportRefused(
            gettext("{file} can't be read: {error}", file=source, error=error.strerror or error)
        ) from error


class Folder:
    """A folder's files; with `only`, one file of it is listed while the others can still be opened."""

    def __init__(self, root: Path, label: str, only: str | None = None) -> None:
        self._root, self.label, self._only = root, label, only

    def names(self) -> list[str]:
        """Return the names of regular files below the folder; links are not followed out of it."""
        if self._only is not None:
            return [self._only]
        return sorted(
            path.relative_to(self._root).as_posix()
            for path in self._root.rglob("*")
            if path.is_file() and path.resolve().is_relative_to(self._root.resolve())
        )

    def has(self, name: str) -> bool:
        """Whether there is a regular file of that name; links are not followed out of the folder."""
        try:
            path = self._root / name
            return path.is_file() and path.resolve().is_relative_to(self._root.resolve())
        except (OSError, ValueError):
            return False

    def open(self, name: str) -> BinaryIO:
        """Open one to read. Raises KeyError, ImportRefused."""
        refuse_escape(name, self.label)
        path = self._root / name
        if not path.is_file():
            raise KeyError(name)
        try:
            return path.open("rb")
        except OSError as error:
            raise ImportRefused(
                gettext("{file} can't be read: {error}", file=path, error=error.strerror or error)
            ) from error

    def modified(self, name: str) -> datetime | None:
        """Return when it was last written, by some clock; None when nothing tells."""
        with suppress(OSError, ValueError, OverflowError):
            return datetime.fromtimestamp((self._root / name).stat().st_mtime, UTC)
        return None


class Zip:
    """A zip's members, every one of them watched while it is read."""

    def __init__(self, label: str, archive: zipfile.ZipFile, limits: ArchiveLimits) -> None:
        self.label, self._archive, self._limits = label, archive, limits
        members = archive.infolist()
        for member in members:
            refuse_escape(member.filename, label)
        self._names = dict.fromkeys(member.filename for member in members if not member.is_dir())
        self.read = 0

    def names(self) -> list[str]:
        """Return the members' names in the order they lie."""
        return list(self._names)

    def has(self, name: str) -> bool:
        """Whether there is a member of that name."""
        return name in self._names

    def open(self, name: str) -> BinaryIO:
        """Open one to read. Raises KeyError, ImportRefused."""
        member = self._archive.getinfo(name)
        if member.flag_bits & 0x1:
            raise ImportRefused(f"{self.label}: is protected by a password; unpack it and import the folder")
        if member.compress_type not in _COMPRESSIONS:
            raise ImportRefused(f"{self.label}: {name} is packed in an unusual way; unpack it and import the folder")
        try:
            stream = self._archive.open(member)
        except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
            raise _damage(self.label, name, error) from error
        return cast("BinaryIO", io.BufferedReader(_LimitedStream(stream, self, member), 1 << 16))

    def modified(self, name: str) -> datetime | None:
        """Return when it was last written, by some clock; None when nothing tells."""
        with suppress(KeyError, ValueError):
            return datetime(*self._archive.getinfo(name).date_time, tzinfo=UTC)
        return None

    def count(self, name: str, out: int, compressed: int, size: int) -> None:
        """Count `size` more bytes of a member that gave `out` so far. Raises ImportRefused past a limit."""
        self.read += size
        if out > self._limits.ratio_from and out > self._limits.ratio * max(compressed, 1):
            raise ImportRefused(f"{self.label}: {name} grows without end while unpacking; this looks like a zip bomb")
        if self.read > self._limits.total:
            raise ImportRefused(f"{self.label}: holds more than {self._limits.total >> 30} GiB")


class _LimitedStream(io.RawIOBase):
    """A member's stream that tells its archive what it gave, and names the archive when the data is damaged."""

    def __init__(self, stream: IO[bytes], archive: Zip, member: zipfile.ZipInfo) -> None:
        self._stream, self._archive, self._member, self._out = stream, archive, member, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override] # the stub's Buffer is 3.12's
        try:
            data = self._stream.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise _damage(self._archive.label, self._member.filename, error) from error
        self._out += len(data)
        self._archive.count(self._member.filename, self._out, self._member.compress_size, len(data))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def refuse_escape(name: str, label: str) -> None:
    """Refuse a name that would lead out of its folder. Raises ImportRefused."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0:1] or "\0" in name or _has_drive(name):
        raise ImportRefused(f"{label}: {name!r} would lead out of its folder; the archive is not to be trusted")


def _has_drive(name: str) -> bool:
    return len(name) > 1 and name[1] == ":" and name[0].isalpha() and name[2:3] in {"", "\\", "/"}


def _open_zip(source: Path, most: int) -> zipfile.ZipFile:
    try:
        if count_zip_members(source, most) > most:  # before the list of them is in memory
            raise ImportRefused(f"{source.name}: holds more files than {most:,}, which are the limit")
        return zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ImportRefused(
            f"{source}: the zip is damaged or was cut short ({error}); copy or export it again"
        ) from error


def _damage(label: str, name: str, error: Exception) -> ImportRefused:
    return ImportRefused(f"{label}: {name} is damaged or was cut short ({error}); copy or export it again")


class MediaBeside:
    """The files in one folder of a source: a chat's attachments, by bare name."""

    def __init__(self, files: Files, folder: str) -> None:
        self._files, self._folder = files, folder

    def __contains__(self, name: object) -> bool:
        """Whether a file of that name lies beside the chat."""
        return isinstance(name, str) and not _SEPARATORS.intersection(name) and self._files.has(self._folder + name)

    def open(self, name: str) -> BinaryIO:
        """Open one to read. Raises KeyError, ImportRefused."""
        if name not in self:
            raise KeyError(name)
        return self._files.open(self._folder + name)


class MediaTree:
    """The files below one folder of a source, by their paths in it: attachments that an export keeps in folders."""

    def __init__(self, files: Files, folder: str) -> None:
        self._files, self._folder = files, folder

    @property
    def folder(self) -> str:
        """The folder's path in the source, with its last "/", or "" at the top."""
        return self._folder

    @property
    def label(self) -> str:
        """The source's own name."""
        return self._files.label

    def names(self) -> list[str]:
        """Return the paths in the folder of all files below it that the source lists."""
        return [name.removeprefix(self._folder) for name in self._files.names() if name.startswith(self._folder)]

    def modified(self, name: str) -> datetime | None:
        """Return when a file in the folder was last written, by some clock; None when nothing tells."""
        return self._files.modified(self._folder + name)

    def __contains__(self, name: object) -> bool:
        """Whether such a file lies there; a path that leads out of the folder is none."""
        if not isinstance(name, str) or not name:
            return False
        path = PurePosixPath(name)
        inside = not path.is_absolute() and ".." not in path.parts and not {"\\", "\0"}.intersection(name)
        return inside and self._files.has(self._folder + name)

    def open(self, name: str) -> BinaryIO:
        """Open one to read. Raises KeyError, ImportRefused."""
        if name not in self:
            raise KeyError(name)
        return self._files.open(self._folder + name)
