"""ChatGPT's "Export data": conversations.json, in which each conversation is a tree of messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import tzinfo
from pathlib import PurePosixPath

from adapters.exports.archive import MediaTree
from adapters.exports.json_export import JsonExport, begins_with_map_of
from adapters.exports.json_stream import JsonReader, as_list, as_map, as_text
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import ParsedAttachment, ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.timestamps import in_zone
from bot import LocalZone
from bot.errors import ImportRefused

Record = dict[str, object]
YOU, ASSISTANT = "You", "ChatGPT"
_AUTHORS = {"user": YOU, "assistant": ASSISTANT}
_SAID = frozenset({"text", "multimodal_text", ""})
"""Kinds of content that people see as messages; the others are the assistant's tools and thoughts."""
_MARK_OPENS = "\ue200"
_MARK = re.compile(r"\ue200(?:entity\ue202\[\"[^\"]*\",\"([^\"]*)\"[^\ue201]*|[^\ue201]*)\ue201")
"""What stands for a source or a name: between characters of private use."""
_FILE_ID = re.compile(r"file[-_][A-Za-z0-9]+")


class ChatGptExport(JsonExport):
    """Reads conversations with ChatGPT: your words are yours, the assistant's its own."""

    name = "chatgpt"
    label = "ChatGPT"
    members = re.compile(r"(?:^|/)conversations[^/]*\.json$")

    def is_export(self, reader: JsonReader) -> bool:
        """Tell by the tree of the first conversation."""
        return begins_with_map_of(reader, "mapping", "start_map")

    def read_chats(self, reader: JsonReader, media: MediaTree, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the conversations, each by the branch that was on screen last."""
        if reader.next()[0] != "start_array":
            raise ImportRefused("is not an export of ChatGPT: it holds no list")
        uploads = _index_uploads(media)
        for event in reader.elements():
            record = as_map(reader.value(event))
            identity = as_text(record.get("conversation_id") or record.get("id")) or None
            messages = list(_read_branch(record, options.timezone or LocalZone(), uploads))
            yield ParsedChat(
                as_text(record.get("title")) or "ChatGPT",
                iter(messages),
                external_id=identity,
                kind="direct",
                media=media,
                own_account="user",
            )


def _read_branch(record: Record, zone: tzinfo, uploads: dict[str, str]) -> Iterator[ParsedMessage]:
    started = _number(record.get("create_time"))
    for number, (identity, message) in enumerate(_find_branch(record), 1):
        content, role = as_map(message.get("content")), as_text(as_map(message.get("author")).get("role"))
        hidden = as_map(message.get("metadata")).get("is_visually_hidden_from_conversation") is True
        if role not in _AUTHORS or hidden or as_text(content.get("content_type")) not in _SAID:
            continue
        seconds = _number(message.get("create_time")) or started
        sent_at = in_zone(seconds, zone) if seconds is not None else None
        text, files = _resolve_marks(_words_of(content), message), tuple(_files_of(message, content, uploads))
        if sent_at is not None and (text or files):
            yield make_message(
                _AUTHORS[role], sent_at, text, number, attachments=files, external_id=identity, author_id=role
            )


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


def _words_of(content: Record) -> str:
    parts = as_list(content.get("parts"))
    words = (part if isinstance(part, str) else as_text(as_map(part).get("text")) for part in parts)
    return "\n".join(word for word in words if word).strip()


def _resolve_marks(text: str, message: Record) -> str:
    """Return a text with what the page shows where the assistant wrote marks: links to its sources, names."""
    if _MARK_OPENS not in text:
        return text
    for reference in map(as_map, as_list(as_map(message.get("metadata")).get("content_references"))):
        marked = as_text(reference.get("matched_text"))
        if _MARK_OPENS in marked:
            text = text.replace(marked, as_text(reference.get("alt")))
    return _MARK.sub(lambda mark: mark[1] or "", text).strip()


def _index_uploads(media: MediaTree) -> dict[str, str]:
    """Return where the files of an export lie, by the ids that their names begin with."""
    found = ((_FILE_ID.match(PurePosixPath(name).name), name) for name in media.names())
    return {identity[0]: name for identity, name in found if identity}


def _files_of(message: Record, content: Record, uploads: dict[str, str]) -> Iterator[ParsedAttachment]:
    named = [as_map(each) for each in as_list(as_map(message.get("metadata")).get("attachments"))]
    named = [each for each in named if as_text(each.get("name"))]
    for each in named:
        path = uploads.get(as_text(each.get("id")))
        yield make_attachment(as_text(each.get("name")), path=path, present=path is not None)
    shown = {as_text(each.get("id")) for each in named}
    for part in map(as_map, as_list(content.get("parts"))):
        identity = as_text(part.get("asset_pointer")).rpartition("/")[2]
        path = uploads.get(identity)
        if identity and identity not in shown and (path or not named):
            name = PurePosixPath(path).name if path else None
            yield make_attachment(name, None if path else "image", path=path, present=path is not None)


def _number(value: object) -> float | None:
    text = as_text(value)
    return float(text) if re.fullmatch(r"\d{1,12}(?:\.\d+)?", text) else None
