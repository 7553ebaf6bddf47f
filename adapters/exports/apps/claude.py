"""Claude's "Export data": conversations.json, a list of conversations with their messages in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import tzinfo

from adapters.exports.archive import MediaTree
from adapters.exports.json_export import JsonExport, begins_with_map_of
from adapters.exports.json_stream import JsonReader, as_list, as_map, as_text
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.timestamps import from_iso
from bot import LocalZone
from bot.errors import ImportRefused

Record = dict[str, object]
_AUTHORS = {"human": "You", "assistant": "Claude"}


class ClaudeExport(JsonExport):
    """Reads conversations with Claude: your words are yours, the assistant's its own."""

    name = "claude"
    label = "Claude"
    members = re.compile(r"(?:^|/)conversations[^/]*\.json$")

    def is_export(self, reader: JsonReader) -> bool:
        """Tell by the messages of the first conversation."""
        return begins_with_map_of(reader, "chat_messages", "start_array")

    def read_chats(self, reader: JsonReader, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the conversations."""
        if reader.next()[0] != "start_array":
            raise ImportRefused("is not an export of Claude: it holds no list")
        for event in reader.elements():
            record = as_map(reader.value(event))
            yield ParsedChat(
                as_text(record.get("name")) or "Claude",
                _read(record, options.timezone or LocalZone()),
                external_id=as_text(record.get("uuid")) or None,
                kind="direct",
                media=media,
                own_account="human",
            )


def _read(record: Record, zone: tzinfo) -> Iterator[ParsedMessage]:
    for number, message in enumerate(map(as_map, as_list(record.get("chat_messages"))), 1):
        sender = as_text(message.get("sender"))
        sent_at = from_iso(as_text(message.get("created_at") or record.get("created_at")), zone)
        files = [*as_list(message.get("attachments")), *as_list(message.get("files"))]
        names = dict.fromkeys(as_text(as_map(each).get("file_name")) for each in files)
        attachments = tuple(make_attachment(name) for name in names if name)
        text = "\n\n".join(filter(None, [_words_of(message), *_contents_of(message)]))
        if sent_at is not None and (text or attachments):
            yield make_message(
                _AUTHORS.get(sender, sender or "Somebody"),
                sent_at,
                text,
                number,
                attachments=attachments,
                external_id=as_text(message.get("uuid")) or None,
                author_id=sender or None,
            )


def _contents_of(message: Record) -> Iterator[str]:
    """Yield the words of attached texts, which are all that the export keeps of them, each under its name."""
    for file in map(as_map, as_list(message.get("attachments"))):
        content = as_text(file.get("extracted_content")).strip()
        name = as_text(file.get("file_name"))
        if content:
            yield f"{name}:\n{content}" if name else content


def _words_of(message: Record) -> str:
    """Return what was said; newer exports have it in parts, among which the thoughts and tools are left out."""
    parts = (as_map(part) for part in as_list(message.get("content")))
    words = [as_text(part.get("text")) for part in parts if as_text(part.get("type")) == "text"]
    return "\n".join(word for word in words if word).strip() or as_text(message.get("text")).strip()
