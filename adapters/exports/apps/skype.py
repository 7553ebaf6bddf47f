"""Skype's export: messages.json. Microsoft Teams writes the same for personal accounts; see teams.py."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import tzinfo
from typing import ClassVar, Final

from adapters.exports.archive import MediaTree
from adapters.exports.html_text import html_to_text
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_export import JsonExport, enter_root
from adapters.exports.json_stream import JsonReader, as_list, as_map, as_text
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import ParsedAttachment, ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.timestamps import from_iso
from bot import LocalZone

Record = dict[str, object]
_FILES: Final = re.compile(r"RichText/(?:UriObject|Media_\w+|Files?)|Event/.*File", re.IGNORECASE)
_SYSTEM: Final = re.compile(r"(?:Event|ThreadActivity|Notice|InviteFree\w*)\b")
_SILENT: Final = re.compile(r"(?:Control|Signal)\b|Event/SkypeVideoMessage")
"""Who is typing, and the like."""
_ORIGINAL: Final = re.compile(r"<OriginalName v=\"([^\"]+)\"|<FileSize|<Title>(?:Title: )?([^<]+)</Title>")
_IMAGE: Final = re.compile(r"<img\b[^>]*schema\.skype\.com/AMSImage[^>]*>")
_QUOTE: Final = re.compile(r"<quote [^>]*>(.*?)</quote>", re.DOTALL)
_NOT_QUOTED: Final = re.compile(r"<legacyquote>.*?</legacyquote>", re.DOTALL)
_REPLY: Final = re.compile(
    r"<blockquote\b[^>]*schema\.skype\.com/Reply[^>]*?(?:itemid=\"(\d+)\"[^>]*)?>.*?</blockquote>", re.DOTALL
)
_EDITED: Final = re.compile(r"<e_m [^>]*/?>(?:</e_m>)?")
_CONTACT: Final = re.compile(r"<c\b[^>]*?\bf=\"([^\"]+)\"[^>]*>|<c\b[^>]*?\bs=\"([^\"]+)\"[^>]*>")
_CONCERNS: Final = re.compile(
    r"<(?:name|target|value|friendlyname|topic)>(?:\d+:)?([^<]+)</|<partlist[^>]*type=\"(\w+)\""
)
_TEAMS: Final = ("@thread.v2", "@unq.gbl.spaces", "@thread.tacv2")


class SkypeExport(JsonExport):
    """Reads the conversations of a Skype account."""

    name = "skype"
    label = "Skype"
    of_teams: ClassVar[bool] = False

    def is_export(self, reader: JsonReader) -> bool:
        """Tell by the account and its conversations, and by their ids whether they are Skype's or those of Teams."""
        if reader.next()[0] != "start_map":
            return False
        has_account = False
        for key, event in reader.members():
            if key == "conversations" and event[0] == "start_array":
                first = reader.next()
                return has_account and self._is_own(reader, first[0])
            has_account = has_account or key in {"userId", "exportDate"}
            reader.skip(event)
        return False

    def _is_own(self, reader: JsonReader, first: str) -> bool:
        if first != "start_map":
            return not self.of_teams
        for key, event in reader.members():
            if key == "id":
                return as_text(event[1]).endswith(_TEAMS) == self.of_teams
            reader.skip(event)
        return False

    def read_chats(self, reader: JsonReader, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the conversations, each the oldest message first."""
        enter_root(reader)
        account = ""
        for key, event in reader.members():
            if key == "userId":
                account = as_text(reader.value(event))
            elif key == "conversations" and event[0] == "start_array":
                yield from self.read_conversations(reader, account, media, options)
            else:
                reader.skip(event)

    def read_conversations(
        self, reader: JsonReader, account: str, media: MediaTree, options: ParseOptions
    ) -> Iterator[ParsedChat]:
        """Yield the conversations of a list that was opened."""
        for event in reader.elements():
            if event[0] == "start_map":
                yield _read_conversation(reader, account, media, options)
            else:
                reader.skip(event)


def _read_conversation(reader: JsonReader, account: str, media: MediaTree, options: ParseOptions) -> ParsedChat:
    identity = title = ""
    warnings, messages = WarningCounter(), list[ParsedMessage]()
    for key, event in reader.members():
        if key == "id":
            identity = as_text(reader.value(event))
        elif key == "displayName":
            title = as_text(reader.value(event))
        elif key == "MessageList" and event[0] == "start_array":
            records = (as_map(reader.value(each)) for each in reader.elements())
            messages = list(_read(records, options.timezone or LocalZone(), warnings))
        else:
            reader.skip(event)
    own = identity.startswith("48:notes")
    chat = ParsedChat(
        title or ("Notes" if own else identity.partition(":")[2] or "Conversation"),
        iter(sorted(messages, key=lambda message: message.sent_at)),
        external_id=identity or None,
        kind="group" if identity.startswith("19:") and not identity.endswith("@unq.gbl.spaces") else "direct",
        media=media,
        own_account=account.removeprefix("8:") or None,
    )
    warnings.add_to(chat)
    return chat


def _read(records: Iterator[Record], zone: tzinfo, warnings: WarningCounter) -> Iterator[ParsedMessage]:
    for number, record in enumerate(records, 1):
        sent_at = from_iso(as_text(record.get("originalarrivaltime")), zone)
        kind, content = as_text(record.get("messagetype")), as_text(record.get("content"))
        account = re.sub(r"^.*/?8:", "", as_text(record.get("from"))).rpartition("/")[2]
        if sent_at is None:
            warnings.note(number, "has no possible time; it was left out")
            continue
        author = as_text(record.get("displayName")) or account or "Somebody"
        properties = as_map(record.get("properties"))
        files = tuple(_files_of(kind, content, properties))
        if _SILENT.match(kind):
            continue
        is_system = _SYSTEM.match(kind) is not None and not files
        answered = _REPLY.search(content)
        yield make_message(
            author,
            sent_at,
            _describe(author, kind, content) if is_system else _words_of(kind, content),
            number,
            kind="system" if is_system else "message",
            attachments=files,
            edited="<e_m " in content or "edittime" in properties,
            deleted="deletetime" in properties
            or (not content and not files and "isserversidegenerated" not in properties and not is_system),
            external_id=as_text(record.get("id")) or None,
            author_id=account or None,
            reply_to=answered[1] if answered else None,
        )


def _words_of(kind: str, content: str) -> str:
    """Return what a message says: its quotes as quotes, and of contacts their names."""
    if _FILES.match(kind):
        return ""
    if contacts := _CONTACT.findall(content) if kind.endswith("Contacts") else []:
        return "Contact: " + ", ".join(name or account for name, account in contacts)
    if kind == "Text":
        return content
    said = _QUOTE.sub(_mark_quote, _REPLY.sub("", _EDITED.sub("", content)))
    return html_to_text(said + "<br>") if "<" in said or "&" in said else said


def _mark_quote(quote: re.Match[str]) -> str:
    lines = _NOT_QUOTED.sub("", quote[1]).strip().split("\n")
    return "".join(f"&gt; {line}<br>" for line in lines)


def _describe(author: str, kind: str, content: str) -> str:
    """Return what happened: who called, came, or went."""
    concerned = dict.fromkeys(next(filter(None, found)).removeprefix("8:") for found in _CONCERNS.findall(content))
    return f"{author}: {' '.join([kind.partition('/')[2] or kind, ', '.join(concerned)]).strip()}"


def _files_of(kind: str, content: str, properties: Record) -> Iterator[ParsedAttachment]:
    if _FILES.match(kind):
        names = [first or second for first, second in _ORIGINAL.findall(content) if first or second]
        yield make_attachment(names[0].strip() if names else None, "image" if "Picture" in content[:200] else None)
    yield from (make_attachment(None, "image") for _ in _IMAGE.findall(content))
    listed = properties.get("files")
    with suppress(ValueError, RecursionError):
        files = as_list(json.loads(listed) if isinstance(listed, str) else listed)
        names = [as_text(as_map(each).get("fileName") or as_map(each).get("title")) for each in files]
        yield from (make_attachment(name) for name in names if name)
