"""Claude's "Export data": conversations.json, a list of conversations in order, and the documents of projects."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from adapters.exports.apps.claude_content import read_pasted_texts, words_of
from adapters.exports.archive import MediaTree
from adapters.exports.json_export import JsonExport
from adapters.exports.json_stream import JsonReader, as_list, as_map, as_text
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.timestamps import from_iso
from bot import LocalZone
from bot.errors import ImportRefused

Record = dict[str, object]
_AUTHORS = {"human": "You", "assistant": "Claude"}
_OF_OTHERS = frozenset({"mapping", "messages", "chats", "conversations", "events"})
"""What the histories of other apps may hold, which are long."""


class ClaudeExport(JsonExport):
    """Reads conversations with Claude: your words are yours, the assistant's its own."""

    name = "claude"
    label = "Claude"

    def is_export(self, reader: JsonReader) -> bool:
        """Tell by the messages of the first conversation, or by the documents of the first project."""
        event = reader.next()
        if event[0] == "start_array":
            event = reader.next()
        if event[0] != "start_map":
            return False
        seen: set[str] = set()
        for key, value in reader.members():
            seen.add(key)
            if key == "chat_messages":
                return value[0] == "start_array"
            if key == "docs" and "uuid" in seen:
                return value[0] == "start_array"
            if key in _OF_OTHERS:
                return False
            reader.skip(value)
        return False

    def read_chats(self, reader: JsonReader, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the conversations, and the projects that have documents."""
        event = reader.next()
        if event[0] not in {"start_array", "start_map"}:
            raise ImportRefused("is not an export of Claude: it holds no list")
        zone = options.timezone or LocalZone()
        for each in [event] if event[0] == "start_map" else reader.elements():
            record = as_map(reader.value(each))
            if "docs" not in record or as_list(record["docs"]):
                yield _read_chat(record, media, zone)


def _read_chat(record: Record, media: MediaTree, zone: tzinfo) -> ParsedChat:
    return ParsedChat(
        as_text(record.get("name")) or "Claude",
        _read_documents(record, zone) if "docs" in record else _read(record, zone),
        external_id=as_text(record.get("uuid")) or None,
        kind="direct",
        media=media,
        own_account="human",
    )


def _read_documents(project: Record, zone: tzinfo) -> Iterator[ParsedMessage]:
    """Yield the documents that somebody gave a project, each as their words."""
    for number, document in enumerate(map(as_map, as_list(project.get("docs"))), 1):
        sent_at = from_iso(as_text(document.get("created_at") or project.get("created_at")), zone)
        name, content = as_text(document.get("filename")), as_text(document.get("content")).strip()
        if sent_at is not None and content:
            text = f"{name}:\n{content}" if name else content
            yield make_message(
                "You", sent_at, text, number, external_id=as_text(document.get("uuid")) or None, author_id="human"
            )


def _read(record: Record, zone: tzinfo) -> Iterator[ParsedMessage]:
    for number, message in enumerate(map(as_map, as_list(record.get("chat_messages"))), 1):
        sender = as_text(message.get("sender"))
        sent_at = from_iso(as_text(message.get("created_at") or record.get("created_at")), zone)
        files = [*as_list(message.get("attachments")), *as_list(message.get("files"))]
        names = dict.fromkeys(as_text(as_map(each).get("file_name")) for each in files)
        attachments = tuple(make_attachment(name) for name in names if name)
        text = "\n\n".join(filter(None, [words_of(message), *read_pasted_texts(message)]))
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
