"""What kind of file something is: by its first bytes where they show it, else by what it is called."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path, PurePath

DELTA_TABLE = "application/vnd.delta"
"""A folder that is a Delta Lake table; the only folder that is read as one file."""
TEXT = "text/plain"
UNKNOWN_MEDIA_TYPE = "application/octet-stream"

_PEEKED = 1 << 16
_NAME_IN_ZIP = re.compile(rb"PK\x01\x02.{42}([ -~]{1,20})", re.DOTALL)
_OFFICE = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"PAR1", "application/vnd.apache.parquet"),
    (b"ARROW1", "application/vnd.apache.arrow.file"),
    (b"{\\rtf", "application/rtf"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
)
_WORDLIKE = (b"MZ", b"ID3", b"OggS")
"""Beginnings that a text may have as well: then no zero follows soon."""
_RIFF = {b"WAVE": "audio/wav", b"WEBP": "image/webp", b"AVI ": "video/x-msvideo"}
_FTYP = {b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"qt  ": "video/quicktime", b"heic": "image/heic"}
_GENERIC = frozenset({UNKNOWN_MEDIA_TYPE, "binary/octet-stream", "application/x-download", "application/zip", TEXT, ""})
_NAMED = {
    ".avro": "application/avro", ".csv": "text/csv", ".epub": "application/epub+zip", ".ics": "text/calendar",
    ".m4a": "audio/mp4",
    ".md": "text/markdown", ".opus": "audio/ogg", ".parquet": "application/vnd.apache.parquet",
    ".srt": "application/x-subrip", ".tsv": "text/tab-separated-values", ".vtt": "text/vtt",
}  # fmt: skip
"""What the standard library's table lacks, or takes from the machine it runs on."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`shown` is the media type that the content shows, if it does; `is_text` says that it may be text."""

    shown: str | None
    is_text: bool


def kind_of(path: Path) -> Kind:
    """Look at the beginning and the end of a file; blocking. Raises OSError."""
    if path.is_dir():
        return Kind(DELTA_TABLE if (path / "_delta_log").is_dir() else None, is_text=False)
    with path.open("rb") as file:
        head = file.read(_PEEKED)
        size = file.seek(0, 2)
        file.seek(max(size - _PEEKED, 0))
        tail = file.read(_PEEKED)
    shown = _detect(head, tail)
    return Kind(shown, is_text=shown is None and _may_be_text(head))


def guess_media_type(name: str) -> str | None:
    """Return the media type that a file's name says, if it says one."""
    ending = PurePath(name).suffix.casefold()
    return _NAMED.get(ending) or mimetypes.guess_type(f"x{ending}", strict=False)[0]


def is_generic(media_type: str) -> bool:
    """Whether a declared media type says nothing: what senders write who do not know."""
    return without_parameters(media_type) in _GENERIC


def without_parameters(media_type: str) -> str:
    """Return a media type without its parameters, in small letters."""
    return media_type.partition(";")[0].strip().casefold()


def is_shown_by_content(media_type: str) -> bool:
    """Whether every file of this type shows it in its first bytes, so that one that doesn't is none."""
    known = {each for _, each in _BEGINNINGS} | set(_OFFICE.values()) | {"application/epub+zip"}
    return media_type in known - {"audio/mpeg"} or media_type.startswith("image/")


def _detect(head: bytes, tail: bytes) -> str | None:
    for beginning, media_type in _BEGINNINGS:
        if head.startswith(beginning) and (beginning not in _WORDLIKE or b"\x00" in head[:64]):
            return media_type
    if b"%PDF-" in head[:1024]:  # its specification lets others write something before it
        return "application/pdf"
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _FTYP.get(head[8:12], "video/mp4")
    return _detect_in_zip(head, tail) if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) else None


def _detect_in_zip(head: bytes, tail: bytes) -> str:
    """Tell kinds of zip files apart, by names near both ends: unpacking them is for a child process."""
    if b"mimetypeapplication/epub+zip" in head[:128]:
        return "application/epub+zip"
    own = _list_names(tail)
    if b"[Content_Types].xml" in head + tail:
        for folder, media_type in _OFFICE.items():
            if any(name.startswith(folder) for name in own) if own else folder in tail or folder in head:
                return media_type
    if b"META-INF/container.xml" in head + tail:
        return "application/epub+zip"
    return "application/zip"


def _list_names(tail: bytes) -> list[bytes]:
    """Return the names in a zip's own directory as far as the tail holds it: charts bring workbooks, zips within."""
    end = tail.rfind(b"PK\x05\x06")
    size = int.from_bytes(tail[end + 12 : end + 16], "little")
    directory = tail[max(end - size, 0) : end] if end >= 0 else b""
    return _NAME_IN_ZIP.findall(directory)


def _may_be_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True  # UTF-16, by its mark
    if b"\x00" in head:
        return False
    strange = sum(byte < 32 and byte not in b"\t\n\r\x0c\x1b" for byte in head[:4096])
    return strange * 50 <= min(len(head), 4096)
