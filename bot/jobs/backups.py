"""Backups by the clock, while the bot runs: made when one is due, and of the old ones a few are kept."""

from __future__ import annotations

import asyncio
import logging
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.jobs.age_files import SUFFIX, encrypt_file
from memory import Memory
from memory.private_files import make_private_folder

logger = logging.getLogger(__name__)

_FORM = "scrubjay-%Y%m%d-%H%M%S.db"
_NAME = re.compile(r"(scrubjay-\d{8}-\d{6}\.db)(?:\.age)?")
_LONGEST_SLEEP = timedelta(hours=1)
"""After which the clock is looked at again: machines sleep, and clocks are set."""


@dataclass(frozen=True, slots=True)
class BackupPlan:
    """Where backups go, how often, and of how many days and weeks the latest one is kept.

    With `recipients`, public keys of age, they are encrypted.
    """

    folder: Path
    every: timedelta
    daily: int
    weekly: int
    recipients: tuple[str, ...] = ()


async def back_up_regularly(memory: Memory, plan: BackupPlan, now: Callable[[], datetime]) -> None:
    """Make a backup whenever one is due, without end. What goes wrong is logged, and tried again an hour later."""
    while True:
        wait = plan.every - (now() - latest) if (latest := _latest(plan.folder)) else timedelta()
        if wait <= timedelta():
            wait = _LONGEST_SLEEP
            try:
                await back_up_now(memory, plan, now())
            except Exception:
                logger.exception("The backup to %s failed; it is tried again in an hour", plan.folder)
        await asyncio.sleep(min(wait, _LONGEST_SLEEP).total_seconds())


async def back_up_now(memory: Memory, plan: BackupPlan, now: datetime) -> Path:
    """Make a backup named after the time, then remove those that are no longer to be kept. Raises StorageError."""
    await asyncio.to_thread(make_private_folder, plan.folder)
    target = plan.folder / (now.astimezone(UTC).strftime(_FORM) + (SUFFIX if plan.recipients else ""))
    await write_backup(memory, target, plan.recipients)
    kept = list_backups(plan.folder)
    for old in choose_expired(kept, daily=plan.daily, weekly=plan.weekly):
        await asyncio.to_thread(kept[old].unlink, missing_ok=True)
    logger.info("Backed up to %s", target)
    return target


async def write_backup(memory: Memory, target: Path, recipients: Sequence[str] = ()) -> None:
    """Write a copy of the memory to `target`, which must not exist yet; encrypted where there are recipients.

    What is not encrypted yet lies in the data folder for that long. Raises StorageError and CommandError.
    """
    if not recipients:
        await memory.upkeep.back_up(target)
        return
    with tempfile.TemporaryDirectory(prefix="backup-", dir=memory.upkeep.folder) as scratch:
        plain = Path(scratch, "plain.db")
        await memory.upkeep.back_up(plain)
        await asyncio.to_thread(encrypt_file, plain, target, recipients)


def list_backups(folder: Path) -> dict[datetime, Path]:
    """Return the backups in a folder that were made by the clock, by their time, the oldest first."""
    return dict(sorted(_find(folder)))


def choose_expired(times: Iterable[datetime], *, daily: int, weekly: int) -> set[datetime]:
    """Return which backups go: all but the latest of each of the last days and weeks that have one."""
    newest_first = sorted(times, reverse=True)
    days: dict[object, datetime] = {}
    weeks: dict[object, datetime] = {}
    for time in newest_first:
        days.setdefault(time.date(), time)
        weeks.setdefault(time.isocalendar()[:2], time)
    kept = {*list(days.values())[:daily], *list(weeks.values())[:weekly]}
    return set(newest_first) - kept


def _find(folder: Path) -> Iterator[tuple[datetime, Path]]:
    for path in folder.glob("scrubjay-*.db*"):
        if name := _NAME.fullmatch(path.name):
            yield datetime.strptime(name[1], _FORM).replace(tzinfo=UTC), path


def _latest(folder: Path) -> datetime | None:
    return max(list_backups(folder), default=None)
