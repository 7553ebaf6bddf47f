"""One run of an import: several paths, each with one chat or many; a bad file never stops the others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from adapters.exports.importer import Importer
from adapters.exports.parsed import ExportFormat, ParsedChat, ParseOptions
from adapters.exports.report import ImportReport, worded
from adapters.exports.sources import Source, expand, find_sources
from bot.errors import ImportRefused
from memory import Memory, Person

T = TypeVar("T")


class Progress(Protocol):
    """Who wants to know how far it is."""

    def reading(self, title: str) -> None:
        """Another chat is being read."""

    def stored(self, messages: int) -> None:
        """So many more messages of it are stored."""

    def embedding(self, passages: int) -> None:
        """All is stored; so many passages still wait for their vector."""

    def embedded(self, passages: int) -> None:
        """So many more of them have it."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the user asked for. `title` names every chat that is imported, `strict` turns warnings into errors."""

    parse: ParseOptions = field(default_factory=ParseOptions)
    title: str | None = None
    strict: bool = False
    embed: bool = True


@dataclass(slots=True)
class Outcome:
    """What came of a run: a report per chat, a sentence per file that was refused."""

    reports: list[ImportReport] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


class ImportRun:
    """Imports whatever lies at some paths into one person's memory."""

    def __init__(
        self,
        memory: Memory,
        owner: Person,
        formats: Sequence[ExportFormat],
        options: ImportOptions,
        progress: Progress,
    ) -> None:
        self._memory = memory
        self._owner = owner
        self._formats = formats
        self._options = options
        self._progress = progress

    async def import_paths(self, paths: Sequence[str], outcome: Outcome) -> None:
        """Import everything at these paths, then wait for the vectors unless embedding is left for later.

        `outcome` grows as it goes, so that it is right also when the run is cancelled.
        """
        embedding: AbstractAsyncContextManager[None] = (
            self._memory.embedding() if self._options.embed else nullcontext()
        )
        async with embedding:
            async for source in in_thread(sources_of(paths, self._formats, outcome.refusals.append)):
                await self._import_source(source, outcome)
        if self._options.embed:
            self._progress.embedding(await self._memory.pending())
            await self._memory.embed_pending(self._progress.embedded)

    async def _import_source(self, source: Source, outcome: Outcome) -> None:
        importer = Importer(self._memory, self._owner, source.format.name, me=self._options.parse.me)
        try:
            if self._options.strict:
                await asyncio.to_thread(refuse_warnings, source, self._options.parse)
            async for chat in in_thread(source.format.open(source.path, self._options.parse)):
                await self._import_chat(importer, source.format, chat, outcome)
        except ImportRefused as error:
            outcome.refusals.append(naming(source, error))

    async def _import_chat(self, importer: Importer, kind: ExportFormat, chat: ParsedChat, outcome: Outcome) -> None:
        report = ImportReport(kind.name, kind.label, self._options.title or chat.title)
        self._progress.reading(report.conversation)
        outcome.reports.append(report)
        await importer.store(chat, report, title=self._options.title, progress=self._progress.stored)


def sources_of(
    paths: Sequence[str], formats: Sequence[ExportFormat], refuse: Callable[[str], None]
) -> Iterator[Source]:
    """Yield the exports at these paths; `refuse` gets a sentence for each path that holds none."""
    for pattern in paths:
        try:
            for path in expand(pattern):
                yield from find_sources(path, formats)
        except ImportRefused as error:
            refuse(str(error))


def naming(source: Source, error: ImportRefused) -> str:
    """Return the error's sentence with the name of the file in it."""
    text = str(error)
    return text if str(source.path) in text else f"{source.path}: {text}"


def refuse_warnings(source: Source, options: ParseOptions) -> None:
    """Read the whole source, storing nothing. Raises ImportRefused when there is anything to warn of."""
    for chat in source.format.open(source.path, options):
        for _ in chat.messages:
            pass
        if chat.warnings or chat.lines_kept_as_text:
            reasons = "; ".join(worded(warning) for warning in chat.warnings)
            raise ImportRefused(f"{source.path}: not imported because of --strict: {reasons}")


async def in_thread(items: Iterator[T]) -> AsyncIterator[T]:
    """Yield what a blocking iterator yields, asking it in a thread."""
    end = object()
    while (item := await asyncio.to_thread(next, items, end)) is not end:
        yield item  # type: ignore[misc]  # the only thing of another type is `end`
