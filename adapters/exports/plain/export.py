"""Everything else: lines of JSON, or a table as CSV, of the plain shape; see `docs/histories.md`."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from adapters.exports.archive import Files, MediaTree
from adapters.exports.chat_stream import stream_chat
from adapters.exports.decoding import decode_head, text_blocks
from adapters.exports.file_export import HEAD_BYTES, FileExport, read_head
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_files import folder_of
from adapters.exports.parsed import MediaFiles, ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.plain.records import (
    AUTHOR,
    PlainConversation,
    conversation_of,
    is_message,
    message_of,
    read_sent_at,
)
from bot import LocalZone
from bot.errors import ImportRefused
from bot.reading import detect_utf

LONGEST_LINE = 16 << 20
_DELIMITERS = ",;\t|"
_LINE = b'"conversation"'
Record = dict[str, object]


class PlainExport(FileExport):
    """Reads the plain shape."""

    name = "plain"
    label = "JSON lines or CSV"
    members = re.compile(r"\.(?:jsonl|ndjson|csv|tsv)$", re.IGNORECASE)
    candidates = 20_000

    def is_file(self, files: Files, name: str) -> bool:
        """Tell by its first line whether a text is of this shape."""
        head = read_head(files, name)
        return _is_lines(head) or _find_delimiter(head) is not None

    def read_file(self, files: Files, name: str, source: Path, options: ParseOptions) -> Iterator[ParsedChat]:  # noqa: ARG002
        """Yield the conversations of one text. Raises ImportRefused."""
        return _chats(files, name, options)

    def describe_missing(self) -> str:
        """Return which columns a table needs."""
        return "neither lines of JSON nor a table with the columns text and sent_at"


def _chats(files: Files, name: str, options: ParseOptions) -> Iterator[ParsedChat]:
    """Yield the conversations of one text."""
    with ExitStack() as stack:
        stream = stack.enter_context(_open_seekable(files, name))
        head = stream.read(HEAD_BYTES)
        stream.seek(0)
        warnings = WarningCounter("line")
        if _is_lines(head):
            lines = stream
            if detect_utf(head) not in {None, "utf-8-sig"}:
                raise ImportRefused(f"{name}: is not UTF-8; save it as UTF-8 and import it again")
        else:
            lines = stack.enter_context(tempfile.TemporaryFile())
            _write_as_json_lines(stream, _find_delimiter(head) or ",", lines, warnings)
        media = MediaTree(files, folder_of(name))
        yield from chats_of_lines(lines, PurePosixPath(name).stem, media, options, warnings)


def chats_of_lines(
    lines: BinaryIO,
    stem: str,
    media: MediaFiles,
    options: ParseOptions,
    warnings: WarningCounter,
    *,
    own_name: str | None = None,
) -> Iterator[ParsedChat]:
    """Yield the conversations of lines of JSON, which may take turns; one without a name is called by the `stem`.

    Formats that mix their conversations are read so too: they write what they read into such lines first. `own_name` is
    what the exporting person is called in them.
    """
    for place, spans in _index_lines(lines).items():
        for chat in _chat(_ConversationLines(lines, spans, stem), place, media, options, warnings):
            chat.own_account = own_name
            yield chat


@contextmanager
def _open_seekable(files: Files, name: str) -> Iterator[BinaryIO]:
    """Open a text so that its lines can be looked up in any order: the member of an archive is copied."""
    with closing(files.open(name)) as stream:
        if stream.seekable():
            yield stream
            return
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(stream, copy)
            copy.seek(0)
            yield cast("BinaryIO", copy)


@dataclass(slots=True)
class _Spans:
    """Where the lines of one conversation lie: runs of (first line's number, first byte, byte after the last)."""

    runs: list[tuple[int, int, int]] = field(default_factory=list)

    def add(self, line: int, start: int, end: int) -> None:
        """Add a line, to the last run where it follows it."""
        if self.runs and self.runs[-1][2] == start:
            first, begin, _ = self.runs[-1]
            self.runs[-1] = (first, begin, end)
        else:
            self.runs.append((line, start, end))


@dataclass(frozen=True, slots=True)
class _ConversationLines:
    """The lines of one conversation, and what to call it when it has no name."""

    stream: BinaryIO
    spans: _Spans
    stem: str

    def read(self) -> Iterator[tuple[int, bytes]]:
        """Yield each line with its number."""
        for number, start, end in self.spans.runs:
            self.stream.seek(start)
            while self.stream.tell() < end:
                yield number, _read_line(self.stream)
                number += 1  # noqa: PLW2901 (counts on within the run)


def _index_lines(stream: BinaryIO) -> dict[PlainConversation, _Spans]:
    """Find which lines belong to which conversation; a file that names none holds one."""
    found: dict[PlainConversation, _Spans] = {}
    place = PlainConversation()
    number = start = 0
    while line := _read_line(stream):
        number += 1
        end = stream.tell()
        if line.strip():
            record = _parse_line(line) if _LINE in line else {}
            place = place if record is None else conversation_of(record)
            found.setdefault(place, _Spans()).add(number, start, end)
        start = end
    return found


def _read_line(stream: BinaryIO) -> bytes:
    """Return the next line; of one that is absurdly long only the beginning, which is then no JSON."""
    line = stream.readline(LONGEST_LINE)
    if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
        while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
            pass
    return line


def _parse_line(line: bytes) -> Record | None:
    """Return the object of a line; None when there is none."""
    with suppress(ValueError, RecursionError):
        value = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
        return value if isinstance(value, dict) else None
    return None


def _chat(
    lines: _ConversationLines,
    place: PlainConversation,
    media: MediaFiles,
    options: ParseOptions,
    warnings: WarningCounter,
) -> Iterator[ParsedChat]:
    chat = ParsedChat(
        place.title or (lines.stem if place.id is None else ""),
        iter(()),
        external_id=place.id,
        kind=place.kind,
        media=media,
        platform=place.platform,
    )
    yield from stream_chat(chat, _messages(lines, media, options.timezone or LocalZone(), warnings), warnings)


def _messages(
    lines: _ConversationLines, media: MediaFiles, zone: tzinfo, warnings: WarningCounter
) -> Iterator[ParsedMessage]:
    last: datetime | None = None
    for number, line in lines.read():
        record = _parse_line(line)
        if record is None:
            warnings.note(number, "is not a JSON object, or was cut short; it was left out")
            continue
        sent_at = read_sent_at(record, zone)
        if sent_at is None:
            fate = "it was left out" if last is None else "it was given that of the message before it"
            warnings.note(number, f"has no possible time; {fate}")
        last = sent_at or last
        if last is not None:
            yield message_of(record, last, number, media)


def _is_lines(head: bytes) -> bool:
    """Tell by the first line whether these are lines of JSON that hold messages."""
    first, ended, _ = decode_head(head).lstrip().partition("\n")
    if not first.startswith("{") or not (ended or len(head) < HEAD_BYTES):
        return False
    record = _parse_line(first.encode("utf-8", "replace"))
    return record is not None and is_message(record)


def _find_delimiter(head: bytes) -> str | None:
    """Return what stands between the columns of a table whose first row names those that are needed."""
    text = decode_head(head)
    for delimiter in _DELIMITERS:
        with suppress(csv.Error, StopIteration):
            columns = _name_columns(next(csv.reader(io.StringIO(text), delimiter=delimiter)))
            if is_message(dict.fromkeys(columns)) and any(column in AUTHOR for column in columns):
                return delimiter
    return None


def _name_columns(header: list[str]) -> list[str]:
    return [name.strip().casefold().replace(" ", "_") for name in header]


def _write_as_json_lines(stream: BinaryIO, delimiter: str, lines: BinaryIO, warnings: WarningCounter) -> None:
    """Write a table as lines of JSON, in a file that nobody else sees: a row may reach over several lines."""
    blocks = text_blocks(stream, warnings.note)
    rows = csv.reader((line for block in blocks for line in io.StringIO(block)), delimiter=delimiter)
    columns = _name_columns(next(rows))
    while True:
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            warnings.note(rows.line_num, f"can't be read as a row of the table ({error}); it was left out")
            continue
        if row:
            lines.write(json.dumps(dict(zip(columns, row, strict=False))).encode() + b"\n")
    lines.seek(0)
