"""One run of an import: several paths, each with one chat or many; a bad file never stops the others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from adapters.exports.chat_filter import ChatFilter, ChatSelection
from adapters.exports.date_question import settle_order
from adapters.exports.importer import Importer
from adapters.exports.parsed import ExportFormat, ParsedChat, ParseOptions
from adapters.exports.report import ImportReport, describe_warning
from adapters.exports.sources import ExportSource, expand, find_sources
from bot.context import Histories, PastFiles
from bot.errors import ImportRefused
from memory import ConversationRecord, PersonRecord

T = TypeVar("T")


class ImportObserver(Protocol):
    """Who wants to know how far it is."""

    def begin_chat(self, title: str) -> None:
        """Another chat is being read."""

    def add_stored(self, messages: int) -> None:
        """So many more messages of it are stored."""

    def begin_embedding(self, passages: int) -> None:
        """All is stored; so many passages still wait for their vector."""

    def add_embedded(self, passages: int) -> None:
        """So many more of them have it."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the user asked for.

    `title` names every chat that is imported, `into` is an existing conversation that takes them all, and `strict`
    turns warnings into errors.
    """

    parse: ParseOptions = field(default_factory=ParseOptions)
    wanted: ChatSelection = field(default_factory=ChatSelection)
    title: str | None = None
    into: ConversationRecord | None = None
    strict: bool = False
    embed: bool = True
    media: bool = True


@dataclass(slots=True)
class ImportOutcome:
    """What came of a run: a report per chat, a sentence per file that was refused."""

    reports: list[ImportReport] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


class ImportRun:
    """Imports whatever lies at some paths into one person's memory."""

    def __init__(
        self,
        memory: Histories,
        owner: PersonRecord,
        formats: Sequence[ExportFormat],
        options: ImportOptions,
        progress: ImportObserver,
        *,
        past_files: PastFiles | None = None,
    ) -> None:
        self._memory = memory
        self._owner = owner
        self._formats = formats
        self._options = options
        self._progress = progress
        self._past_files = past_files

    async def import_paths(self, paths: Sequence[str], outcome: ImportOutcome, *, called: str | None = None) -> None:
        """Import everything at these paths, then wait for the vectors unless embedding is left for later.

        `outcome` grows as it goes, so that it is right also when the run is cancelled. `called` is what the import is
        listed as, where the paths say nothing.
        """
        embedding: AbstractAsyncContextManager[None] = (
            self._memory.embedding() if self._options.embed else nullcontext()
        )
        async with embedding:
            import_id = await self._memory.imports.begin(self._owner, called or ", ".join(paths))
            async for source in iterate_in_thread(sources_of(paths, self._formats, outcome.refusals.append)):
                await self._import_source(source, import_id, outcome)
            await self._memory.imports.end(import_id)
        if self._options.embed:
            self._progress.begin_embedding(await self._memory.pending())
            await self._memory.embed_pending(self._progress.add_embedded)

    async def _import_source(self, source: ExportSource, import_id: int, outcome: ImportOutcome) -> None:
        options = self._options
        importer = Importer(
            self._memory,
            self._owner,
            source.format.name,
            me=options.parse.me,
            into=options.into,
            import_id=import_id,
            past_files=self._past_files,
        )
        try:
            if order := await settle_order(self._memory, self._owner.id, source, options.parse):
                options = replace(options, parse=replace(options.parse, likely_order=order))
            if options.strict:
                await asyncio.to_thread(refuse_warnings, source, options)
            earlier = len(outcome.reports)
            async for chat in iterate_in_thread(chats_of(source, options)):
                await self._import_chat(importer, source.format, chat, outcome)
                outcome.reports[-1].import_id = import_id if outcome.reports[-1].new else None
            refuse_silence(source.format.label, outcome.reports[earlier:], options.wanted)
        except ImportRefused as error:
            outcome.refusals.append(name_source(source, error))

    async def _import_chat(
        self, importer: Importer, kind: ExportFormat, chat: ParsedChat, outcome: ImportOutcome
    ) -> None:
        report = ImportReport(kind.name, kind.label, self._options.title or chat.title)
        self._progress.begin_chat(report.conversation)
        outcome.reports.append(report)
        await importer.store(chat, report, title=self._options.title, progress=self._progress.add_stored)


def sources_of(
    paths: Sequence[str], formats: Sequence[ExportFormat], refuse: Callable[[str], None]
) -> Iterator[ExportSource]:
    """Yield the exports at these paths; `refuse` gets a sentence for each path that holds none."""
    for pattern in paths:
        try:
            for path in expand(pattern):
                yield from find_sources(path, formats)
        except ImportRefused as error:
            refuse(str(error))


def name_source(source: ExportSource, error: ImportRefused) -> str:
    """Return the error's sentence with the name of the file in it."""
    shown = source.shown or str(source.path)
    text = str(error).replace(str(source.path), shown)
    return text if shown in text else f"{shown}: {text}"


def chats_of(source: ExportSource, options: ImportOptions) -> Iterator[ParsedChat]:
    """Yield the chats of a source that are wanted. Raises ImportRefused."""
    return ChatFilter(options.wanted).filter_chats(source.format.open(source.path, options.parse))


def refuse_silence(label: str, reports: Sequence[ImportReport], wanted: ChatSelection) -> None:
    """Say so when a file of a known format held no message at all. Raises ImportRefused."""
    if any(report.messages for report in reports):
        return
    if wanted.since is not None:
        raise ImportRefused("it has no message from the day of --since on")
    why = "; ".join(describe_warning(warning) for report in reports for warning in report.warnings[:1])
    raise ImportRefused(
        f"it looks like an export of {label}, but holds no message that can be read{why and f': {why}'}"
    )


def refuse_warnings(source: ExportSource, options: ImportOptions) -> None:
    """Read the whole source, storing nothing. Raises ImportRefused when there is anything to warn of."""
    for chat in chats_of(source, options):
        for _ in chat.messages:
            pass
        if chat.warnings or chat.lines_kept_as_text:
            reasons = "; ".join(describe_warning(warning) for warning in chat.warnings)
            raise ImportRefused(f"{source.path}: not imported because of --strict: {reasons}")


async def iterate_in_thread(items: Iterator[T]) -> AsyncIterator[T]:
    """Yield what a blocking iterator yields, asking it in a thread."""
    end = object()
    while (item := await asyncio.to_thread(next, items, end)) is not end:
        yield item  # type: ignore[misc]  # the only thing of another type is `end`
