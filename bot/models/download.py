"""Downloads a model file: resumed where it broke off, checked, and put in its place only when it is whole."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from pathlib import Path
from typing import Protocol

import httpx

from bot.errors import ScrubjayError
from bot.models.catalogue import ModelSource
from bot.models.certificates import shared_certificates
from memory.patterns import compile_on_use

PIECE = 1 << 20
TRIES = 5
"""How often in a row a connection may break without getting any further."""
CONNECT_SECONDS = 15.0
SILENCE_SECONDS = 60.0
HEAD_BYTES = 64
STATED_DIGEST = "x-linked-etag"
"""The header in which the hub states the SHA-256 of the file that it redirects to."""

_SHA256 = compile_on_use(r"[0-9a-f]{64}")
_RANGE = compile_on_use(r"bytes (\d+)-")


class DownloadError(ScrubjayError):
    """Raised when a file can't be downloaded, or is not the one that was promised."""

    exit_code = 6


class NotOnServerError(DownloadError):
    """Raised when the server is there, but has no such file."""


class DownloadProgress(Protocol):
    """Is told how many bytes are there, of how many; None when the server doesn't tell."""

    def __call__(self, done: int, total: int | None) -> None:
        """Take note."""


class _BrokenOffError(Exception):
    """The connection ended before the file did, or a new one is needed; what came is kept."""


class _PartialFile:
    """What is there of the file: its path, its length and the digest so far. Blocking."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._version = path.with_name(f"{path.name}.version")
        self.length, self.digest = 0, hashlib.sha256()
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.version is None:
            self.path.unlink(missing_ok=True)  # its source is unknown
        elif path.exists():
            with path.open("rb") as file:
                while piece := file.read(PIECE):
                    self._count(piece)

    @property
    def version(self) -> str | None:
        """The server's name for the version that this is a part of, so that two versions are never joined."""
        return self._version.read_text("utf-8") if self._version.exists() else None

    def restart(self, version: str | None) -> None:
        """Start over with this version; without a name for it, it can't be continued later."""
        self.path.write_bytes(b"")
        self._version.unlink(missing_ok=True)
        if version is not None:
            self._version.write_text(version, "utf-8")
        self.length, self.digest = 0, hashlib.sha256()

    def append(self, piece: bytes) -> None:
        """Add what has come."""
        with self.path.open("ab") as file:
            file.write(piece)
        self._count(piece)

    def move_to(self, target: Path) -> None:
        """Put the whole file in its place, once it is on the disk."""
        with self.path.open("rb") as file:
            os.fsync(file.fileno())
        self.path.replace(target)
        self._version.unlink(missing_ok=True)

    def drop(self) -> None:
        """Remove it."""
        self.path.unlink(missing_ok=True)
        self._version.unlink(missing_ok=True)

    def _count(self, piece: bytes) -> None:
        self.length += len(piece)
        self.digest.update(piece)


async def download(
    source: ModelSource,
    folder: Path,
    progress: DownloadProgress,
    *,
    sha256: str | None = None,
    pause: float = 0.5,
    tries: int = TRIES,
) -> Path:
    """Download to `folder` and return the file, which is there only if it is whole.

    What was there of it from before is continued. It is checked against `sha256`, or else the digest that the
    hub states. A connection that breaks is tried again while it gets further, after `pause` seconds, then more;
    `tries` is how often in a row it may break without getting further. Raises DownloadError.
    """
    target = folder / source.file_name
    part = await asyncio.to_thread(_PartialFile, target.with_name(f"{target.name}.part"))
    stated = await _fetch_whole(source.url, part, progress, pause, tries)
    _check(source, part, sha256.lower() if sha256 else stated)
    await asyncio.to_thread(part.move_to, target)
    return target


async def _fetch_whole(
    url: str, part: _PartialFile, progress: DownloadProgress, pause: float, tries: int
) -> str | None:
    """Fetch until all is there; return the digest that the hub states, if it does."""
    failures, furthest = 0, part.length
    while True:
        try:
            return await _fetch(url, part, progress)
        except httpx.UnsupportedProtocol as error:
            raise DownloadError(f"{url}: {error}") from error
        except (_BrokenOffError, httpx.TransportError) as error:
            failures = 1 if part.length > furthest else failures + 1
            furthest = max(furthest, part.length)
            if failures == tries:
                kept = f"; {part.length:,} bytes are kept, the same command continues" if part.version else ""
                raise DownloadError(f"{url} can't be reached: {error or type(error).__name__}{kept}") from error
            await asyncio.sleep(pause * failures)


async def _fetch(url: str, part: _PartialFile, progress: DownloadProgress) -> str | None:
    headers = {"Accept-Encoding": "identity"}
    if part.length and part.version is not None:
        headers |= {"Range": f"bytes={part.length}-", "If-Range": part.version}
    timeout = httpx.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS)
    async with (
        httpx.AsyncClient(timeout=timeout, follow_redirects=True, verify=shared_certificates()) as client,
        client.stream("GET", url, headers=headers) as response,
    ):
        if _is_complete(response, part):
            return _read_stated_digest(response)
        _refuse_failure(url, response)
        if _start(response) != part.length or response.status_code != httpx.codes.PARTIAL_CONTENT:
            part.restart(_version(response))
        total = _total(response, part)
        _refuse_too_large(part, total)
        progress(part.length, total)
        async for piece in response.aiter_bytes():  # in the pieces they come in, so that a break loses nothing
            part.append(piece)
            progress(part.length, total)
        if total is not None and part.length != total:
            raise _BrokenOffError(f"{part.length:,} bytes came of {total:,}")
        return _read_stated_digest(response)


def _is_complete(response: httpx.Response, part: _PartialFile) -> bool:
    """Say whether the server has nothing after what is there, because that is all."""
    if response.status_code != httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
        return False
    if response.headers.get("content-range") == f"bytes */{part.length}":
        return True
    part.restart(None)
    raise _BrokenOffError("the file on the server has changed")


def _refuse_failure(url: str, response: httpx.Response) -> None:
    status = response.status_code
    if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        raise DownloadError(f"{url}: the server wants a login for this model ({status}); choose another one")
    if status == httpx.codes.NOT_FOUND:
        raise NotOnServerError(f"{url}: there is no such file on the server (404); check its name")
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.TOO_MANY_REQUESTS:
        raise _BrokenOffError(f"the server answers {status}")
    if status not in {httpx.codes.OK, httpx.codes.PARTIAL_CONTENT}:
        raise DownloadError(f"{url}: the server answers {status}")


def _start(response: httpx.Response) -> int:
    match = _RANGE.match(response.headers.get("content-range", ""))
    return int(match[1]) if match else 0


def _version(response: httpx.Response) -> str | None:
    """Return what names this version, as If-Range takes it: a weak tag doesn't."""
    tag: str | None = response.headers.get("etag")
    return tag if tag and not tag.startswith("W/") else response.headers.get("last-modified")


def _total(response: httpx.Response, part: _PartialFile) -> int | None:
    length = response.headers.get("content-length", "")
    return part.length + int(length) if length.isdigit() else None


def _read_stated_digest(response: httpx.Response) -> str | None:
    for answer in (response, *response.history):
        tag = answer.headers.get(STATED_DIGEST, "").strip('"').lower()
        if _SHA256.fullmatch(tag):
            return str(tag)
    return None


def _refuse_too_large(part: _PartialFile, total: int | None) -> None:
    free = shutil.disk_usage(part.path.parent).free
    if total is not None and total - part.length > free:
        raise DownloadError(f"{part.path.parent}: {total - part.length:,} bytes are to come, but {free:,} are free")


def _check(source: ModelSource, part: _PartialFile, expected: str | None) -> None:
    """Refuse a file that is another than promised, and remove it."""
    found = part.digest.hexdigest()
    if expected is not None and found != expected:
        part.drop()
        raise DownloadError(f"{source.url}: its SHA-256 is {found}, but should be {expected}; it was removed")
    with part.path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not source.kind.fits(head):
        part.drop()
        raise DownloadError(f"{source.url}: what came is not a {source.kind.name}; it was removed")
