"""Slack's export: a zip or a folder with lists of people and channels, and a file for each day of each channel.

The layout: https://slack.com/help/articles/220556107-How-to-read-Slack-data-exports
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from adapters.exports.archive import Files, MediaTree, open_files
from adapters.exports.chat_stream import stream_chat
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_files import is_recognised, open_json
from adapters.exports.json_stream import DamagedJson, JsonReader, as_list, as_map, as_text
from adapters.exports.parsed import ImportWarning, ParsedChat, ParsedMessage, ParseOptions  # noqa: A004 (see there)
from adapters.exports.slack.messages import SlackMessageReader
from adapters.exports.slack.text import Names
from bot import LocalZone
from bot.errors import ImportRefused

_DAY = re.compile(r"(?P<folder>(?:(?P<root>.+)/)?(?P<name>[^/]+))/\d{4}-\d\d-\d\d\.json")
_ID = re.compile(r"[CDGW][A-Z0-9]{6,}")
_PEOPLE = ("users.json", "org_users.json")
_LISTS = {"channels.json": "channel", "groups.json": "channel", "mpims.json": "several", "dms.json": "direct"}
_SHOWN = 4
_LOOKED_AT = 5


@dataclass(frozen=True, slots=True)
class _ExportedChannel:
    """A conversation of the workspace, as its lists describe it."""

    id: str
    title: str
    kind: Literal["direct", "group"]


class SlackExport:
    """Reads Slack's exports."""

    name = "slack"
    label = "Slack (zip)"

    def sniff(self, source: Path) -> bool:
        """Tell by its content whether `source` is a Slack export; it never raises."""
        try:
            with open_files(source) as files:
                return _is_export(files)
        except (ImportRefused, OSError):
            return False

    def open(self, source: Path, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the conversations of `source`. Raises ImportRefused."""
        with open_files(source) as files:
            days = _find_days(files)
            if not days:
                raise ImportRefused(f"{source}: holds no days of a Slack channel (such as general/2024-05-03.json)")
            workspace = _Workspace(files)
            for folder, names in days.items():
                yield from workspace.chat(folder, names, options)


def _find_days(files: Files) -> dict[str, list[str]]:
    """Return the files of days by the folder of their channel, in order."""
    days: dict[str, list[str]] = {}
    for name in sorted(files.names()):
        found = _DAY.fullmatch(name)
        if found and not name.startswith("__MACOSX/"):
            days.setdefault(found["folder"], []).append(name)
    return days


def _is_export(files: Files) -> bool:
    names = [day for days in list(_find_days(files).values())[:_LOOKED_AT] for day in days[:1]]
    return any(is_recognised(files, name, _is_day) for name in names)


def _is_day(reader: JsonReader) -> bool:
    """Tell a day by its first message; one on which nothing was said is an empty list."""
    if reader.next()[0] != "start_array":
        return False
    event = reader.next()
    return event[0] == "end_array" or ("ts" in as_map(reader.value(event)) if event[0] == "start_map" else False)


class _Workspace:
    """What the lists of an export tell: who is who, and which folder is which conversation."""

    def __init__(self, files: Files) -> None:
        self._files = files
        people: dict[str, str] = {}
        titles: dict[str, str] = {}
        self._listed: dict[str, tuple[str, dict[str, object]]] = {}
        lists = [name for name in files.names() if PurePosixPath(name).name in {*_PEOPLE, *_LISTS}]
        for name in lists:
            if PurePosixPath(name).name in _PEOPLE:
                people.update(_names_of(record) for record in _records(files, name))
        for name in lists:
            kind = _LISTS.get(PurePosixPath(name).name)
            for record in _records(files, name) if kind else ():
                identity, title = as_text(record.get("id")), as_text(record.get("name"))
                root = name.removesuffix(PurePosixPath(name).name)
                for folder in filter(None, (title, identity)):
                    self._listed.setdefault(root + folder, (kind or "", record))
                titles[identity] = title
        self._names = Names(people, titles)

    def chat(self, folder: str, days: list[str], options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the conversation of a folder."""
        channel = self._describe_channel(folder)
        root = folder.removesuffix(PurePosixPath(folder).name)
        media = MediaTree(self._files, root)
        chat = ParsedChat(channel.title, iter(()), external_id=channel.id, kind=channel.kind, media=media)
        warnings = WarningCounter()
        reader = SlackMessageReader(
            channel.id,
            self._names,
            options.timezone or LocalZone(),
            warnings,
            media,
            PurePosixPath(folder).name,
        )
        yield from stream_chat(chat, self._read_messages(days, reader, chat), warnings)

    def _read_messages(self, days: list[str], reader: SlackMessageReader, chat: ParsedChat) -> Iterator[ParsedMessage]:
        for number, record in enumerate(self._read_days(days, chat), 1):
            if (message := reader.read(record, number)) is not None:
                yield message

    def _read_days(self, days: list[str], chat: ParsedChat) -> Iterator[dict[str, object]]:
        """Yield what was said on these days; of a damaged day what stands before the damage."""
        for day in days:
            try:
                yield from _records(self._files, day)
            except DamagedJson as error:
                chat.warnings.append(ImportWarning(None, f"{error}; what comes after that on this day is missing"))

    def _describe_channel(self, folder: str) -> _ExportedChannel:
        name = PurePosixPath(folder).name
        kind, record = self._listed.get(folder, ("", {}))
        members = [self._names.person(as_text(each)) for each in as_list(record.get("members"))]
        if kind in {"direct", "several"} and members:
            more = ", …" if len(members) > _SHOWN else ""
            title = ", ".join(members[:_SHOWN]) + more
            return _ExportedChannel(as_text(record.get("id")) or name, title, "direct" if kind == "direct" else "group")
        is_direct = kind == "direct" or (not kind and _ID.fullmatch(name) is not None and name.startswith("D"))
        title = f"#{as_text(record.get('name')) or name}" if not is_direct else name
        return _ExportedChannel(as_text(record.get("id")) or name, title, "direct" if is_direct else "group")


def _names_of(record: dict[str, object]) -> tuple[str, str]:
    """Return a person's id, and the name that the others see."""
    profile = as_map(record.get("profile"))
    names = (profile.get("display_name"), profile.get("real_name"), record.get("real_name"), record.get("name"))
    return as_text(record.get("id")), next((name for name in map(as_text, names) if name.strip()), "")


def _records(files: Files, name: str) -> Iterator[dict[str, object]]:
    """Yield the objects of a list in a file."""
    with open_json(files, name) as reader:
        if reader.next()[0] != "start_array":
            raise ImportRefused("is not a list")
        for event in reader.elements():
            value = reader.value(event)
            if isinstance(value, dict):
                yield value
