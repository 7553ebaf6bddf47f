"""Makes messages for parsers that fill in few of a message's fields."""

from __future__ import annotations

from datetime import datetime

from adapters.exports.files_by_name import kind_of_file
from adapters.exports.parsed import AttachmentKind, ParsedAttachment, ParsedKind, ParsedMessage


def make_message(
    author: str | None,
    sent_at: datetime,
    text: str,
    line: int,
    *,
    kind: ParsedKind = "message",
    attachments: tuple[ParsedAttachment, ...] = (),
    edited: bool = False,
    deleted: bool = False,
    reply_to: str | None = None,
    external_id: str | None = None,
    author_id: str | None = None,
    thread: str | None = None,
    link: str | None = None,
) -> ParsedMessage:
    """Return a message; a system line has no author, and a deleted message no words."""
    is_system = kind == "system"
    return ParsedMessage(
        None if is_system else author, sent_at, "" if deleted else text, kind, attachments, edited, deleted, line,
        reply_to, external_id, None if is_system else author_id, thread, link,
    )  # fmt: skip


def make_attachment(
    name: str | None, kind: AttachmentKind | None = None, *, path: str | None = None, present: bool = False
) -> ParsedAttachment:
    """Return a file by its name; `path` is where it lies when it is `present`."""
    known = kind or kind_of_file(name or "")
    return ParsedAttachment(name, known, omitted=not present, path=path if present and path != name else None)
