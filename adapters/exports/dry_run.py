"""Shows what an import would take in, and stores nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, TypedDict

from adapters.exports.batches import Batches
from adapters.exports.parsed import AttachmentKind, ExportFormat, ParsedChat, ParsedKind, ParsedMessage
from adapters.exports.report import ImportReport
from adapters.exports.run import (
    ImportOptions,
    ImportOutcome,
    chats_of,
    name_source,
    refuse_silence,
    refuse_warnings,
    sources_of,
)
from adapters.exports.sources import ExportSource
from bot.errors import ImportRefused

Emit = Callable[[ParsedChat, str, ParsedMessage], None]
"""Takes a chat, the platform it took place on, and the next message of it."""


class AttachmentRecord(TypedDict):
    """A file of a message, as `--jsonl` prints it."""

    name: str | None
    kind: AttachmentKind
    omitted: bool
    path: str | None


class ConversationHeader(TypedDict):
    """The conversation of a message, as `--jsonl` prints it."""

    platform: str
    id: str | None
    title: str
    kind: Literal["direct", "group"] | None


class MessageRecord(TypedDict):
    """A message as `--jsonl` prints it; `sent_at` is ISO 8601 with its offset."""

    author: str | None
    sent_at: str
    text: str
    kind: ParsedKind
    attachments: list[AttachmentRecord]
    edited: bool
    deleted: bool
    conversation: ConversationHeader
    id: str | None
    author_id: str | None
    reply_to: str | None
    thread: str | None
    link: str | None


def to_record(chat: ParsedChat, platform: str, message: ParsedMessage) -> MessageRecord:
    """Return a message as plain data, in the shape that the format "plain" reads."""
    return {
        "author": message.author,
        "sent_at": message.sent_at.isoformat(),
        "text": message.text,
        "kind": message.kind,
        "attachments": [
            {"name": file.name, "kind": file.kind, "omitted": file.omitted, "path": file.path}
            for file in message.attachments
        ],
        "edited": message.edited,
        "deleted": message.deleted,
        "conversation": {"platform": platform, "id": chat.external_id, "title": chat.title, "kind": chat.kind},
        "id": message.external_id,
        "author_id": message.author_id,
        "reply_to": message.reply_to,
        "thread": message.thread,
        "link": message.link,
    }


def read_paths(
    paths: Sequence[str], formats: Sequence[ExportFormat], options: ImportOptions, emit: Emit
) -> ImportOutcome:
    """Read everything at these paths in file order; `emit` gets each message."""
    outcome = ImportOutcome()
    for source in sources_of(paths, formats, outcome.refusals.append):
        try:
            if options.strict:
                refuse_warnings(source, options)
            earlier = len(outcome.reports)
            outcome.reports.extend(_read_source(source, options, emit))
            refuse_silence(source.format.label, outcome.reports[earlier:], options.wanted)
        except ImportRefused as error:
            outcome.refusals.append(name_source(source, error))
    return outcome


def _read_source(source: ExportSource, options: ImportOptions, emit: Emit) -> Iterator[ImportReport]:
    for chat in chats_of(source, options):
        report = ImportReport(source.format.name, source.format.label, options.title or chat.title)
        batches = Batches(chat.messages)
        while batch := batches.read():
            report.count(batch)
            for message in batch:
                emit(chat, chat.platform or source.format.name, message)
        report.warnings = chat.warnings
        yield report
        batches.raise_if_damaged(report)
