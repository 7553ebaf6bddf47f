"""How an import looks to a person: bars while it runs, a few lines per chat when it is done."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from adapters.exports.report import ImportReport, describe_news, describe_warning
from bot.adapter import printable
from bot.translation import format_long_day, format_number, gettext, ngettext

WARNINGS_SHOWN = 10


class _Count(ProgressColumn):
    """How much is done: "373 messages" while the end is not known, then "250 of 375"."""

    def render(self, task: Task) -> Text:
        done = format_number(int(task.completed))
        if task.total is None:
            return Text(gettext("{done} messages so far", done=done))
        return Text(
            done if task.finished else gettext("{done} of {total}", done=done, total=format_number(int(task.total)))
        )


class Bars:
    """Progress bars on a terminal; silent where there is none."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            _Count(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._reading: TaskID | None = None
        self._embedding: TaskID | None = None

    def __enter__(self) -> Self:
        """Start drawing."""
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Leave the bars as they are."""
        self._progress.stop()

    def begin_chat(self, title: str) -> None:
        """Begin a bar for another chat; how long it is, only its end will tell."""
        self._finish_reading()
        self._reading = self._progress.add_task(gettext("Storing {title}", title=_safe(title)), total=None)

    def add_stored(self, messages: int) -> None:
        """Move the chat's bar on."""
        if self._reading is not None:
            self._progress.advance(self._reading, messages)

    def begin_embedding(self, passages: int) -> None:
        """Begin the bar of what still waits for its vector."""
        self._finish_reading()
        if passages:
            self._embedding = self._progress.add_task(gettext("Embedding"), total=passages)

    def add_embedded(self, passages: int) -> None:
        """Move it on."""
        if self._embedding is not None:
            self._progress.advance(self._embedding, passages)

    def _finish_reading(self) -> None:
        if self._reading is not None:
            done = self._progress.tasks[self._progress.task_ids.index(self._reading)].completed
            self._progress.update(self._reading, total=done)


def show_report(console: Console, report: ImportReport, *, dry_run: bool = False) -> None:
    """Print what became of one chat."""
    console.print(f"[bold]{_safe(report.conversation)}[/] ({report.label}): {_what(report)}")
    if report.first and report.last:
        days = gettext("{first} to {last}", first=format_long_day(report.first), last=format_long_day(report.last))
        console.print(f"  {days}, {_who(report.people)}", highlight=False)
    if dry_run:
        console.print("  " + gettext("dry run: nothing was stored"))
    else:
        new = gettext("{number} new", number=format_number(report.new))
        known = gettext("{number} known already", number=format_number(report.duplicates))
        console.print(f"  [green]{new}[/], {known}{_news(report)}", highlight=False)
    if report.import_id is not None:
        undo = gettext("scrubjay forget --import {number} undoes it", number=report.import_id)
        console.print(f"  [dim]{undo}[/]", highlight=False)
    for warning in report.warnings[:WARNINGS_SHOWN]:
        console.print(f"  [yellow]{gettext('note:')}[/] {_safe(describe_warning(warning))}", highlight=False)
    more = len(report.warnings) - WARNINGS_SHOWN
    if more > 0:
        console.print(
            "  "
            + ngettext(
                "… and {number} more note (--json lists them all)",
                "… and {number} more notes (--json lists them all)",
                more,
            )
        )


def show_refusals(console: Console, refusals: Sequence[str]) -> None:
    """Print why files were refused."""
    for refusal in refusals:
        said = gettext("Not imported: {why}", why="\0").partition("\0")
        console.print(f"[red]{said[0]}[/]{_safe(refusal)}{said[2]}", highlight=False, soft_wrap=True)


def _safe(text: str) -> str:
    return escape(printable(text))


def _news(report: ImportReport) -> str:
    news = describe_news(report)
    return f" ({news})" if news else ""


def _what(report: ImportReport) -> str:
    parts = [ngettext("{number} message", "{number} messages", report.messages)]
    if report.system:
        parts.append(ngettext("{number} of them a system line", "{number} of them system lines", report.system))
    if report.attachments:
        parts.append(ngettext("{number} attachment", "{number} attachments", report.attachments))
    return ", ".join(parts)


def _who(people: set[str]) -> str:
    names = sorted(people, key=str.casefold)
    shown = _safe(", ".join(names[:6]))
    return f"{ngettext('{number} person', '{number} people', len(names))}: {shown}{' …' if len(names) > 6 else ''}"
