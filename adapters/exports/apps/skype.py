"""Skype's export: messages.json. Microsoft Teams writes the same for personal accounts; see teams.py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import tzinfo
from typing import ClassVar, Final

from adapters.exports.apps.skype_content import describe, files_of, find_answered, names_within, words_of
from adapters.exports.archive import MediaTree
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_export import JsonExport, enter_root
from adapters.exports.json_stream import JsonReader, as_map, as_text
from adapters.exports.messages import make_message
from adapters.exports.parsed import ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.timestamps import from_iso
from bot import LocalZone

Record = dict[str, object]
_SYSTEM: Final = re.compile(r"(?:Event|ThreadActivity|Notice|InviteFree\w*)\b")
_SILENT: Final = re.compile(r"(?:Control|Signal)\b|Event/SkypeVideoMessage")
"""Who is typing, and the like."""
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
    warnings, messages, names = WarningCounter(), list[ParsedMessage](), dict[str, str]()
    for key, event in reader.members():
        if key == "id":
            identity = as_text(reader.value(event))
        elif key == "displayName":
            title = as_text(reader.value(event))
        elif key == "MessageList" and event[0] == "start_array":
            records = (as_map(reader.value(each)) for each in reader.elements())
            messages = list(_read(records, options.timezone or LocalZone(), warnings, names))
        else:
            reader.skip(event)
    own = identity.startswith("48:notes")
    if title and identity.startswith("8:"):
        names.setdefault(identity.removeprefix("8:"), title)
    messages = [_name_author(message, names) for message in messages]
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


def _name_author(message: ParsedMessage, names: dict[str, str]) -> ParsedMessage:
    """Return a message with its author's name, which other messages may tell, in place of the account."""
    known = names.get(message.author_id or "")
    return message._replace(author=known) if known and message.author == message.author_id else message


def _read(
    records: Iterator[Record], zone: tzinfo, warnings: WarningCounter, names: dict[str, str]
) -> Iterator[ParsedMessage]:
    for number, record in enumerate(records, 1):
        sent_at = from_iso(as_text(record.get("originalarrivaltime")), zone)
        kind, content = as_text(record.get("messagetype")), as_text(record.get("content"))
        account = re.sub(r"^.*/?8:", "", as_text(record.get("from"))).rpartition("/")[2]
        if sent_at is None:
            warnings.note(number, "has no possible time; it was left out")
            continue
        names.update(names_within(content))
        author = as_text(record.get("displayName")) or names.get(account) or account or "Somebody"
        properties = as_map(record.get("properties"))
        files = tuple(files_of(kind, content, properties))
        if _SILENT.match(kind):
            continue
        is_system = _SYSTEM.match(kind) is not None and not files
        yield make_message(
            author,
            sent_at,
            describe(author, kind, content) if is_system else words_of(kind, content),
            number,
            kind="system" if is_system else "message",
            attachments=files,
            edited="<e_m " in content or "edittime" in properties,
            deleted="deletetime" in properties
            or (not content and not files and "isserversidegenerated" not in properties and not is_system),
            external_id=as_text(record.get("id")) or None,
            author_id=account or None,
            reply_to=find_answered(content),
        )
