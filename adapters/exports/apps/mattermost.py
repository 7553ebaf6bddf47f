"""Mattermost's bulk export: lines of JSON for channels, posts and direct messages, which take turns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import tzinfo
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import BinaryIO

from adapters.exports.archive import Files, MediaTree
from adapters.exports.file_export import FileExport, read_head
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_files import folder_of, parse_first_line, parse_line
from adapters.exports.json_stream import as_list, as_map, as_text
from adapters.exports.parsed import ParsedChat, ParseOptions
from adapters.exports.plain.export import chats_of_lines
from adapters.exports.timestamps import in_zone
from bot import LocalZone

Record = dict[str, object]
_TYPES = frozenset(
    {"version", "team", "channel", "user", "post", "direct_channel", "direct_post", "emoji", "role", "scheme", "bot"}
)


class MattermostExport(FileExport):
    """Reads what `mmctl export create` writes, alone or in its zip."""

    name = "mattermost"
    label = "Mattermost (bulk export)"

    members = re.compile(r"\.jsonl$", re.IGNORECASE)

    def is_file(self, files: Files, name: str) -> bool:
        """Tell by the first line, which is of a type that only Mattermost has."""
        first = parse_first_line(read_head(files, name))
        kind = as_text(first.get("type"))
        return kind in _TYPES and kind in first

    def read_file(self, files: Files, name: str, source: Path, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the channels and direct messages. Raises ImportRefused."""
        del source
        warnings = WarningCounter("line")
        media = MediaTree(files, folder_of(name))
        with closing(files.open(name)) as stream, TemporaryFile() as lines:
            _write(stream, lines, options.timezone or LocalZone(), warnings)
            lines.seek(0)
            yield from chats_of_lines(lines, PurePosixPath(name).stem, media, options, warnings)


def _write(stream: BinaryIO, lines: BinaryIO, zone: tzinfo, warnings: WarningCounter) -> None:
    titles: dict[str, str] = {}
    for number, line in enumerate(stream, 1):
        record = parse_line(line.decode("utf-8", "replace"))
        kind = as_text(record.get("type"))
        inner = as_map(record.get(kind))
        if not record and line.strip():
            warnings.note(number, "is not a JSON object, or was cut short; it was left out")
        elif kind == "channel":
            titles[_place(inner, "name")] = as_text(inner.get("display_name"))
        elif kind in {"post", "direct_post"}:
            title, place = _conversation(inner, titles)
            for post in [inner, *map(as_map, as_list(inner.get("replies")))]:
                made = _record(post, title, place, direct=kind == "direct_post", zone=zone)
                if made is None:
                    warnings.note(number, "has a post without a possible time; it was left out")
                else:
                    lines.write(json.dumps(made).encode() + b"\n")


def _place(record: Record, key: str) -> str:
    return f"{as_text(record.get('team'))}/{as_text(record.get(key))}"


def _conversation(post: Record, titles: dict[str, str]) -> tuple[str, str]:
    """Return what a post's conversation is called, and its id."""
    members = sorted(as_text(each) for each in as_list(post.get("channel_members")))
    if members:
        return ", ".join(members), "/".join(members)
    place = _place(post, "channel")
    return titles.get(place) or as_text(post.get("channel")), place


def _record(post: Record, title: str, place: str, *, direct: bool, zone: tzinfo) -> Record | None:
    milliseconds = as_text(post.get("create_at"))
    sent_at = in_zone(int(milliseconds) / 1000, zone) if milliseconds.isdecimal() else None
    if sent_at is None:
        return None
    kind = as_text(post.get("type"))
    user = as_text(post.get("user"))
    paths = [as_text(as_map(each).get("path")) for each in as_list(post.get("attachments"))]
    edited = as_text(post.get("edit_at"))
    return {
        "author": None if kind.startswith("system_") else user or "Somebody",
        "author_id": user or None,
        "sent_at": sent_at.isoformat(),
        "text": as_text(post.get("message")),
        "kind": "system" if kind.startswith("system_") else "message",
        "edited": edited.isdecimal() and int(edited) > 0,
        "attachments": [{"name": path.rpartition("/")[2], "path": f"data/{path}"} for path in paths if path],
        "conversation": {
            "platform": "mattermost",
            "id": place,
            "title": title,
            "kind": "direct" if direct and place.count("/") < 2 else "group",
        },
    }
