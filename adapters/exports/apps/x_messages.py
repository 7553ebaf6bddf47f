"""Direct messages of X (Twitter), from the archive of an account: JavaScript that assigns JSON, in parts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import tzinfo
from functools import partial
from html import unescape
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, cast

from adapters.exports.archive import Files, MediaTree
from adapters.exports.file_export import FileExport
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_files import folder_of
from adapters.exports.json_stream import JsonReader, as_list, as_map, as_text
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import ParsedAttachment, ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.timestamps import from_iso
from bot import LocalZone
from bot.errors import ImportRefused

Record = dict[str, object]
_ASSIGNED: Final = re.compile(rb"\s*window\.YTD\.direct_messages?(?:_group)?\.part\d+\s*=\s*(?=\[)")
_ANY_PART: Final = re.compile(rb"\s*window\.YTD\.\w{1,60}\.part\d+\s*=\s*(?=\[)")
_HEAD_BYTES: Final = 4096
_MENTIONED: Final = re.compile(
    r'"name"\s*:\s*"((?:[^"\\]|\\.){1,200})"\s*,\s*"screen_name"\s*:\s*"(\w{1,30})"[^{}]{0,200}?"id_str"\s*:\s*"(\d{1,25})"'
)
_TWEETS: Final = (
    "tweets.js",
    "tweet.js",
    *(f"{stem}-part{part}.js" for part in range(1, 20) for stem in ("tweets", "tweet")),
)
_MEDIA_PAGE: Final = "/messages/media/"
_LARGEST_TWEETS: Final = 64 << 20
_OWN: Final = "account.js"


class XExport(FileExport):
    """Reads the direct messages of an account, single and in groups."""

    name = "x"
    label = "X (Twitter) direct messages"
    members = re.compile(r"(?:^|/)direct[-_]messages?(?:-group)?(?:-part\d+)?\.js$", re.IGNORECASE)

    def is_file(self, files: Files, name: str) -> bool:
        """Tell by the name that the JSON is assigned to, and by its first conversation."""
        with closing(files.open(name)) as stream:
            head = stream.read(_HEAD_BYTES)
        return _ASSIGNED.match(head) is not None and b'"dmConversation"' in head

    def read_file(self, files: Files, name: str, source: Path, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the conversations of one file. Raises ImportRefused."""
        del source
        people = _People(files, folder_of(name))
        media = MediaTree(files, folder_of(name))
        with _open_assigned(files, name) as reader:
            if reader.next()[0] != "start_array":
                return
            for event in reader.elements():
                talk = as_map(as_map(reader.value(event)).get("dmConversation"))
                if talk:
                    yield _Talk(talk, people, media, options.timezone or LocalZone()).read()


@contextmanager
def _open_assigned(files: Files, name: str) -> Iterator[JsonReader]:
    """Open the JSON that a script assigns. What is refused in the block names the file."""
    with closing(files.open(name)) as stream:
        head = stream.read(_HEAD_BYTES)
        found = _ANY_PART.match(head)
        try:
            yield JsonReader(cast("BinaryIO", _Rest(head[found.end() :] if found else head, stream)))
        except ImportRefused as error:
            raise type(error)(f"{name}: {error}; ask X for the archive again") from error


class _Rest(io.RawIOBase):
    """A stream of which the beginning was taken already."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head, self._stream = head, stream

    def read(self, size: int = -1) -> bytes:
        """Return what was taken, then the rest."""
        if self._head:
            given, self._head = self._head, b""
            return given
        return self._stream.read(size)


class _People:
    """The names behind accounts: one's own, and those whom one's posts mention; others have only numbers."""

    def __init__(self, files: Files, folder: str) -> None:
        self.own = ""
        self._names: dict[str, str] = {}
        with suppress(ImportRefused, KeyError), _open_assigned(files, f"{folder}{_OWN}") as reader:
            event = reader.next()
            account = as_map(as_map((as_list(reader.value(event)) or [{}])[0]).get("account"))
            self.own = as_text(account.get("accountId"))
            self._names[self.own] = as_text(account.get("accountDisplayName")) or as_text(account.get("username"))
        for name in _TWEETS:
            if files.has(folder + name):
                self._learn(files, folder + name)

    def _learn(self, files: Files, name: str) -> None:
        with suppress(ImportRefused, KeyError), closing(files.open(name)) as stream:
            rest = ""
            read = 0
            for piece in iter(partial(stream.read, 1 << 20), b""):
                text = rest + piece.decode("utf-8", "replace")
                for said, handle, identity in _MENTIONED.findall(text):
                    self._names.setdefault(identity, f"{said} (@{handle})" if "\\" not in said else f"@{handle}")
                rest, read = text[-2000:], read + len(piece)
                if read > _LARGEST_TWEETS:
                    break

    def name(self, identity: str) -> str:
        """Return what somebody is called; an account that nothing names by its number."""
        return self._names.get(identity) or f"@{identity}" if identity else "Somebody"


class _Talk:
    """One conversation, whose messages stand the newest first."""

    def __init__(self, talk: Record, people: _People, media: MediaTree, zone: tzinfo) -> None:
        self._talk, self._people, self._media, self._zone = talk, people, media, zone
        self._warnings = WarningCounter()
        self._others: dict[str, None] = {}
        self._title = ""

    def read(self) -> ParsedChat:
        """Return the conversation."""
        messages: list[ParsedMessage] = []
        for number, each in enumerate(as_list(self._talk.get("messages")), 1):
            for kind, record in as_map(each).items():
                if message := self._message(kind, as_map(record), number):
                    messages.append(message)
        identity = as_text(self._talk.get("conversationId"))
        ids = identity.split("-")
        direct = len(ids) == 2
        others = [each for each in (ids if direct else self._others) if each and each != self._people.own]
        shown = ", ".join(map(self._people.name, others)) or (self._people.name(ids[0]) if direct else "")
        chat = ParsedChat(
            self._title or shown or "X",
            iter(sorted(messages, key=lambda message: message.sent_at)),
            media=self._media,
            external_id=identity or None,
            kind="direct" if direct else "group",
            own_account=self._people.own or None,
        )
        self._warnings.add_to(chat)
        return chat

    def _message(self, kind: str, record: Record, number: int) -> ParsedMessage | None:
        sent_at = from_iso(as_text(record.get("createdAt")), self._zone)
        if sent_at is None:
            self._warnings.note(number, "has no possible time; it was left out")
            return None
        sent_at = sent_at.astimezone(self._zone)
        if kind not in {"messageCreate", "welcomeMessageCreate"}:
            told = self._happening(kind, record)
            return make_message(None, sent_at, told, number, kind="system") if told else None
        sender, identity = as_text(record.get("senderId")), as_text(record.get("id"))
        self._others.setdefault(sender)
        text = unescape(as_text(record.get("text")))
        for each in map(as_map, as_list(record.get("urls"))):
            shown = as_text(each.get("expanded"))
            text = text.replace(as_text(each.get("url")) or "\0", "" if _MEDIA_PAGE in shown else shown)
        text = text if text.strip() else ""
        return make_message(
            self._people.name(sender), sent_at, text, number, attachments=tuple(self._files(record, identity)),
            edited=bool(as_list(record.get("editHistory"))), external_id=identity or None, author_id=sender or None,
        )  # fmt: skip

    def _happening(self, kind: str, record: Record) -> str:
        who = self._people.name(as_text(record.get("initiatingUserId")))
        ids = [as_text(each) for each in as_list(record.get("userIds") or record.get("participantsSnapshot"))]
        people = ", ".join(map(self._people.name, ids))
        if kind == "conversationNameUpdate":
            self._title = self._title or as_text(record.get("name"))
            return f"{who} named the conversation {as_text(record.get('name'))}"
        if kind in {"joinConversation", "participantsJoin"}:
            self._others.update(dict.fromkeys(ids))
            return (
                f"{who} added {people}" if kind == "participantsJoin" else f"{who} started a conversation with {people}"
            )
        return f"{people} left" if kind == "participantsLeave" else ""

    def _files(self, record: Record, identity: str) -> Iterator[ParsedAttachment]:
        for address in map(as_text, as_list(record.get("mediaUrls"))):
            name = PurePosixPath(address.partition("?")[0]).name
            if name:
                at = next((each for each in _places(identity, name) if each in self._media), "")
                yield make_attachment(name, None, path=at, present=bool(at))


def _places(identity: str, name: str) -> Iterator[str]:
    """Yield where a file may lie: the archive puts the message's id before its name."""
    for folder in ("direct_messages_media", "direct_messages_group_media", "direct_message_media"):
        yield f"{folder}/{identity}-{name}"
