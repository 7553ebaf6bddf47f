"""What is done for the memory by the clock, beside the bot: backups, forgetting what is old enough, and leftovers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta

from bot.configuration.operating_settings import BackupSettings
from bot.configuration.settings import Settings
from bot.jobs.age_files import check_recipients
from bot.jobs.backups import BackupPlan, back_up_regularly
from bot.jobs.leftovers import remove_leftovers_regularly
from bot.jobs.retention import forget_regularly
from bot.pipeline.background import run_beside
from memory import Memory


@asynccontextmanager
async def keep_up(settings: Settings, memory: Memory, now: Callable[[], datetime]) -> AsyncIterator[None]:
    """Do what is set while the block runs."""
    async with AsyncExitStack() as stack:
        leftovers = remove_leftovers_regularly(memory.upkeep.folder)
        await stack.enter_async_context(run_beside(leftovers, name="leftovers"))
        if (plan := plan_of(settings.backup)) is not None:
            await stack.enter_async_context(run_beside(back_up_regularly(memory, plan, now), name="backups"))
        if days := settings.retention.conversations:
            await stack.enter_async_context(run_beside(forget_regularly(memory, days, now), name="retention"))
        yield


def plan_of(settings: BackupSettings) -> BackupPlan | None:
    """Return when and where backups are made; None when they are not. Raises CommandError for a bad public key."""
    if settings.folder is None:
        return None
    every = timedelta(hours=settings.every_hours)
    check_recipients(settings.recipients)
    return BackupPlan(
        settings.folder, every, daily=settings.daily, weekly=settings.weekly, recipients=settings.recipients
    )
