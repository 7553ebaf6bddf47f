"""Shows what an import would take in, and stores nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypedDict

from adapters.exports.batches import Batches
from adapters.exports.parsed import AttachmentKind, ExportFormat, ParsedKind, ParsedMessage
from adapters.exports.report import ImportReport
from adapters.exports.run import ImportOptions, Outcome, naming, refuse_warnings, sources_of
from adapters.exports.sources import Source
from bot.errors import ImportRefused

Emit = Callable[[ParsedMessage], None]


class AttachmentRecord(TypedDict):
    """A file of a message, as `--jsonl` prints it."""

    name: str | None
    kind: AttachmentKind
    omitted: bool


class MessageRecord(TypedDict):
    """A message as `--jsonl` prints it; `sent_at` is ISO 8601 with its offset."""

    author: str | None
    sent_at: str
    text: str
    kind: ParsedKind
    attachments: list[AttachmentRecord]
    edited: bool
    deleted: bool


def to_record(message: ParsedMessage) -> MessageRecord:
    """Return a message as plain data."""
    return {
        "author": message.author,
        "sent_at": message.sent_at.isoformat(),
        "text": message.text,
        "kind": message.kind,
        "attachments": [
            {"name": attachment.name, "kind": attachment.kind, "omitted": attachment.omitted}
            for attachment in message.attachments
        ],
        "edited": message.edited,
        "deleted": message.deleted,
    }


def read_paths(paths: Sequence[str], formats: Sequence[ExportFormat], options: ImportOptions, emit: Emit) -> Outcome:
    """Read everything at these paths in file order; `emit` gets each message."""
    outcome = Outcome()
    for source in sources_of(paths, formats, outcome.refusals.append):
        try:
            if options.strict:
                refuse_warnings(source, options.parse)
            outcome.reports.extend(_read_source(source, options, emit))
        except ImportRefused as error:
            outcome.refusals.append(naming(source, error))
    return outcome


def _read_source(source: Source, options: ImportOptions, emit: Emit) -> Iterator[ImportReport]:
    for chat in source.format.open(source.path, options.parse):
        report = ImportReport(source.format.name, source.format.label, options.title or chat.title)
        batches = Batches(chat.messages)
        while batch := batches.read():
            report.count(batch)
            for message in batch:
                emit(message)
        report.warnings = chat.warnings
        yield report
        batches.raise_if_damaged(report)
