"""What an import did, one report per conversation: shown to people, printed for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict

from adapters.exports.parsed import (
    ImportWarning,  # noqa: A004 (the built-in warning of that name is of no use here)
    ParsedMessage,
)
from bot.translation import format_number, gettext


class ReportRecord(TypedDict):
    """A report as `import --json` prints it; times are ISO 8601, None for a chat without messages."""

    format: str
    conversation: str
    conversation_id: int | None
    import_id: int | None
    messages: int
    new: int
    duplicates: int
    updated: int
    deleted: int
    forgotten: int
    system: int
    attachments: int
    first: str | None
    last: str | None
    warnings: list[str]


@dataclass(slots=True)
class ImportReport:
    """Counts of one conversation, which grow while it is imported.

    `messages` counts everything that the file holds, `system` lines included; each is either `new` or a duplicate
    (a dry run stores nothing, so there they stay 0). Of the duplicates some were `updated`, because they had been
    edited or have their files now, some `deleted` by their authors since, and some had been `forgotten` by the owner
    and stay so. `import_id` is what `scrubjay forget --import` takes.
    """

    format: str
    label: str
    conversation: str
    messages: int = 0
    new: int = 0
    duplicates: int = 0
    updated: int = 0
    deleted: int = 0
    forgotten: int = 0
    system: int = 0
    attachments: int = 0
    first: datetime | None = None
    last: datetime | None = None
    people: set[str] = field(default_factory=set)
    warnings: list[ImportWarning] = field(default_factory=list)
    conversation_id: int | None = None
    import_id: int | None = None

    def count(self, batch: Sequence[ParsedMessage]) -> None:
        """Add a batch of messages, which must not be empty, to everything but `new` and `duplicates`."""
        self.messages += len(batch)
        self.system += sum(1 for message in batch if message.kind == "system")
        self.attachments += sum(len(message.attachments) for message in batch if message.attachments)
        self.people.update(message.author for message in batch if message.author)
        times = [message.sent_at for message in batch]
        self.first = min(times) if self.first is None else min(self.first, *times)
        self.last = max(times) if self.last is None else max(self.last, *times)

    def to_record(self) -> ReportRecord:
        """Return the report as plain data."""
        return {
            "format": self.format,
            "conversation": self.conversation,
            "conversation_id": self.conversation_id,
            "import_id": self.import_id,
            "messages": self.messages,
            "new": self.new,
            "duplicates": self.duplicates,
            "updated": self.updated,
            "deleted": self.deleted,
            "forgotten": self.forgotten,
            "system": self.system,
            "attachments": self.attachments,
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
            "warnings": [describe_warning(warning) for warning in self.warnings],
        }


def describe_news(report: ImportReport) -> str:
    """Return what an export changed of messages that were known: "2 changed, 1 deleted since"; "" when nothing."""
    parts = (
        (report.updated, gettext("changed since")),
        (report.deleted, gettext("deleted since")),
        (report.forgotten, gettext("forgotten by you, left out")),
    )
    return ", ".join(f"{format_number(number)} {what}" for number, what in parts if number)


def describe_warning(warning: ImportWarning) -> str:
    """Return a warning as one line, with the line of the file that it is about; most name it themselves."""
    told = warning.line is None or warning.message.startswith(f"line {warning.line} ")
    return warning.message if told else f"line {warning.line}: {warning.message}"
