from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.configuration.operating_settings import BackupSettings
from bot.errors import CommandError
from bot.jobs.age_files import is_encrypted, make_key
from bot.jobs.backups import BackupPlan, back_up_now, choose_expired, list_backups
from bot.jobs.retention import forget_expired
from bot.jobs.upkeep import plan_of
from memory import Entry, Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder
from memory.errors import StorageError

NOW = datetime(2024, 5, 31, 3, tzinfo=UTC)


def test_of_daily_backups_over_a_quarter_the_last_week_and_the_last_weeks_are_left() -> None:
    times = {NOW - timedelta(days=days) for days in range(90)}
    left = sorted(times - choose_expired(times, daily=7, weekly=4), reverse=True)
    assert left[:7] == [NOW - timedelta(days=days) for days in range(7)]
    assert [each.isocalendar().week for each in left[7:]] == [20, 19]
    assert all(each.weekday() == 6 for each in left[7:])


def test_of_several_on_a_day_the_latest_is_left_and_the_newest_never_goes() -> None:
    times = {NOW + timedelta(hours=hours) for hours in range(5)}
    assert times - choose_expired(times, daily=1, weekly=0) == {NOW + timedelta(hours=4)}
    assert choose_expired([], daily=1, weekly=1) == set()


async def test_a_backup_is_named_after_its_time_and_old_ones_go_but_nothing_else_in_the_folder(tmp_path: Path) -> None:
    plan = BackupPlan(tmp_path / "backups", timedelta(days=1), daily=2, weekly=0)
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as memory:
        for day in range(4):
            await back_up_now(memory, plan, NOW + timedelta(days=day))
            (plan.folder / "scrubjay-mine.db").write_text("kept")
    assert [path.name for path in list_backups(plan.folder).values()] == [
        "scrubjay-20240602-030000.db",
        "scrubjay-20240603-030000.db",
    ]
    assert (plan.folder / "scrubjay-mine.db").read_text() == "kept"
    assert plan.folder.stat().st_mode & 0o077 == 0


async def test_with_recipients_the_backups_of_the_clock_are_encrypted_and_old_ones_of_both_kinds_go(
    tmp_path: Path,
) -> None:
    public = make_key(tmp_path / "key.txt")
    plan = BackupPlan(tmp_path / "backups", timedelta(days=1), daily=2, weekly=0)
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as memory:
        for day, recipients in enumerate([(), (), (public,)]):
            await back_up_now(memory, replace(plan, recipients=recipients), NOW + timedelta(days=day))
    left = list(list_backups(plan.folder).values())
    assert [path.name for path in left] == ["scrubjay-20240601-030000.db", "scrubjay-20240602-030000.db.age"]
    assert [is_encrypted(path) for path in left] == [False, True]


def test_a_bad_public_key_in_the_settings_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not an age public key"):
        plan_of(BackupSettings(folder=tmp_path, recipients=("age1nonsense",)))


async def test_a_backup_that_can_not_be_written_removes_none_of_the_old_ones(tmp_path: Path) -> None:
    plan = BackupPlan(tmp_path / "backups", timedelta(days=1), daily=1, weekly=0)
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as memory:
        await back_up_now(memory, plan, NOW)
        with pytest.raises(StorageError, match="exists already"):
            await back_up_now(memory, plan, NOW)
    assert len(list_backups(plan.folder)) == 1


async def test_what_is_older_than_its_conversation_is_kept_is_forgotten_and_nothing_else(tmp_path: Path) -> None:
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as memory:
        brief = await memory.conversations.ensure("telegram", "1", kind="group")
        lasting = await memory.conversations.ensure("telegram", "2", kind="group")
        for place in (brief, lasting):
            entries = [Entry(f"said {days} days ago", NOW - timedelta(days=days)) for days in (40, 20)]
            await memory.passages.add(place, entries)
        assert await forget_expired(memory, {brief.id: 30, 999: 1}, NOW) == 1
        left = await memory.passages.select(Scope.all(), Selection(everything=True))
        assert sorted((each.conversation.id, each.text) for each in left) == sorted(
            [
                (brief.id, "said 20 days ago"),
                (lasting.id, "said 20 days ago"),
                (lasting.id, "said 40 days ago"),
            ]
        )
        assert await forget_expired(memory, {brief.id: 30}, NOW) == 0
