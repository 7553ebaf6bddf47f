"""Uploaded exports that wait for their sender to choose how to import them."""

from __future__ import annotations

import asyncio
import shutil
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from uuid import uuid4

from adapters.exports.dry_run import read_paths
from adapters.exports.parsed import ParseOptions
from adapters.exports.run import ImportOptions, ImportOutcome
from adapters.exports.sources import installed_formats
from bot import Person

_MOST_WAITING = 10


@dataclass(frozen=True, slots=True)
class WaitingImport:
    """An export in a folder of its own, and what is in it."""

    person: Person
    path: Path
    outcome: ImportOutcome
    id: str = field(default_factory=lambda: uuid4().hex)

    @property
    def people(self) -> list[str]:
        """Everybody who wrote, in the order of the alphabet: one of them may be who imports it."""
        names = {name for report in self.outcome.reports for name in report.people}
        return sorted(names, key=str.casefold)


class WaitingImports:
    """The exports that wait; of too many the oldest is removed."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, WaitingImport] = OrderedDict()

    async def look(self, person: Person, path: Path, zone: tzinfo | None) -> WaitingImport:
        """Read an export without storing anything, and keep it until it is taken."""
        options = ImportOptions(ParseOptions(timezone=zone))
        outcome = await asyncio.to_thread(
            read_paths, [str(path)], installed_formats(), options, lambda _chat, _platform, _message: None
        )
        waiting = WaitingImport(person, path, outcome)
        self._waiting[waiting.id] = waiting
        if len(self._waiting) > _MOST_WAITING:
            await self._remove(self._waiting.popitem(last=False)[1])
        return waiting

    def take(self, waiting_id: str, person: Person) -> WaitingImport | None:
        """Return an export that this person has sent, to be imported now."""
        waiting = self._waiting.get(waiting_id)
        if waiting is None or waiting.person != person:
            return None
        return self._waiting.pop(waiting_id)

    async def close(self) -> None:
        """Remove what was never taken."""
        while self._waiting:
            await self._remove(self._waiting.popitem()[1])

    async def _remove(self, waiting: WaitingImport) -> None:
        await asyncio.to_thread(shutil.rmtree, waiting.path.parent, ignore_errors=True)
