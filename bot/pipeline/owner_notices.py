"""What owners are told in their direct chats of the bot's own state, so that nobody has to watch a log."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.access.direct_chats import DirectChats
from bot.adapter import Adapter, TellsTrouble
from bot.pipeline.malformed import describe_problem
from bot.translation import format_number, gettext_noop
from memory import Memory

logger = logging.getLogger(__name__)

LONG = timedelta(minutes=15)
"""How long a platform may be out of reach before somebody is told."""
LITTLE_SPACE, ENOUGH_SPACE = 1 << 30, 2 << 30
"""In bytes: below the first owners are told once, and again only after there was the second."""
_DAY = timedelta(days=1)
_LATEST = 50

_OUT_OF_REACH = gettext_noop("I have not reached {platform} for {minutes} minutes: {problem}")
_BACK = gettext_noop("I reach {platform} again.")
_STOPPED = gettext_noop("I no longer run on {platform}: {problem}")
_LITTLE_SPACE = gettext_noop("My disk has {free} GB left. When it is full, I can't remember anything new.")
_SET_ASIDE = gettext_noop("Updates that I could not handle and set aside: {number}. `scrubjay unhandled` shows them.")
_PAIRED = gettext_noop("{account} was let in by a code. /members shows in which role.")


class OwnerNotices:
    """Tells owners, once each, what they would otherwise find in the log alone. /notices off ends that for a chat."""

    def __init__(self, memory: Memory, direct_chats: DirectChats, now: Callable[[], datetime]) -> None:
        self._memory = memory
        self._chats = direct_chats
        self._now = now
        self._failed: list[tuple[str, str]] = []
        self._unreached: set[str] = set()
        self._is_full = False
        self._paired_until = self._set_aside_until = now()
        self._set_aside_told: datetime | None = None

    def note_failure(self, adapter: Adapter, error: Exception) -> None:
        """Take note that an adapter has ended."""
        self._failed.append((adapter.name, describe_problem(error)))

    async def look_around(self, adapters: Sequence[Adapter]) -> None:
        """Tell what is wrong with this process: its platforms and its disk."""
        failed, self._failed = self._failed, []
        for name, problem in failed:
            await self._chats.tell_owners(_STOPPED, elsewhere=name, platform=name, problem=problem)
        for adapter in adapters:
            if isinstance(adapter, TellsTrouble):
                await self._look_at(adapter.name, adapter)
        await self._look_at_disk()

    async def look_into_memory(self) -> None:
        """Tell what any process has written down: who was let in, and what could not be handled."""
        await self._look_at_pairings()
        await self._look_at_set_aside()

    async def _look_at(self, name: str, adapter: TellsTrouble) -> None:
        trouble = adapter.trouble
        if trouble is None:
            if name in self._unreached:
                self._unreached.discard(name)
                await self._chats.tell_owners(_BACK, elsewhere=name, platform=name)
            return
        lasts = self._now() - trouble.since
        if lasts >= LONG and name not in self._unreached:
            self._unreached.add(name)
            minutes = int(lasts.total_seconds() // 60)
            await self._chats.tell_owners(
                _OUT_OF_REACH, elsewhere=name, platform=name, minutes=minutes, problem=trouble.problem
            )

    async def _look_at_disk(self) -> None:
        folder = self._memory.folder
        free = (await asyncio.to_thread(shutil.disk_usage, folder)).free
        if free < LITTLE_SPACE and not self._is_full:
            self._is_full = True
            await self._chats.tell_owners(_LITTLE_SPACE, free=format_number(free / 1e9, 1))
        elif free >= ENOUGH_SPACE:
            self._is_full = False

    async def _look_at_pairings(self) -> None:
        since = self._paired_until
        entries = await self._memory.ledger.audit.read_latest(_LATEST)
        for entry in sorted(entries, key=lambda entry: entry.at):
            if entry.action == "paired" and entry.at > since:
                self._paired_until = entry.at
                await self._chats.tell_owners(_PAIRED, not_to=entry.actor, account=entry.actor)

    async def _look_at_set_aside(self) -> None:
        now = self._now()
        if self._set_aside_told is not None and now - self._set_aside_told < _DAY:
            return
        times = [each.met_at for each in await self._memory.ledger.unhandled_updates.read_all()]
        new = [met_at for met_at in times if met_at > self._set_aside_until]
        if new:
            self._set_aside_until, self._set_aside_told = max(new), now
            await self._chats.tell_owners(_SET_ASIDE, number=len(new))
