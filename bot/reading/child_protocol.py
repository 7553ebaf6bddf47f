"""What parent and child say to each other: one request, then a line of JSON for each item that is read."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.reading.child_limits import ChildAccess, ChildLimits
from bot.reading.pieces import About, Enclosed, Piece, Progress, ReadItem

SOURCE = "__scrubjay_source__"
"""Where the module of a single-file plugin keeps the bytes that it was made of, so that a child can make it again."""
LONGEST_LINE = 8 << 20
"""Bytes; a piece of text is split before it gets near."""
LONGEST_TEXT = 1 << 20
"""Characters of one piece; a character may take six bytes of JSON."""
_ENDS = b'{"end":'


@dataclass(frozen=True, slots=True)
class CodeLocation:
    """Where a function or class is found again: its module, its name in it, and the module's file.

    A plugin that is a single file also brings its source, byte by byte as Latin-1: what an owner has enabled are those
    bytes, whatever the file holds by now.
    """

    module: str
    qualname: str
    file: str | None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class ChildRequest:
    """What the child is to do, and in which language. `options` are JSON, to be read as what `options_type` is."""

    search: tuple[str, ...]
    function: CodeLocation
    path: str
    options_type: CodeLocation | None
    options: str
    limits: ChildLimits
    access: ChildAccess
    language: str


def write_request(request: ChildRequest) -> bytes:
    """Write a request."""
    return json.dumps(asdict(request)).encode() + b"\n"


def read_request(line: bytes) -> ChildRequest:
    """Read what `write_request` wrote."""
    told = json.loads(line)
    kind = told["options_type"]
    return ChildRequest(
        search=tuple(told["search"]),
        function=CodeLocation(**told["function"]),
        path=told["path"],
        options_type=CodeLocation(**kind) if kind else None,
        options=told["options"],
        limits=ChildLimits(**told["limits"]),
        access=ChildAccess(**told["access"]),
        language=told["language"],
    )


def write_item(item: ReadItem) -> bytes:
    """Write an item. A half of a surrogate pair, which no UTF-8 can hold, is left out."""
    fields = {name: _plain(value) for name, value in asdict(item).items()}
    return _line({type(item).__name__: fields})


def write_block(block: bytes) -> bytes:
    """Write a block of bytes."""
    return _line({"bytes": base64.b64encode(block).decode("ascii")})


def write_ending(kind: str, message: str = "", trace: str = "") -> bytes:
    """Write the last line: "done", "unreadable", "password", "memory" or "failed"."""
    return _line({"end": kind, "message": message, "trace": trace})


@dataclass(frozen=True, slots=True)
class Ending:
    """How it ended: one of the words of `write_ending`, a sentence, and where an exception came from."""

    kind: str
    message: str
    trace: str


def read_ending(line: bytes) -> Ending | None:
    """Read a line of the child's as its last one; None when it is another. Raises ValueError for what is no line."""
    if not line.startswith(_ENDS):
        return None
    told = _read_object(line)
    return Ending(_text(told["end"]), _text(told.get("message", "")), _text(told.get("trace", "")))


def read_item(line: bytes) -> ReadItem:
    """Read a line of the child's. It may be anything: raises ValueError when it is none of ours."""
    ((name, fields),) = _read_object(line).items()
    return _ITEMS[name](fields)


def read_block(line: bytes) -> bytes:
    """Read a line that holds a block of bytes. Raises ValueError when it holds anything else."""
    return base64.b64decode(_text(_read_object(line)["bytes"]), validate=True)


def _read_object(line: bytes) -> dict[str, Any]:
    told = json.loads(line)
    if not isinstance(told, dict):
        raise ValueError("no object")  # noqa: TRY004 (one error for all that is wrong)
    return told


def _piece(fields: dict[str, Any]) -> Piece:
    return Piece(
        text=_text(fields["text"]),
        locator=_text_or_none(fields["locator"]),
        headings=tuple(map(_text, fields["headings"])),
        link=_text_or_none(fields["link"]),
        said_at=_moment(fields["said_at"]),
    )


def _about(fields: dict[str, Any]) -> About:
    return About(
        title=_text_or_none(fields["title"]),
        author=_text_or_none(fields["author"]),
        created_at=_moment(fields["created_at"]),
        language=_text_or_none(fields["language"]),
        notes=tuple(map(_text, fields["notes"])),
        told=_text_or_none(fields["told"]),
        answers=bool(fields["answers"]),
        words=_text_or_none(fields["words"]),
    )


def _progress(fields: dict[str, Any]) -> Progress:
    total = fields["total"]
    return Progress(int(fields["done"]), None if total is None else int(total), _text(fields["unit"]))


def _read_enclosed(fields: dict[str, Any]) -> Enclosed:
    content = _text(fields["content"])
    base64.b64decode(content, validate=True)
    return Enclosed(_text(fields["name"]), _text(fields["media_type"]), content, last=bool(fields["last"]))


_ITEMS: dict[str, Callable[[dict[str, Any]], ReadItem]] = {
    "Piece": _piece,
    "About": _about,
    "Progress": _progress,
    "Enclosed": _read_enclosed,
}


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode(errors="ignore") + b"\n"


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("no text")  # noqa: TRY004 (one error for all that is wrong)
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _moment(value: object) -> datetime | None:
    return None if value is None else datetime.fromisoformat(_text(value))
