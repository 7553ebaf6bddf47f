"""One run over files, folders and addresses: a few are read at a time, and a bad one never stops the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Protocol

from bot.errors import FileUnreadable, PasswordNeeded, ReaderFailed
from bot.reading.library import Library
from bot.reading.outcome import Outcome
from bot.reading.paths import expand_path, files_under
from bot.reading.reader_choice import may_be_read
from bot.reading.reading import Tell

_ADDRESS = "://"


@dataclass(slots=True)
class Report:
    """What came of it: an outcome per source that was read, a sentence per one that was not, the rest as a count."""

    outcomes: list[tuple[str, Outcome]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    skipped: int = 0


def find_missing(sources: Sequence[str]) -> list[str]:
    """Return why paths stand for nothing at all, a sentence for each; addresses are only known by asking there."""
    missing = []
    for source in sources:
        if _ADDRESS not in source:
            try:
                expand_path(source)
            except FileUnreadable as error:
                missing.append(str(error))
    return missing


class Observer(Protocol):
    """Who wants to know how far it is."""

    def reading(self, name: str) -> AbstractContextManager[Tell]:
        """Show that a file is being read; what is given is told how far."""

    def done(self, outcome: Outcome) -> None:
        """Another file was read."""


AskPassword = Callable[[str], Awaitable[str | None]]
"""Is told why a password is needed, and returns it; None when nobody knows it."""


@dataclass(frozen=True, slots=True)
class _Due:
    """A file or an address to read. What is only `found` in a folder may be of a kind that nobody reads."""

    source: str
    found: bool = False


class Gathering:
    """Takes everything at some paths and addresses into a library. `report` is right also when it is cancelled."""

    def __init__(
        self,
        library: Library,
        observer: Observer,
        *,
        password: str | None = None,
        ask: AskPassword | None = None,
        again: bool = False,
    ) -> None:
        self._library = library
        self._observer = observer
        self._password = password
        self._ask = ask
        self._again = again
        self._turn = asyncio.Lock()
        self.report = Report()

    async def gather(self, sources: Sequence[str]) -> None:
        """Take in what is named: files, folders with all in them that can be read, patterns, addresses."""
        due = chain.from_iterable(map(self._list_due, sources))
        async with asyncio.TaskGroup() as group:
            for _ in range(self._library.reading.options.workers):
                group.create_task(self._work_off(due))

    async def _work_off(self, due: Iterator[_Due]) -> None:
        while True:
            async with self._turn:  # a generator can be asked by one at a time
                each = await asyncio.to_thread(next, due, None)
            if each is None:
                return
            await self._take(each)

    def _list_due(self, source: str) -> Iterator[_Due]:
        if _ADDRESS in source:
            yield _Due(source)
            return
        try:
            paths = expand_path(source)
        except FileUnreadable as error:
            self.report.refusals.append(str(error))
            return
        for path in paths:
            yield from (_Due(str(file), found=file != path) for file in files_under(path))

    async def _take(self, due: _Due) -> None:
        name = Path(due.source).name or due.source
        if due.found and not may_be_read(self._library.reading.reads.readers, name, ""):
            self.report.skipped += 1
            return
        try:
            with self._observer.reading(name) as tell:
                outcome = await self._read(due.source, tell)
        except (FileUnreadable, ReaderFailed) as error:
            self.report.refusals.append(str(error) if not due.found else f"{due.source}: {error}")
        else:
            self.report.outcomes.append((due.source, outcome))
            self._observer.done(outcome)

    async def _read(self, source: str, tell: Tell) -> Outcome:
        if _ADDRESS in source:
            return await self._library.take_address(source, tell, again=self._again)
        path, password = Path(source), self._password
        while True:
            try:
                return await self._library.take(path, tell, password=password, again=self._again)
            except PasswordNeeded as error:
                asked = await self._ask_password(str(error))
                if asked is None:
                    raise
                password = asked

    async def _ask_password(self, why: str) -> str | None:
        if self._ask is None:
            return None
        async with self._turn:
            return await self._ask(why)
