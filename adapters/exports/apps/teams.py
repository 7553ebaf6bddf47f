"""Microsoft Teams: the export of personal accounts, of the make of Skype's, and messages as Microsoft Graph lists them.

Graph's shape: https://learn.microsoft.com/en-us/graph/api/resources/chatmessage
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import tzinfo

from adapters.exports.apps.skype import SkypeExport
from adapters.exports.apps.skype_cards import read_adaptive_card
from adapters.exports.archive import MediaTree
from adapters.exports.html_text import html_to_text
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_stream import Event, JsonReader, as_list, as_map, as_text
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.timestamps import from_iso
from bot import LocalZone

Record = dict[str, object]
_EVENT = re.compile(r"EventMessageDetail$")
_GRAPH = ("value", "messages")


class TeamsExport(SkypeExport):
    """Reads the conversations of a personal account, and those that were listed by Graph."""

    name = "teams"
    label = "Microsoft Teams"
    of_teams = True

    def is_export(self, reader: JsonReader) -> bool:
        """Tell by the conversations' ids, or by the first message of Graph."""
        event = reader.next()
        if event[0] == "start_array":
            return _is_graph(reader, event)
        if event[0] != "start_map":
            return False
        has_account = False
        for key, value in reader.members():
            if key in _GRAPH and value[0] == "start_array":
                return _is_graph(reader, value)
            if key == "conversations" and value[0] == "start_array":
                return has_account and self._is_own(reader, reader.next()[0])
            has_account = has_account or key in {"userId", "exportDate"}
            reader.skip(value)
        return False

    def read_chats(self, reader: JsonReader, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the conversations, each the oldest message first."""
        event = reader.next()
        if event[0] == "start_array":
            yield _read_graph(reader, media, options)
            return
        account = ""
        for key, value in reader.members():
            if key in _GRAPH and value[0] == "start_array":
                yield _read_graph(reader, media, options)
            elif key == "userId":
                account = as_text(reader.value(value))
            elif key == "conversations" and value[0] == "start_array":
                yield from self.read_conversations(reader, account, media, options)
            else:
                reader.skip(value)


def _is_graph(reader: JsonReader, _: Event) -> bool:
    first = reader.next()
    record = as_map(reader.value(first)) if first[0] == "start_map" else {}
    return {"createdDateTime", "body"} <= record.keys()


def _read_graph(reader: JsonReader, media: MediaTree, options: ParseOptions) -> ParsedChat:
    warnings, zone = WarningCounter(), options.timezone or LocalZone()
    title, messages = "", list[ParsedMessage]()
    for number, event in enumerate(reader.elements(), 1):
        record = as_map(reader.value(event))
        title = title or as_text(record.get("subject")) or as_text(record.get("chatId"))
        if (message := _message(record, number, zone, warnings)) is not None:
            messages.append(message)
    chat = ParsedChat(title or "Teams chat", iter(sorted(messages, key=lambda each: each.sent_at)), media=media)
    warnings.add_to(chat)
    return chat


def _message(record: Record, number: int, zone: tzinfo, warnings: WarningCounter) -> ParsedMessage | None:
    sent_at = from_iso(as_text(record.get("createdDateTime")), zone)
    if sent_at is None:
        warnings.note(number, "has no possible time; it was left out")
        return None
    sender = as_map(as_map(record.get("from")).get("user") or as_map(record.get("from")).get("application"))
    attached = [as_map(each) for each in as_list(record.get("attachments"))]
    names = [as_text(each.get("name")) for each in attached]
    kind = as_text(record.get("messageType"))
    quoted = (as_text(each.get("id")) for each in attached if each.get("contentType") == "messageReference")
    return make_message(
        as_text(sender.get("displayName")) or "Somebody",
        sent_at,
        _words_of(record, attached),
        number,
        kind="system" if kind not in {"message", ""} else "message",
        attachments=tuple(make_attachment(name) for name in names if name),
        edited=bool(record.get("lastEditedDateTime")),
        deleted=bool(record.get("deletedDateTime")),
        external_id=as_text(record.get("id")) or None,
        author_id=as_text(sender.get("id")) or None,
        reply_to=as_text(record.get("replyToId")) or next(filter(None, quoted), None),
    )


def _words_of(record: Record, attached: list[Record]) -> str:
    """Return what a message says, its cards below; of an event what happened and whom it concerns."""
    body, event = as_map(record.get("body")), as_map(record.get("eventDetail"))
    content = as_text(body.get("content"))
    said = html_to_text(content) if as_text(body.get("contentType")) == "html" else content
    cards = [as_text(each.get("content")) for each in attached if "card" in as_text(each.get("contentType"))]
    if event and not said:
        happened = _EVENT.sub("", as_text(event.get("@odata.type")).rpartition(".")[2])
        people = [as_text(as_map(each).get("displayName")) for each in as_list(event.get("members"))]
        told = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", happened).lower()
        said = ": ".join(filter(None, [told, ", ".join(filter(None, people))]))
    return "\n".join(filter(None, [said, *map(read_adaptive_card, cards)]))
