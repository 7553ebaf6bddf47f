"""Signal: the chats that Signal Desktop exports as lines of JSON, and the texts of the signal-export tool.

The lines of JSON hold the frames of Signal's backups: https://github.com/signalapp/libsignal (backup.proto).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, tzinfo
from itertools import chain
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import BinaryIO
from urllib.parse import unquote

from adapters.exports.archive import Files, MediaTree, open_files
from adapters.exports.decoding import decode_head
from adapters.exports.file_export import read_head
from adapters.exports.files_by_name import kind_of_file
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_files import folder_of, parse_line
from adapters.exports.json_stream import as_list, as_map, as_text
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import ParsedAttachment, ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.plain.export import chats_of_lines
from adapters.exports.text_export import Line, TextExport, join_lines
from adapters.exports.timestamps import from_iso, in_zone
from bot import LocalZone

Record = dict[str, object]
_STAMP = re.compile(r"\[(\d{4}-\d\d-\d\d),? (\d\d:\d\d(?::\d\d)?)\] (?:([^:\n]{1,120}?): ?)?(.*)")
_TOOLS = re.compile(r"\[\d{4}-\d\d-\d\d,? \d\d:\d\d\] [^:\n]{1,120}: ")
"""WhatsApp's stamps of this make have seconds."""
_MARKDOWN = re.compile(r"(?:^|/)(?:chat|index)\.md$", re.IGNORECASE)
_DELETED = "(This message was deleted)"
_CALL = re.compile(r"(?:Incoming|Outgoing|Missed) (?:\w{1,12} )?call(?: \([^()\n]{1,40}\))?")
_STICKER = re.compile(r"\(\( (.{1,40}) \)\)$")
_NOBODY = "No-Sender"
_FILE = re.compile(r"!?\[([^\[\]]*)\]\(([^)\n]{1,300})\)")
_REACTIONS = re.compile(r"\n?\(- .{1,400}? -\)\s*$")
_ME = "Me"


class SignalExport(TextExport):
    """Reads Signal's own export and signal-export's chat.md, chat.txt and data.json."""

    name = "signal"
    label = "Signal"
    own_name = "Me"
    members = re.compile(r"\.(?:md|txt|jsonl)$|(?:^|/)data\.json$", re.IGNORECASE)

    def is_file(self, files: Files, name: str) -> bool:
        """Tell by the first line, and of stamps with seconds by the name, too."""
        if not _MARKDOWN.search(name):
            return super().is_file(files, name)
        return _STAMP.match(decode_head(read_head(files, name)).lstrip("\ufeff")) is not None

    def is_export(self, head: str) -> bool:
        """Tell by the first line: a stamp without seconds, a frame of a backup, or a message of data.json."""
        first = head.lstrip().partition("\n")[0]
        if first.startswith("{"):
            return _is_frame(first) or _is_record(first)
        return _TOOLS.match(first) is not None

    def title_of(self, head: str, path: PurePosixPath) -> str:
        """Return the chat's name: signal-export has a folder for each."""
        del head
        generic = path.stem in {"chat", "data", "index"}
        return path.parent.name if generic and path.parent.name else path.stem

    def open(self, source: Path, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the chats of `source`; those of Signal's own export share one file. Raises ImportRefused."""
        with open_files(source) as files:
            frames = [name for name in self._find(files) if _is_frame(_first_line(files, name))]
            for name in frames:
                yield from _read_frames(files, name, options)
        if not frames:
            yield from super().open(source, options)

    def read_messages(
        self, lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
    ) -> Iterator[ParsedMessage]:
        """Yield the messages of one chat of signal-export."""

        def read(number: int, line: str) -> ParsedMessage | bool:
            found = _STAMP.match(line)
            sent_at = from_iso(f"{found[1]} {found[2]}", zone) if found else None
            if found is None or sent_at is None:
                return False
            return make_message(found[3], sent_at, found[4], number, kind="message" if found[3] else "system")

        first = next(lines, None)
        if first is None:
            return
        everything = chain([first], lines)
        if first[1].lstrip().startswith("{"):
            yield from _read_records(everything, media, zone, warnings)
        else:
            said = (_as_said(_with_files(message, media)) for message in join_lines(everything, read))
            yield from (message for message in said if message.text or message.attachments or message.deleted)


def _as_said(message: ParsedMessage) -> ParsedMessage:
    """Return a message as what signal-export's words mean: deleted, a call, a sticker, or nobody's."""
    text = message.text
    if text == _DELETED:
        return message._replace(text="", deleted=True)
    if message.author == _NOBODY or _CALL.fullmatch(text):
        told = text if message.author in {_NOBODY, None} else f"{message.author}: {text}"
        return message._replace(author=None, kind="system", text=told if text else "")
    return message._replace(text=_STICKER.sub(r"[sticker: \1]", text))


def _with_files(message: ParsedMessage, media: MediaTree) -> ParsedMessage:
    """Take the files and reactions, which signal-export writes as Markdown, out of a text."""
    files: list[ParsedAttachment] = []
    for _, written in _FILE.findall(message.text):
        path = unquote(str(written)).removeprefix("./")
        if path.startswith("media/"):
            files.append(make_attachment(path.rpartition("/")[2], path=path, present=path in media))
    text = _FILE.sub(lambda found: "" if "media/" in found[2] else found[0], message.text)
    return message._replace(text=_REACTIONS.sub("", text).strip(), attachments=tuple(files))


def _read_records(
    lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
) -> Iterator[ParsedMessage]:
    """Yield the messages of signal-export's data.json: a line each."""
    for number, line in lines:
        record = parse_line(line)
        sent_at = from_iso(as_text(record.get("date")), zone)
        if sent_at is None:
            if line.strip():
                warnings.note(number, "is not a message with a time; it was left out")
            continue
        files = [as_map(each) for each in as_list(record.get("attachments"))]
        paths = [(as_text(each.get("name")), unquote(as_text(each.get("path"))).removeprefix("./")) for each in files]
        yield make_message(
            as_text(record.get("sender")) or "Somebody",
            sent_at,
            "\n\n".join(filter(None, [as_text(record.get("quote")).strip(), as_text(record.get("body")).strip()])),
            number,
            deleted=record.get("deleted") is True,
            attachments=tuple(make_attachment(n or p.rpartition("/")[2], path=p, present=p in media) for n, p in paths),
        )


def _read_frames(files: Files, name: str, options: ParseOptions) -> Iterator[ParsedChat]:
    """Yield the chats of Signal's own export: its frames are made into lines of JSON, a conversation each."""
    warnings = WarningCounter("line")
    media = MediaTree(files, folder_of(name))
    with closing(files.open(name)) as stream, TemporaryFile() as lines:
        _Frames(options.timezone or LocalZone(), warnings).write(stream, lines)
        lines.seek(0)
        yield from chats_of_lines(lines, PurePosixPath(name).stem, media, options, warnings, own_name=_ME)


class _Frames:
    """Knows the people and chats by the frames that came before."""

    def __init__(self, zone: tzinfo, warnings: WarningCounter) -> None:
        self._zone, self._warnings = zone, warnings
        self._people: dict[str, str] = {}
        self._groups: set[str] = set()
        self._chats: dict[str, tuple[str, bool]] = {}

    def write(self, stream: BinaryIO, lines: BinaryIO) -> None:
        """Write each message as a line of the plain shape."""
        for number, line in enumerate(stream, 1):
            frame = parse_line(line.decode("utf-8", "replace"))
            if recipient := as_map(frame.get("recipient")):
                self._meet(recipient)
            elif chat := as_map(frame.get("chat")):
                recipient_id = as_text(chat.get("recipientId"))
                self._chats[as_text(chat.get("id"))] = (recipient_id, recipient_id in self._groups)
            elif item := as_map(frame.get("chatItem")):
                record = self._record(item)
                if record is None:
                    self._warnings.note(number, "is not a message that could be read; it was left out")
                else:
                    lines.write(json.dumps(record).encode() + b"\n")
            elif not frame and line.strip():
                self._warnings.note(number, "is not a JSON object, or was cut short; it was left out")

    def _meet(self, recipient: Record) -> None:
        identity = as_text(recipient.get("id"))
        contact, group = as_map(recipient.get("contact")), as_map(recipient.get("group"))
        if "self" in recipient:
            self._people[identity] = _ME
        elif group:
            title = as_map(as_map(group.get("snapshot")).get("title")).get("title")
            name = as_text(as_map(title).get("title")) or as_text(title)
            self._people[identity] = name or "Group"
            self._groups.add(identity)
        else:
            parts = [contact.get("nickname"), contact.get("systemGivenName"), contact.get("systemFamilyName")]
            system = " ".join(filter(None, map(as_text, parts)))
            profile = " ".join(
                filter(None, (as_text(contact.get("profileGivenName")), as_text(contact.get("profileFamilyName"))))
            )
            number = as_text(contact.get("e164"))
            self._people[identity] = system or profile or (f"+{number.lstrip('+')}" if number else "") or "Somebody"

    def _record(self, item: Record) -> Record | None:
        milliseconds = as_text(item.get("dateSent"))
        sent_at = in_zone(int(milliseconds) / 1000, self._zone) if milliseconds.isdecimal() else None
        if sent_at is None:
            return None
        standard = as_map(item.get("standardMessage")) or as_map(item.get("directStoryReplyMessage"))
        once = as_map(item.get("viewOnceMessage")) if "viewOnceMessage" in item else None
        author, place = as_text(item.get("authorId")), as_text(item.get("chatId"))
        recipient, is_group = self._chats.get(place, ("", False))
        files = [_file_of(as_map(as_map(each).get("pointer") or each)) for each in as_list(standard.get("attachments"))]
        if once is not None:
            files.append(_file_of(as_map(as_map(once.get("attachment")).get("pointer"))))
        record: Record = {
            "author": _ME if "outgoing" in item else self._people.get(author, "Somebody"),
            "sent_at": _iso(sent_at),
            "text": _words_of(item, standard),
            "attachments": files,
            "deleted": "remoteDeletedMessage" in item or "adminDeletedMessage" in item,
            "edited": bool(as_list(item.get("revisions"))),
            "kind": "system" if "updateMessage" in item else "message",
            "conversation": {
                "platform": "signal",
                "title": self._people.get(recipient, "Signal chat"),
                "kind": "group" if is_group else "direct",
            },
        }
        return record


def _iso(moment: datetime) -> str:
    return moment.isoformat()


def _words_of(item: Record, standard: Record) -> str:
    if "updateMessage" in item:
        return _describe_update(as_map(item["updateMessage"]))
    if poll := as_map(item.get("poll")):
        options = [as_text(as_map(each).get("option")) for each in as_list(poll.get("options"))]
        return "\n- ".join([f"Poll: {as_text(poll.get('question'))}", *filter(None, options)])
    if "paymentNotification" in item or "giftBadge" in item:
        return "[a payment]" if "paymentNotification" in item else "[a donation badge]"
    if sticker := as_map(as_map(item.get("stickerMessage")).get("sticker")):
        return f"[sticker: {as_text(sticker.get('emoji'))}]"
    contact = as_map(as_map(item.get("contactMessage")).get("contact"))
    name = as_map(contact.get("name"))
    parts = [as_text(name.get("givenName")), as_text(name.get("familyName"))]
    text = as_map(standard.get("text"))
    said = as_text(text.get("body") or as_map(item.get("textReply")).get("body"))
    links = [as_text(as_map(each).get("url")) for each in as_list(standard.get("linkPreview"))]
    numbers = [as_text(as_map(each).get("value")) for each in as_list(contact.get("number"))]
    shared = " ".join(filter(None, [*parts, *numbers]))
    return "\n".join(filter(None, [said or shared, *(link for link in links if link not in said)]))


def _describe_update(update: Record) -> str:
    """Return what changed in a chat, in the words of the export: "group name update: New trip"."""
    kind, details = next(iter(update.items()), ("update", {}))
    changes = [each for each in map(as_map, as_list(as_map(details).get("updates"))) if each]
    told = []
    for name, values in (next(iter(change.items())) for change in changes):
        words = [as_text(value) for key, value in as_map(values).items() if not key.endswith(("Aci", "Id"))]
        told.append(": ".join(filter(None, [_space(name), ", ".join(filter(None, words))])))
    return "; ".join(told) or _space(as_text(as_map(details).get("type")).lower().replace("_", " ") or kind)


def _space(name: str) -> str:
    """Return a name in camel case as words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _file_of(pointer: Record) -> Record:
    name = as_text(pointer.get("fileName")) or as_text(pointer.get("contentType")).replace("/", ".") or "file"
    return {"name": name, "kind": kind_of_file(name)}


def _first_line(files: Files, name: str) -> str:
    with closing(files.open(name)) as stream:
        return decode_head(stream.readline(1 << 20)).strip()


def _is_frame(line: str) -> bool:
    record = parse_line(line)
    if "backupTimeMs" in record or ("version" in record and "mediaRootBackupKey" in record):
        return True
    return len(record) == 1 and bool(record.keys() & {"account", "recipient", "chat", "chatItem", "backupInfo"})


def _is_record(line: str) -> bool:
    return {"date", "sender", "body"} <= parse_line(line).keys()
