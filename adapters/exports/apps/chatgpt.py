"""ChatGPT's "Export data": conversations.json, in which each conversation is a tree of messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, tzinfo

from adapters.exports.apps.chatgpt_content import index_uploads, read_content
from adapters.exports.archive import MediaTree
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_export import JsonExport
from adapters.exports.json_stream import JsonReader, as_list, as_map, as_text
from adapters.exports.messages import make_message
from adapters.exports.parsed import ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.timestamps import from_iso, in_zone
from bot import LocalZone
from bot.errors import ImportRefused

Record = dict[str, object]
YOU, ASSISTANT = "You", "ChatGPT"
_OF_OTHERS = frozenset({"messages", "chats", "conversations", "events"})
"""What the histories of other apps may hold, which are long."""
_OTHER_BRANCH = "is another version of what was said, which was not on screen last; it was left out"


class ChatGptExport(JsonExport):
    """Reads conversations with ChatGPT: your words are yours, the assistant's its own."""

    name = "chatgpt"
    label = "ChatGPT"

    def is_export(self, reader: JsonReader) -> bool:
        """Tell by the tree of the first conversation, in a list or alone."""
        event = reader.next()
        if event[0] == "start_array":
            event = reader.next()
        if event[0] != "start_map":
            return False
        for key, value in reader.members():
            if key == "mapping":
                return value[0] == "start_map" and _is_tree(reader)
            if key in _OF_OTHERS:
                return False
            reader.skip(value)
        return False

    def read_chats(self, reader: JsonReader, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the conversations, each by the branch that was on screen last."""
        event = reader.next()
        if event[0] not in {"start_array", "start_map"}:
            raise ImportRefused("is not an export of ChatGPT: it holds no list")
        zone, uploads = options.timezone or LocalZone(), index_uploads(media)
        if event[0] == "start_map":
            yield _read_conversation(as_map(reader.value(event)), media, zone, uploads)
            return
        for each in reader.elements():
            yield _read_conversation(as_map(reader.value(each)), media, zone, uploads)


def _is_tree(reader: JsonReader) -> bool:
    """Tell whether the first node has its place in a tree."""
    for _, event in reader.members():
        node = as_map(reader.value(event)) if event[0] == "start_map" else {}
        return "message" in node or "children" in node
    return True


def _read_conversation(record: Record, media: MediaTree, zone: tzinfo, uploads: dict[str, str]) -> ParsedChat:
    warnings = WarningCounter()
    chat = ParsedChat(
        as_text(record.get("title")) or "ChatGPT",
        iter(list(_read_branch(record, zone, uploads, warnings))),
        external_id=as_text(record.get("conversation_id") or record.get("id")) or None,
        kind="direct",
        media=media,
        own_account="user",
    )
    warnings.add_to(chat)
    return chat


def _read_branch(
    record: Record, zone: tzinfo, uploads: dict[str, str], warnings: WarningCounter
) -> Iterator[ParsedMessage]:
    branch = _find_branch(record)
    sent_at = _time_of(record, zone)
    for number, (identity, message) in enumerate(branch, 1):
        shown = read_content(message, uploads)
        sent_at = _time_of(message, zone) or sent_at
        if shown is None or sent_at is None or not (shown.text or shown.files):
            continue
        own = as_text(as_map(message.get("author")).get("role")) == "user"
        yield make_message(
            YOU if own else ASSISTANT,
            sent_at,
            shown.text,
            number,
            attachments=shown.files,
            external_id=identity,
            author_id="user" if own else "assistant",
        )
    _note_others(record, {identity for identity, _ in branch}, warnings)


def _note_others(record: Record, shown: set[str], warnings: WarningCounter) -> None:
    """Count what was said on other branches: an answer that was asked for again, a question that was edited."""
    for number, (key, node) in enumerate(as_map(record.get("mapping")).items(), 1):
        message = as_map(as_map(node).get("message"))
        if message and (as_text(message.get("id")) or key) not in shown:
            content = read_content(message, {})
            if content is not None and content.text:
                warnings.note(number, _OTHER_BRANCH)


def _find_branch(record: Record) -> list[tuple[str, Record]]:
    """Return the messages from the first to the one that was shown last."""
    nodes = as_map(record.get("mapping"))
    at, seen = as_text(record.get("current_node")), set[str]()
    if at not in nodes:
        at = next((key for key in reversed(nodes) if not as_list(as_map(nodes[key]).get("children"))), "")
    branch: list[tuple[str, Record]] = []
    while at in nodes and at not in seen:
        seen.add(at)
        node = as_map(nodes[at])
        message = as_map(node.get("message"))
        if message:
            branch.append((as_text(message.get("id")) or at, message))
        at = as_text(node.get("parent"))
    return branch[::-1]


def _time_of(record: Record, zone: tzinfo) -> datetime | None:
    """Return when a message or a conversation was made; some programs write it as ISO 8601."""
    text = as_text(record.get("create_time"))
    if re.fullmatch(r"\d{1,12}(?:\.\d+)?", text):
        return in_zone(float(text), zone)
    return from_iso(text, zone) if text else None
