"""The command `ingest`: files, folders and addresses into the memory of the machine's owner."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn

from bot.answering.opening import open_memory, owner_of
from bot.commands.listing import cell
from bot.commands.options import JsonOption
from bot.commands.overrides import SetOption, with_overrides
from bot.commands.progress import progress
from bot.commands.selecting import find_conversation
from bot.commands.terminal import print_json, printable
from bot.commands.transfer import every_passage, export_record
from bot.configuration.settings import Settings
from bot.errors import ConfigError, FileUnreadable
from bot.reading.batches import Gathering, Report, find_missing
from bot.reading.library import Library, documents_of
from bot.reading.opening import open_reading
from bot.reading.outcome import Outcome, format_count
from bot.reading.pieces import Progress as HowFar
from bot.reading.reading import Tell
from bot.translation import gettext
from memory import Memory, Scope
from memory.embedders.hashing import HashingEmbedder

STOPPED = 130
"""The exit code of a program that Ctrl-C ended, by the shells' convention."""

Sources = Annotated[
    list[str], typer.Argument(metavar="PATH|URL...", help="Files, folders, patterns such as 'notes/*.md', addresses.")
]
Into = Annotated[str | None, typer.Option(metavar="CONVERSATION", help="Add to this one, by its id or title.")]
Password = Annotated[str | None, typer.Option(help="Of encrypted files; left out, it is asked for on a terminal.")]
Again = Annotated[bool, typer.Option("--again", help="Read files again even if they have not changed.")]
Embed = Annotated[bool, typer.Option("--embed/--no-embed", help="Make the vectors now, or leave them for later.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only read; store nothing.")]
JsonLines = Annotated[bool, typer.Option("--jsonl", help="With --dry-run: print each passage as a line of JSON.")]


@dataclass(frozen=True, slots=True)
class IngestRequest:
    """What the user asked for."""

    sources: tuple[str, ...]
    into: str | None
    password: str | None
    again: bool
    embed: bool
    dry_run: bool


def ingest(  # typer makes the options of the parameters
    context: typer.Context,
    sources: Sources,
    into: Into = None,
    password: Password = None,
    overrides: SetOption = None,
    again: Again = False,  # noqa: FBT002 (as above)
    embed: Embed = True,  # noqa: FBT002 (as above)
    dry_run: DryRun = False,  # noqa: FBT002 (as above)
    jsonl: JsonLines = False,  # noqa: FBT002 (as above)
    as_json: JsonOption = False,  # noqa: FBT002 (as above)
) -> None:
    """Read files, folders and web pages into the memory.

    Documents, sound, tables, books, mails, source code: `scrubjay plugins` lists who reads what. Of a file that has
    changed, what is new is added and what is gone is forgotten. Of a folder everything is read that can be.

    Example: scrubjay ingest report.pdf notes/
    """
    if jsonl and not dry_run:
        raise ConfigError(gettext("--jsonl shows what would be remembered; use it together with --dry-run"))
    again = again or bool(overrides)  # other settings read the same bytes otherwise
    request = IngestRequest(tuple(sources), into, password, again, embed, dry_run)
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    view = _View(tells=not (jsonl or as_json))
    reports: list[Report] = []
    try:
        asyncio.run(_run(with_overrides(context.obj, overrides or ()), request, view, reports, lines=jsonl))
    except KeyboardInterrupt:
        read = format_count(sum(len(report.outcomes) for report in reports), "files")
        errors.print(gettext("Stopped. {read} were read and are kept; the same command goes on from there.", read=read))
        raise typer.Exit(STOPPED) from None
    (report,) = reports
    if as_json:
        print_json(_record(report))
    elif not jsonl:
        typer.echo(_summary(report, dry_run=dry_run))
    _tell_refusals(report, errors)


def _tell_refusals(report: Report, errors: Console) -> None:
    for refusal in report.refusals:
        errors.print(cell(refusal))
    if report.refusals:
        raise typer.Exit(FileUnreadable.exit_code)


async def _run(settings: Settings, request: IngestRequest, view: _View, reports: list[Report], *, lines: bool) -> None:
    missing = find_missing(request.sources)
    if len(missing) == len(request.sources):  # before the memory is opened, which takes a while
        reports.append(Report(refusals=missing))
        return
    opened = _throw_away_memory() if request.dry_run else open_memory(settings)
    async with opened as memory, open_reading(settings, memory) as reading:
        owner = await owner_of(memory)
        named = (
            await find_conversation(memory, Scope.all(), request.into) if request.into and not request.dry_run else None
        )
        library = Library(memory, reading, named or await documents_of(memory, owner.id), owner.id)
        ask = view.ask if sys.stdin.isatty() else None
        gathering = Gathering(library, view, password=request.password, ask=ask, again=request.again)
        reports.append(gathering.report)
        with view:
            if request.embed and not request.dry_run:
                async with memory.embeddings.embed_in_background():
                    await gathering.gather(request.sources)
                if pending := await memory.embeddings.count_pending():
                    with view.embedding(pending) as advance:
                        await memory.embeddings.embed_pending(advance)
            else:
                await gathering.gather(request.sources)
        if lines:
            async for passage in every_passage(memory, Scope.all()):
                print_json(export_record(passage))


@asynccontextmanager
async def _throw_away_memory() -> AsyncIterator[Memory]:
    with tempfile.TemporaryDirectory(prefix="scrubjay-dry-run-") as folder:
        async with Memory.open(Path(folder, "memory.db"), HashingEmbedder()) as memory:
            yield memory


class _View:
    """Shows on a terminal what is being read, and a line for each file that brought something new."""

    def __init__(self, *, tells: bool) -> None:
        self._tells = tells
        self._bars = progress(SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())

    def __enter__(self) -> None:
        self._bars.start()

    def __exit__(self, *exc: object) -> None:
        self._bars.stop()

    @contextmanager
    def reading(self, name: str) -> Iterator[Tell]:
        """Show a bar while a file is read."""
        task = self._bars.add_task(cell(name), total=None)

        def tell(how_far: HowFar) -> None:
            self._bars.update(task, completed=how_far.done, total=how_far.total)

        try:
            yield tell
        finally:
            self._bars.remove_task(task)

    def done(self, outcome: Outcome) -> None:
        """Say what came of a file, unless it was known."""
        if self._tells and not (outcome.unchanged and outcome.duplicate):
            typer.echo(printable(outcome.sentence(in_chat=False)))

    async def ask(self, why: str) -> str | None:
        """Ask for a password, which is not shown; an empty one means that nobody knows it."""
        self._bars.stop()
        try:
            asked = await asyncio.to_thread(
                typer.prompt,
                gettext("{why} Its password", why=why),
                hide_input=True,
                default="",
                show_default=False,
                err=True,
            )
        finally:
            self._bars.start()
        return str(asked) or None

    @contextmanager
    def embedding(self, passages: int) -> Iterator[Callable[[int], None]]:
        """Show a bar while vectors are made."""
        task = self._bars.add_task(gettext("Embedding"), total=passages)
        yield lambda count: self._bars.advance(task, count)


def _summary(report: Report, *, dry_run: bool) -> str:
    """Return how it ended, as a line."""
    new = sum(not outcome.unchanged for _, outcome in report.outcomes)
    known = len(report.outcomes) - new
    passages = sum(outcome.change.added for _, outcome in report.outcomes)
    parts = [
        gettext("{new} read, {passages}", new=format_count(new, "files"), passages=format_count(passages, "passages"))
    ]
    parts += [gettext("{known} known already", known=known)] if known else []
    parts += [gettext("{number} not read", number=len(report.refusals))] if report.refusals else []
    parts += [gettext("{skipped} of kinds that nobody reads", skipped=report.skipped)] if report.skipped else []
    return f"{'Nothing was stored. ' if dry_run else ''}{'; '.join(parts)}."


def _record(report: Report) -> dict[str, object]:
    """Return what came of it, for programs."""
    read = [
        {
            "source": source,
            "name": outcome.name,
            "document": outcome.change.document.name,
            "media_type": outcome.change.document.media_type,
            "added": outcome.change.added,
            "kept": outcome.change.kept,
            "removed": outcome.change.removed,
            "known": outcome.duplicate,
            "notes": list(outcome.notes),
        }
        for source, outcome in report.outcomes
    ]
    return {"read": read, "refused": report.refusals, "skipped": report.skipped}
