"""Checks where the memory is kept: the data folder, who may read it, the database, and what could not be handled."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from bot.answering.opening import open_memory
from bot.configuration.findings import Finding
from bot.configuration.settings import Settings
from bot.errors import ConfigError
from bot.translation import format_number, gettext, ngettext
from memory import Scope
from memory.databases import open_ledger
from memory.errors import MemoryStoreError
from memory.private_files import close_to_others, make_private_folder, readable_by_others

_LITTLE_SPACE = 1 << 30
_NOT_PRIVATE = frozenset({"models"})
"""What of the data folder anybody may read: it holds nothing of anybody's."""


async def check_folder(name: str, settings: Settings) -> Finding:
    """Look whether the data folder can be written, and has room."""
    folder = settings.data_dir
    free = await asyncio.to_thread(_room_in, folder)
    found = gettext("{folder}, {free} GB free", folder=folder, free=format_number(free / 1000000000.0, 1))
    if free < _LITTLE_SPACE:
        return Finding(name, "note", found, gettext("free some space, or choose another folder with data.dir"))
    return Finding(name, "ok", found)


def _room_in(folder: Path) -> int:
    """Write a file there, and return the bytes that are free."""
    try:
        make_private_folder(folder)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"room")
        return shutil.disk_usage(folder).free
    except OSError as error:
        advice = gettext("choose another folder with data.dir, or fix its permissions")
        raise ConfigError(
            gettext(
                "{folder} can't be written: {strerror}; {advice}", folder=folder, strerror=error.strerror, advice=advice
            )
        ) from error


async def check_privacy(name: str, settings: Settings) -> Finding:
    """Look whether others on the machine may read the memory, as they may of one made long ago; and mend it."""
    return await asyncio.to_thread(_close_folder, name, settings.data_dir)


def _close_folder(name: str, folder: Path) -> Finding:
    if folder.resolve() == Path.home().resolve():
        return Finding(
            name,
            "note",
            gettext("{folder} is your home", folder=folder),
            gettext("choose a folder of its own with data.dir"),
        )
    found = readable_by_others(folder, besides=_NOT_PRIVATE)
    failed = close_to_others(found)
    if failed:
        mend = gettext("as their owner: chmod -R go-rwx {folder}", folder=folder)
        return Finding(
            name,
            "broken",
            gettext("others on this machine may read {failed} files in {folder}", failed=failed, folder=folder),
            mend,
        )
    if found:
        told = gettext(
            "others on this machine could read {number} files and folders in {folder}", number=len(found), folder=folder
        )
        return Finding(name, "note", told, gettext("fixed: from now on only you can"))
    return Finding(name, "ok", gettext("only you can read what is kept"))


async def check_database(name: str, settings: Settings) -> Finding:
    """Check the database, and count what it holds and what still waits for its vector."""
    async with open_memory(settings) as memory:
        problems = await memory.upkeep.check()
        if problems:
            mend = gettext("restore a backup with `scrubjay restore FILE`")
            if settings.memory.store is not None:
                mend = gettext("restore a backup with `pg_restore`; docs/scale.md says how")
            return Finding(name, "broken", "; ".join(problems), mend)
        summaries = await memory.conversations.summarize(Scope.all())
        waiting = await memory.embeddings.count_pending()
    count = sum(summary.passages for summary in summaries)
    found = gettext(
        "{database}, {memories} in {conversations}",
        database=settings.store,
        memories=ngettext("{number} memory", "{number} memories", count),
        conversations=ngettext("{number} conversation", "{number} conversations", len(summaries)),
    )
    if waiting:
        mend = gettext(
            "they are embedded while `scrubjay chat` or `scrubjay run` is up; till then they are found by words"
        )
        return Finding(
            name, "note", gettext("{found}; {waiting} wait for their vector", found=found, waiting=waiting), mend
        )
    return Finding(name, "ok", found)


async def check_updates(name: str, settings: Settings) -> Finding:
    """Count the updates of chat platforms that the bot could not handle."""
    try:
        async with open_ledger(settings.store) as ledger:
            updates = await ledger.unhandled_updates.read_all()
    except MemoryStoreError:
        return Finding(name, "note", gettext("the database can't be read, so this can't be told"))
    if not updates:
        return Finding(name, "ok", gettext("every update of a chat platform was handled"))
    counts = Counter(update.platform for update in updates)
    told = ", ".join(
        gettext("{count} of {platform}", count=count, platform=platform) for platform, count in sorted(counts.items())
    )
    mend = gettext("`scrubjay unhandled` shows them, for a bug report; with --delete it forgets them")
    return Finding(
        name,
        "note",
        gettext("could not be handled: {told}; the last: {problem}", told=told, problem=updates[-1].problem),
        mend,
    )
