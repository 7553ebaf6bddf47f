"""Matrix rooms as Element exports them: "Export chat" with the format JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from itertools import chain

from adapters.exports.archive import MediaTree
from adapters.exports.chat_stream import stream_chat
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_export import JsonExport, enter_root
from adapters.exports.json_stream import JsonReader, as_list, as_map, as_text
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import AttachmentKind, ParsedAttachment, ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.timestamps import in_zone
from bot import LocalZone

Record = dict[str, object]
_FILES: dict[str, AttachmentKind] = {
    "m.image": "image",
    "m.video": "video",
    "m.audio": "audio",
    "m.file": "document",
    "m.sticker": "sticker",
}
_POLLS = ("m.poll.start", "org.matrix.msc3381.poll.start")
_MESSAGES = frozenset({"m.room.message", "m.sticker", "m.room.encrypted", *_POLLS})
_SYSTEM = {
    "m.room.member": "{who} {membership}",
    "m.room.name": "{who} changed the room's name to {name}",
    "m.room.topic": "{who} changed the topic to {topic}",
    "m.room.create": "{who} created the room",
}


class MatrixExport(JsonExport):
    """Reads a room that Element exported."""

    name = "matrix"
    label = "Matrix (Element, JSON)"

    def is_export(self, reader: JsonReader) -> bool:
        """Tell by the room's name and the events."""
        if reader.next()[0] != "start_map":
            return False
        seen: set[str] = set()
        for key, event in reader.members():
            if key == "messages":
                if event[0] != "start_array":
                    return False
                first = reader.next()
                record = as_map(reader.value(first)) if first[0] == "start_map" else {}
                return "origin_server_ts" in record or {"room_name", "export_date"} <= seen
            seen.add(key)
            reader.skip(event)
        return False

    def read_chats(self, reader: JsonReader, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the room."""
        enter_root(reader)
        title = "Matrix room"
        for key, event in reader.members():
            if key == "room_name":
                title = as_text(reader.value(event)) or title
            elif key == "messages" and event[0] == "start_array":
                warnings = WarningCounter()
                first = next((as_map(reader.value(each)) for each in reader.elements()), {})
                chat = ParsedChat(title, iter(()), media=media, external_id=as_text(first.get("room_id")) or None)
                records = chain([first], (as_map(reader.value(each)) for each in reader.elements()))
                yield from stream_chat(chat, _read(records, options.timezone or LocalZone(), warnings), warnings)
            else:
                reader.skip(event)


def _read(records: Iterator[Record], zone: tzinfo, warnings: WarningCounter) -> Iterator[ParsedMessage]:
    names: dict[str, str] = {}
    for number, record in enumerate(records, 1):
        _learn_name(record, names)
        if record and (message := _message(record, zone, number, warnings, names)) is not None:
            yield message


def _learn_name(record: Record, names: dict[str, str]) -> None:
    """Remember what somebody is called in the room, which the event of their joining tells."""
    name = as_text(as_map(record.get("content")).get("displayname"))
    if as_text(record.get("type")) == "m.room.member" and name:
        names[as_text(record.get("state_key")) or as_text(record.get("sender"))] = name


def _message(
    record: Record, zone: tzinfo, number: int, warnings: WarningCounter, names: dict[str, str]
) -> ParsedMessage | None:
    milliseconds, kind = as_text(record.get("origin_server_ts")), as_text(record.get("type"))
    sent_at = in_zone(int(milliseconds) / 1000, zone) if milliseconds.isdecimal() else None
    if sent_at is None:
        warnings.note(number, "has no possible time; it was left out")
        return None
    sender, content = as_text(record.get("sender")), as_map(record.get("content"))
    name = names.get(sender) or sender.removeprefix("@").partition(":")[0] or "Somebody"
    identity = as_text(record.get("event_id")) or None
    if kind not in _MESSAGES:
        if kind not in _SYSTEM:
            return None  # reactions, receipts, keys
        values = {"who": name, **{key: as_text(content.get(key)) for key in ("membership", "name", "topic")}}
        said = _SYSTEM[kind].format_map(values)
        return make_message(None, sent_at, said, number, kind="system", external_id=identity)
    relation = as_map(content.get("m.relates_to"))
    answered = as_text(as_map(relation.get("m.in_reply_to")).get("event_id")) or None
    replaces = as_text(relation.get("event_id")) if as_text(relation.get("rel_type")) == "m.replace" else ""
    new = as_map(content.get("m.new_content")) if replaces else content
    return make_message(
        name,
        sent_at,
        _words_of(kind, new),
        number,
        attachments=tuple(_files_of(kind, new)),
        edited=bool(replaces) or "m.replace" in as_map(as_map(record.get("unsigned")).get("m.relations")),
        deleted="redacted_because" in as_map(record.get("unsigned")) or (kind == "m.room.message" and not content),
        reply_to=answered,
        external_id=replaces or identity,
        author_id=sender or None,
        thread=as_text(relation.get("event_id")) if as_text(relation.get("rel_type")) == "m.thread" else None,
    )


def _words_of(kind: str, content: Record) -> str:
    """Return what was said; of an answer without the lines that quote what it answers."""
    if kind == "m.room.encrypted":
        return "[a message that could not be decrypted]"
    if kind in _POLLS:
        return _poll_of(as_map(content.get("m.poll") or content.get(_POLLS[1])))
    body = as_text(content.get("body"))
    if as_text(content.get("msgtype")) in _FILES or kind == "m.sticker":
        name = as_text(content.get("filename"))
        return body if name and body != name else ""
    if body.startswith("> ") and "m.relates_to" in content:
        lines = body.split("\n")
        while lines and (lines[0].startswith(">") or not lines[0]):
            lines.pop(0)
        return "\n".join(lines)
    return f"* {body}" if as_text(content.get("msgtype")) == "m.emote" else body


def _poll_of(poll: Record) -> str:
    """Return a poll's question and answers."""
    answers = [as_map(each) for each in as_list(poll.get("answers"))]
    return "\n- ".join([f"Poll: {_text_of(as_map(poll.get('question')))}", *map(_text_of, answers)])


def _text_of(block: Record) -> str:
    """Return a text of a poll: stable clients write a list of bodies, older ones a name of their own or a body."""
    bodies = [as_text(as_map(each).get("body")) for each in as_list(block.get("m.text"))]
    return next(iter(filter(None, bodies)), "") or as_text(block.get("org.matrix.msc1767.text") or block.get("body"))


def _files_of(kind: str, content: Record) -> Iterator[ParsedAttachment]:
    file = _FILES.get(as_text(content.get("msgtype")) or kind)
    if file:
        yield make_attachment(as_text(content.get("filename")) or as_text(content.get("body")) or None, file)
