"""Discord's own data package: what you wrote yourself, a folder for each channel."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import tzinfo
from pathlib import Path
from typing import Final

from adapters.exports.archive import Files, open_files
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_stream import as_map, as_text
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.timestamps import from_iso, make_zone
from bot import LocalZone
from bot.errors import ImportRefused

Record = dict[str, object]
_MESSAGES: Final = re.compile(r"(?:^|/)(?:[^/]+/c\d+|[Mm]essages/\d+|c\d+)/messages\.(?:json|csv)$")
_ACCOUNT: Final = re.compile(r"(?:^|/)[^/]+/user\.json$")
"""The folders are called in the language of the account: "messages", "Nachrichten"."""
_LARGEST: Final = 512 << 20


class DiscordPackage:
    """Reads the zip that Discord sends on request, or the folder `messages` zipped; others' words are not in it."""

    name = "discord_package"
    label = "Discord (data package)"

    def sniff(self, source: Path) -> bool:
        """Tell by the folders of the channels; it never raises."""
        try:
            if source.is_dir():
                return False
            with open_files(source) as files:
                return any(_MESSAGES.search(name) for name in files.names())
        except (ImportRefused, OSError):
            return False

    def open(self, source: Path, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the channels in which you wrote. Raises ImportRefused."""
        with open_files(source) as files:
            names = [name for name in files.names() if _MESSAGES.search(name)]
            if not names:
                raise ImportRefused(f"{source}: holds no data package of Discord")
            user = _load_map(files, next(filter(_ACCOUNT.search, files.names()), ""))
            me = as_text(user.get("global_name")) or as_text(user.get("username")) or "You"
            for name in names:
                yield _read_channel(files, name, me, as_text(user.get("id")) or "me", options)


def _read_channel(files: Files, name: str, me: str, account: str, options: ParseOptions) -> ParsedChat:
    folder = name[: name.rindex("/") + 1]
    head = _load_map(files, f"{folder}channel.json")
    index = _load_map(files, f"{folder[: folder[:-1].rfind('/') + 1]}index.json")
    identity = as_text(head.get("id")) or folder.rstrip("/").rpartition("/")[2].removeprefix("c")
    guild, channel = as_text(as_map(head.get("guild")).get("name")), as_text(head.get("name"))
    title = f"{guild} #{channel}" if guild and channel else as_text(index.get(identity)) or channel or "Discord chat"
    warnings = WarningCounter()
    zone = options.timezone or LocalZone()
    rows = _read_rows(files, name)
    messages = [
        message for n, row in enumerate(rows, 1) if (message := _message(row, n, me, account, identity, zone, warnings))
    ]
    chat = ParsedChat(
        title,
        iter(sorted(messages, key=lambda message: message.sent_at)),
        external_id=identity,
        kind="direct" if as_text(head.get("type")) in {"1", "DM"} else "group",
        own_account=account,
        platform="discord",
    )
    warnings.add_to(chat)
    return chat


def _message(
    row: Record, number: int, me: str, account: str, channel: str, zone: tzinfo, warnings: WarningCounter
) -> ParsedMessage | None:
    written = from_iso(as_text(row.get("Timestamp")), make_zone(0))
    if written is None:
        warnings.note(number, "has no possible time; it was left out")
        return None
    offset = written.astimezone(zone).utcoffset()
    sent_at = written.astimezone(make_zone(round(offset.total_seconds() / 60) if offset else 0))
    identity = as_text(row.get("ID"))
    addresses = re.split(r"[ \n]+", as_text(row.get("Attachments")).strip())
    names = [address.partition("?")[0].rpartition("/")[2] for address in addresses if address]
    return make_message(
        me,
        sent_at,
        as_text(row.get("Contents")),
        number,
        attachments=tuple(make_attachment(name) for name in names if name),
        external_id=f"{channel}:{identity}" if identity else None,
        author_id=account,
    )


def _read_rows(files: Files, name: str) -> list[Record]:
    with closing(files.open(name)) as stream:
        text = stream.read(_LARGEST).decode("utf-8-sig", "replace")
    with suppress(ValueError, RecursionError, csv.Error):
        if name.endswith(".csv"):
            return [dict(row) for row in csv.DictReader(io.StringIO(text, newline=""))]
        value = json.loads(text)
        return [as_map(each) for each in value] if isinstance(value, list) else []
    raise ImportRefused(f"{name}: is damaged or was cut short; ask Discord for the package again")


def _load_map(files: Files, name: str) -> Record:
    if not name or not files.has(name):
        return {}
    with suppress(ValueError, RecursionError, KeyError), closing(files.open(name)) as stream:
        return as_map(json.loads(stream.read(_LARGEST).decode("utf-8-sig", "replace")))
    return {}
