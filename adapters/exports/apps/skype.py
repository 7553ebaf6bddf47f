"""Skype's export: messages.json. Microsoft Teams writes the same for personal accounts; see teams.py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import tzinfo
from typing import ClassVar, Final

from adapters.exports.archive import MediaTree
from adapters.exports.html_text import html_to_text
from adapters.exports.json_export import JsonExport, enter_root
from adapters.exports.json_stream import JsonReader, as_map, as_text
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import ParsedAttachment, ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.timestamps import from_iso
from adapters.exports.troubles import Troubles
from bot import LocalZone

Record = dict[str, object]
_SAID: Final = re.compile(r"(?:RichText|Text)$")
_FILES: Final = re.compile(r"RichText/(?:UriObject|Media_\w+|Files?)|Event/.*File", re.IGNORECASE)
_CALL: Final = re.compile(r"Event/Call|ThreadActivity/")
_ORIGINAL: Final = re.compile(r"<OriginalName v=\"([^\"]+)\"|<FileSize|<Title>(?:Title: )?([^<]+)</Title>")
_QUOTE: Final = re.compile(r"<legacyquote>.*?</legacyquote>|<quote [^>]*>|</quote>", re.DOTALL)
_EDITED: Final = re.compile(r"<e_m [^>]*/?>(?:</e_m>)?")
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
    troubles, messages = Troubles(), list[ParsedMessage]()
    for key, event in reader.members():
        if key == "id":
            identity = as_text(reader.value(event))
        elif key == "displayName":
            title = as_text(reader.value(event))
        elif key == "MessageList" and event[0] == "start_array":
            records = (as_map(reader.value(each)) for each in reader.elements())
            messages = list(_read(records, options.timezone or LocalZone(), troubles))
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
    troubles.tell(chat)
    return chat


def _read(records: Iterator[Record], zone: tzinfo, troubles: Troubles) -> Iterator[ParsedMessage]:
    for number, record in enumerate(records, 1):
        sent_at = from_iso(as_text(record.get("originalarrivaltime")), zone)
        kind, content = as_text(record.get("messagetype")), as_text(record.get("content"))
        account = re.sub(r"^.*/?8:", "", as_text(record.get("from"))).rpartition("/")[2]
        if sent_at is None:
            troubles.note(number, "has no possible time; it was left out")
            continue
        author = as_text(record.get("displayName")) or account or "Somebody"
        files = tuple(_files_of(kind, content))
        properties = as_map(record.get("properties"))
        if not (_SAID.match(kind) or files or _CALL.match(kind)):
            continue
        text = "" if files else html_to_text(_EDITED.sub("", _QUOTE.sub("", content))) if "<" in content else content
        if kind.startswith("RichText") and "&" in content and not files and "<" not in content:
            text = html_to_text(content + "<br>")
        yield make_message(
            author,
            sent_at,
            f"{author}: {text or kind.partition('/')[2]}" if _CALL.match(kind) else text,
            number,
            kind="system" if _CALL.match(kind) else "message",
            attachments=files,
            edited="<e_m " in content or "edittime" in properties,
            deleted="deletetime" in properties or (not content and "isserversidegenerated" not in properties),
            external_id=as_text(record.get("id")) or None,
            author_id=account or None,
        )


def _files_of(kind: str, content: str) -> Iterator[ParsedAttachment]:
    if _FILES.match(kind):
        names = [first or second for first, second in _ORIGINAL.findall(content) if first or second]
        yield make_attachment(names[0].strip() if names else None, "image" if "Picture" in content[:200] else None)
