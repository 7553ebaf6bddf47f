"""From a message of Telegram's export to what the importer takes."""

from __future__ import annotations

from datetime import datetime, tzinfo
from pathlib import PurePosixPath

from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_stream import as_list, as_map, as_text
from adapters.exports.parsed import AttachmentKind, ParsedAttachment, ParsedMessage
from adapters.exports.telegram.ids import TelegramPeer, account_of
from adapters.exports.telegram.service import sentence_of
from adapters.exports.timestamps import from_both, from_iso

Record = dict[str, object]
DELETED_ACCOUNT = "Deleted account"
UNSUPPORTED = "[a message that Telegram could not export]"
_MEDIA: dict[str, AttachmentKind] = {
    "sticker": "sticker",
    "video_message": "video",
    "voice_message": "audio",
    "animation": "video",
    "video_file": "video",
    "audio_file": "audio",
}
_WORDED = ("title", "header", "text", "caption", "blocks", "items", "rows", "cells", "children", "content", "author")
_INLINE = frozenset(
    {
        "plain", "link", "text_link", "mention", "mention_name", "hashtag", "cashtag", "bot_command", "email", "phone",
        "bold", "italic", "underline", "strikethrough", "code", "spoiler", "custom_emoji", "subscript", "superscript",
        "marked",
    }
)  # fmt: skip
"""Parts of a line; the others are blocks of their own."""
_MIME: dict[str, AttachmentKind] = {"image": "image", "video": "video", "audio": "audio"}


class TelegramMessageReader:
    """Reads one chat's messages, in their order; remembers its topics and the time of the message before."""

    def __init__(self, peer: TelegramPeer, zone: tzinfo, warnings: WarningCounter) -> None:
        self._peer, self._zone, self._warnings = peer, zone, warnings
        self._topics: dict[str, str] = {}
        self._last: datetime | None = None

    def read(self, record: Record, number: int) -> ParsedMessage | None:
        """Return the message, the `number`-th of its chat; None when there is nothing that could be kept."""
        sent_at = self._time(record, number)
        if sent_at is None:
            return None
        kind = as_text(record.get("type"))
        identity = as_text(record.get("id"))
        event_id = self._peer.event_id(identity) if identity else None
        if kind == "service":
            if as_text(record.get("action")) == "topic_created":
                self._topics[identity] = as_text(record.get("title"))
            return self._system(record, sent_at, sentence_of(record), number, event_id)
        if kind == "unsupported":
            return self._system(record, sent_at, UNSUPPORTED, number, event_id)
        reply, thread = self._find_answered(record)
        author, account = author_of(record)
        attachments = attachments_of(record)
        return ParsedMessage(
            author,
            sent_at,
            text_of(record),
            "message",
            attachments,
            edited="edited" in record or "edited_unixtime" in record,
            deleted=False,
            line=number,
            reply_to=reply,
            external_id=event_id,
            author_id=account,
            thread=thread,
            link=self._peer.link_to(identity) if identity else None,
        )

    def _system(self, record: Record, sent_at: datetime, text: str, number: int, event_id: str | None) -> ParsedMessage:
        attachments = attachments_of(record)
        return ParsedMessage(
            None, sent_at, text, "system", attachments, edited=False, deleted=False, line=number, external_id=event_id
        )

    def _time(self, record: Record, number: int) -> datetime | None:
        """Return when it was sent; without a possible time, when the message before it was."""
        local = as_text(record.get("date"))
        seconds = as_text(record.get("date_unixtime"))
        moment = from_both(local, float(seconds)) if _is_number(seconds) else None
        moment = moment or from_iso(local, self._zone)
        if moment is None and self._last is None:
            self._warnings.note(number, "has no possible date, and none before it has; it was left out")
        elif moment is None and as_text(record.get("type")) != "unsupported":
            self._warnings.note(number, "has no possible date; it was given that of the message before it")
        self._last = moment or self._last
        return self._last

    def _find_answered(self, record: Record) -> tuple[str | None, str | None]:
        """Return the message that this one answers, and the topic that it stands in.

        In a topic whoever answers nobody "replies" to the message that opened it, which means nothing.
        """
        answered = as_text(record.get("reply_to_message_id"))
        if not answered or record.get("reply_to_peer_id") is not None:
            return None, None
        if answered in self._topics:
            return None, self._topics[answered]
        return self._peer.event_id(answered), None


def author_of(record: Record) -> tuple[str, str | None]:
    """Return who wrote it, and the account; in channels those who sign are known by their names."""
    signature = as_text(record.get("author"))
    if signature:
        return signature, None
    account = account_of(record.get("from_id"))
    return as_text(record.get("from")) or DELETED_ACCOUNT, account


def text_of(record: Record) -> str:
    """Return what was said, in words: with the addresses behind links, and what a poll or a place says."""
    text = flatten(record.get("text")) or flatten(record.get("text_entities"))
    said = "\n".join(part for part in (text, *_extras(record)) if part)
    origin = _origin(record)
    return "\n".join(part for part in (origin, said) if part)


def flatten(text: object) -> str:
    """Return a text that may be a string or a list of strings and entities."""
    if isinstance(text, str):
        return text
    return "".join(part if isinstance(part, str) else _entity(as_map(part)) for part in as_list(text))


def _entity(entity: Record) -> str:
    words, address = as_text(entity.get("text")), as_text(entity.get("href"))
    return f"{words} ({address})" if address and address != words else words


def _origin(record: Record) -> str:
    if "forwarded_from" in record:
        return f"(forwarded: {as_text(record['forwarded_from']) or DELETED_ACCOUNT})"
    if "saved_from" in record:
        return f"(saved from: {as_text(record['saved_from']) or DELETED_ACCOUNT})"
    return ""


def _extras(record: Record) -> list[str]:
    poll, place = as_map(record.get("poll")), as_map(record.get("location_information"))
    todo, game = as_map(record.get("todo_list")), as_text(record.get("game_title"))
    found = [rich] if (rich := gather_text(record.get("rich_message"))) else []
    if poll:
        answers = [_answer(as_map(each)) for each in as_list(poll.get("answers"))]
        found.append("\n".join([f"Poll: {flatten(poll.get('question'))}", *answers]))
    if todo:
        items = [f"- {flatten(as_map(each).get('text'))}" for each in as_list(todo.get("answers") or todo.get("items"))]
        found.append("\n".join([f"List: {flatten(todo.get('title'))}", *items]))
    if place:
        names = [as_text(record.get("place_name")), as_text(record.get("address"))]
        point = f"{as_text(place.get('latitude'))}, {as_text(place.get('longitude'))}"
        found.append(f"Location: {', '.join([*filter(None, names), point])}")
    if game:
        found.append(f"Game: {game}")
    return found


def gather_text(value: object, depth: int = 12) -> str:
    """Return the words of a rich message, a line for each block: whatever its blocks are, their words are texts."""
    if depth == 0:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        inline = all(isinstance(each, str) or as_text(as_map(each).get("type")) in _INLINE for each in value)
        parts = [gather_text(each, depth - 1) for each in value]
        return ("" if inline else "\n").join(part for part in parts if part)
    record = as_map(value)
    words = [gather_text(record[key], depth - 1) for key in _WORDED if key in record]
    said = "\n".join(word for word in words if word)
    if isinstance(record.get("checked"), bool) and said:
        return f"- [{'x' if record['checked'] else ' '}] {said}"
    return said


def _answer(answer: Record) -> str:
    return f"- {flatten(answer.get('text'))} ({as_text(answer.get('voters')) or 0})"


def attachments_of(record: Record) -> tuple[ParsedAttachment, ...]:
    """Return the files that came with it, also those whose bytes the export left out."""
    found = []
    if "photo" in record:
        found.append(_file(as_text(record["photo"]), "", "image"))
    if "file" in record or "media_type" in record:
        mime = as_text(record.get("mime_type")).partition("/")[0]
        kind = _MEDIA.get(as_text(record.get("media_type"))) or _MIME.get(mime, "document")
        name = as_text(record.get("sticker_emoji")) if kind == "sticker" else as_text(record.get("file_name"))
        found.append(_file(as_text(record.get("file")), name, kind))
    contact = as_map(record.get("contact_information"))
    if contact:
        parts = (as_text(contact.get(key)) for key in ("first_name", "last_name", "phone_number"))
        found.append(ParsedAttachment(" ".join(filter(None, parts)) or None, "contact", omitted=True))
    return tuple(found)


def _file(path: str, name: str, kind: AttachmentKind) -> ParsedAttachment:
    """Return a file by its path in the export, where a remark in parentheses says that it was left out."""
    if not path or path.startswith("("):
        return ParsedAttachment(name or None, kind, omitted=True)
    return ParsedAttachment(name or PurePosixPath(path).name, kind, omitted=False, path=path)


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isdecimal() and len(text) < 20
