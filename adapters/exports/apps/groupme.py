"""GroupMe's export: message.json beside conversation.json, in a folder for each group or person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import tzinfo
from pathlib import PurePosixPath
from typing import Final

from adapters.exports.archive import MediaTree
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_export import JsonExport
from adapters.exports.json_files import read_object
from adapters.exports.json_stream import JsonReader, as_list, as_map, as_text
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import AttachmentKind, ParsedAttachment, ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.timestamps import in_zone
from bot import LocalZone
from bot.errors import ImportRefused

Record = dict[str, object]
_KEYS: Final = frozenset({"created_at", "favorited_by", "attachments", "text"})
_ABOUT: Final = ("conversation.json", "group_info.json")
"""What the group is called stands beside its messages; the second name is that of a program that saves groups."""
_PEOPLE: Final = "people.json"
_KINDS: Final[dict[str, AttachmentKind]] = {
    "image": "image", "linked_image": "image", "video": "video", "audio": "audio", "file": "document",
}  # fmt: skip
_NAMED: Final = re.compile(r"[0-9a-f]{32}")
_SYSTEM: Final = frozenset({"system", "calendar", "poll"})


class GroupMeExport(JsonExport):
    """Reads the messages of a group or of two people."""

    name = "groupme"
    label = "GroupMe"

    def is_export(self, reader: JsonReader) -> bool:
        """Tell by what the first message has."""
        if reader.next()[0] != "start_array":
            return False
        event = reader.next()
        first = as_map(reader.value(event)) if event[0] == "start_map" else {}
        return first.keys() >= _KEYS and bool(first.keys() & {"sender_id", "user_id", "author"})

    def read_chats(self, reader: JsonReader, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the conversation, its oldest message first."""
        if reader.next()[0] != "start_array":
            raise ImportRefused("is not an export of GroupMe: it holds no list")
        about = next(filter(None, (read_object(media, name) for name in _ABOUT)), {})
        names = _names_of(about, read_object(media, _PEOPLE))
        warnings, zone, messages = WarningCounter(), options.timezone or LocalZone(), list[ParsedMessage]()
        files = {found[0]: name for name in media.names() if (found := _NAMED.search(PurePosixPath(name).name))}
        group = ""
        for number, event in enumerate(reader.elements(), 1):
            record = as_map(reader.value(event))
            group = group or as_text(record.get("group_id") or record.get("conversation_id"))
            message = _read(record, number, names, files, zone)
            if message is None:
                warnings.note(number, "has no possible time; it was left out")
            else:
                messages.append(message)
        chat = ParsedChat(
            as_text(about.get("name")) or as_text(as_map(about.get("other_user")).get("name")) or "GroupMe chat",
            iter(sorted(messages, key=lambda message: message.sent_at)),
            external_id=as_text(about.get("group_id") or about.get("id")) or group or None,
            kind="direct" if "other_user" in about or "+" in group else "group",
            media=media,
        )
        warnings.add_to(chat)
        yield chat


def _names_of(about: Record, people: Record) -> dict[str, str]:
    """Return what the accounts are called, by the members of the group."""
    names = {key: as_text(as_map(value).get("name")) for key, value in people.items()}
    for member in map(as_map, as_list(about.get("members"))):
        names[as_text(member.get("user_id"))] = as_text(member.get("nickname") or member.get("name"))
    return names


def _read(
    record: Record, number: int, names: dict[str, str], files: dict[str, str], zone: tzinfo
) -> ParsedMessage | None:
    seconds = as_text(record.get("created_at"))
    sent_at = in_zone(int(seconds), zone) if re.fullmatch(r"\d{1,12}", seconds) else None
    if sent_at is None:
        return None
    account = as_text(record.get("sender_id") or record.get("user_id") or record.get("author"))
    is_system = record.get("system") is True or account in _SYSTEM
    attached = [as_map(each) for each in as_list(record.get("attachments"))]
    edited = as_text(record.get("updated_at"))
    return make_message(
        as_text(record.get("name")) or names.get(account) or account or "Somebody",
        sent_at,
        "\n".join(filter(None, [as_text(record.get("text")), *map(_words_of, attached)])),
        number,
        kind="system" if is_system else "message",
        attachments=tuple(file for each in attached for file in _files_of(each, files)),
        edited=edited.isdecimal() and int(edited) > int(seconds),
        deleted=bool(record.get("deleted_at")),
        reply_to=next((as_text(each.get("reply_id")) for each in attached if each.get("type") == "reply"), None),
        external_id=as_text(record.get("id")) or None,
        author_id=account or None,
    )


def _words_of(attached: Record) -> str:
    """Return the place that was shared."""
    if attached.get("type") != "location":
        return ""
    place = ", ".join(filter(None, (as_text(attached.get("lat")), as_text(attached.get("lng")))))
    return f"{as_text(attached.get('name'))} ({place})".strip() if place else as_text(attached.get("name"))


def _files_of(attached: Record, files: dict[str, str]) -> Iterator[ParsedAttachment]:
    """Yield the file that is attached; the export may have it, under a name with the number of its address."""
    kind = _KINDS.get(as_text(attached.get("type")))
    if kind is None:
        return
    address = as_text(attached.get("url") or attached.get("file_id"))
    found = _NAMED.search(address)
    path = files.get(found[0]) if found else None
    name = PurePosixPath(path).name if path else None
    yield make_attachment(name, None if path else kind, path=path, present=path is not None)
