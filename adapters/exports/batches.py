"""Reads the messages of a chat in batches, off the event loop, and keeps those that came before damage."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from adapters.exports.parsed import ParsedMessage
from adapters.exports.report import ImportReport
from bot.errors import ImportRefused

BATCH = 5000
"""Messages per batch: large enough that a commit for each costs nothing, small enough to feel Ctrl-C."""


class Batches:
    """Reads messages in batches, in a thread, and keeps those that came before damage."""

    def __init__(self, messages: Iterator[ParsedMessage]) -> None:
        self._messages = messages
        self._damage: ImportRefused | None = None

    async def next(self) -> list[ParsedMessage]:
        """Return the next messages; an empty list at the end or where the damage begins."""
        return await asyncio.to_thread(self.read)

    def read(self) -> list[ParsedMessage]:
        """Do the same, in the calling thread."""
        batch: list[ParsedMessage] = []
        if self._damage is not None:
            return batch
        try:
            for message in self._messages:
                batch.append(message)
                if len(batch) == BATCH:
                    break
        except ImportRefused as error:
            self._damage = error
        return batch

    def raise_if_damaged(self, report: ImportReport) -> None:
        """Raise what reading failed with, and say how much was read before."""
        if self._damage is not None and not report.messages:
            raise self._damage
        if self._damage is not None:
            raise ImportRefused(
                f"{self._damage} (the {report.messages} messages before that are kept)"
            ) from self._damage
