from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from bot.reading.watch import Watcher
from memory import Scope
from tests.bot.reading.conftest import Shelves
from tests.emulators.patience import PATIENCE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "notes"
    (path / "deep").mkdir(parents=True)
    (path / "a.txt").write_text("alpha\nbeta", encoding="utf-8")
    (path / "deep" / "b.txt").write_text("gamma", encoding="utf-8")
    return path


@pytest.fixture
def watcher(shelves: Shelves, folder: Path) -> Watcher:
    return Watcher(shelves.library, [folder], settle_seconds=0.01)


def moved(folder: Path) -> Path:
    """Take a folder away, as an unplugged drive would; return where it is."""
    return folder.rename(folder.with_name("away"))


BOTH = {"a.txt": ["alpha", "beta"], "b.txt": ["gamma"]}


async def test_what_lies_in_a_folder_is_read_when_watching_begins(shelves: Shelves, watcher: Watcher) -> None:
    await watcher.catch_up()
    assert await shelves.texts() == BOTH


async def test_what_was_changed_and_deleted_meanwhile_is_found_at_the_start(
    shelves: Shelves, watcher: Watcher, folder: Path
) -> None:
    await watcher.catch_up()
    (folder / "a.txt").write_text("alpha\nnew", encoding="utf-8")
    (folder / "deep" / "b.txt").unlink()
    await watcher.catch_up()
    assert await shelves.texts() == {"a.txt": ["alpha", "new"]}


async def test_changes_are_followed(shelves: Shelves, watcher: Watcher, folder: Path) -> None:
    await watcher.catch_up()
    ids = await shelves.ids()
    (folder / "a.txt").write_text("beta", encoding="utf-8")
    (folder / "c.txt").write_text("delta", encoding="utf-8")
    (folder / "deep" / "b.txt").unlink()
    await watcher.follow([folder / "a.txt", folder / "c.txt", folder / "deep" / "b.txt"])
    assert await shelves.texts() == {"a.txt": ["beta"], "c.txt": ["delta"]}
    assert (await shelves.ids())[str(folder / "a.txt")] == ids[str(folder / "a.txt")]


@pytest.mark.parametrize("live", [True, False])
async def test_a_file_that_was_renamed_keeps_its_document(
    shelves: Shelves, watcher: Watcher, folder: Path, *, live: bool
) -> None:
    await watcher.catch_up()
    old, new = folder / "a.txt", folder / "deep" / "renamed.txt"
    document = (await shelves.ids())[str(old)]
    old.rename(new)
    await (watcher.follow([old, new]) if live else watcher.catch_up())
    assert (await shelves.ids())[str(new)] == document
    assert await shelves.texts() == {"renamed.txt": ["alpha", "beta"], "b.txt": ["gamma"]}


@pytest.mark.parametrize("live", [True, False])
async def test_a_folder_that_was_renamed_keeps_its_documents(
    shelves: Shelves, watcher: Watcher, folder: Path, *, live: bool
) -> None:
    await watcher.catch_up()
    before = await shelves.ids()
    (folder / "deep").rename(folder / "deeper")
    await (watcher.follow([folder / "deep", folder / "deeper"]) if live else watcher.catch_up())
    assert (await shelves.ids())[str(folder / "deeper" / "b.txt")] == before[str(folder / "deep" / "b.txt")]
    assert await shelves.texts() == BOTH


async def test_a_folder_that_was_deleted_takes_its_documents_along(
    shelves: Shelves, watcher: Watcher, folder: Path
) -> None:
    await watcher.catch_up()
    (folder / "deep" / "b.txt").unlink()
    (folder / "deep").rmdir()
    await watcher.follow([folder / "deep"])
    assert await shelves.texts() == {"a.txt": ["alpha", "beta"]}


async def test_of_two_files_that_hold_the_same_one_may_go(shelves: Shelves, watcher: Watcher, folder: Path) -> None:
    (folder / "copy.txt").write_text("gamma", encoding="utf-8")
    await watcher.catch_up()
    twins = [folder / "copy.txt", folder / "deep" / "b.txt"]
    (source,) = [path for path in twins if str(path) in await shelves.ids()]
    (other,) = [path for path in twins if path != source]
    source.unlink()
    await watcher.follow([source])
    assert set(await shelves.ids()) == {str(folder / "a.txt"), str(other)}


async def test_a_drive_that_is_not_there_takes_nothing_along(
    shelves: Shelves, watcher: Watcher, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await watcher.catch_up()
    moved(folder)
    await watcher.catch_up()
    await watcher.follow([folder / "a.txt"])
    os.mkdir(folder)  # noqa: PTH102 (a moment)
    await watcher.catch_up()
    assert await shelves.texts() == BOTH
    assert "is gone or empty; what was read from it stays" in caplog.text


async def test_a_file_that_can_not_be_read_is_told_once_and_the_old_text_stays(
    shelves: Shelves, watcher: Watcher, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await watcher.catch_up()
    (folder / "a.txt").write_text("broken", encoding="utf-8")
    (folder / "link.txt").symlink_to(folder / "nowhere.txt")
    await watcher.catch_up()
    await watcher.catch_up()
    assert await shelves.texts() == BOTH
    assert caplog.text.count("a.txt is damaged.") == 1


async def test_hidden_and_half_written_files_are_left_alone(shelves: Shelves, watcher: Watcher, folder: Path) -> None:
    names = [".hidden.txt", "a.txt.part", "~$a.txt", "b.txt~"]
    for name in names:
        (folder / name).write_text("secret", encoding="utf-8")
    (folder / ".git").mkdir()
    (folder / ".git" / "c.txt").write_text("secret", encoding="utf-8")
    await watcher.follow([*(folder / name for name in names), folder / ".git" / "c.txt", folder])
    await watcher.catch_up()
    assert await shelves.texts() == BOTH


async def test_links_that_lead_in_a_circle_end(shelves: Shelves, watcher: Watcher, folder: Path) -> None:
    (folder / "deep" / "circle").symlink_to(folder)
    await watcher.catch_up()
    assert await shelves.texts() == BOTH


async def test_an_unchanged_file_is_not_read_again(shelves: Shelves, watcher: Watcher, folder: Path) -> None:
    await watcher.catch_up()
    before = await shelves.memory.documents.summarize(shelves_scope(shelves))
    os.utime(folder / "a.txt")
    await watcher.catch_up()
    assert await shelves.memory.documents.summarize(shelves_scope(shelves)) == before


async def test_a_table_is_one_document_whichever_of_its_files_changes(
    shelves: Shelves, watcher: Watcher, folder: Path
) -> None:
    table = folder / "table"
    (table / "_delta_log").mkdir(parents=True)
    (table / "one.parquet").write_bytes(b"1")
    await watcher.catch_up()
    assert (await shelves.texts())["table"] == ["_delta_log one.parquet"]
    (table / "two.parquet").write_bytes(b"2")
    await watcher.follow([table / "two.parquet"])
    assert (await shelves.texts())["table"] == ["_delta_log one.parquet two.parquet"]


async def test_many_files_are_followed_by_the_system_s_own_notices(
    shelves: Shelves, watcher: Watcher, folder: Path
) -> None:
    for number in range(300):
        (folder / f"{number}.txt").write_text(f"text {number}", encoding="utf-8")
    async with watcher.watch():
        async with asyncio.timeout(PATIENCE):
            await watcher.caught_up.wait()
        assert len(await shelves.texts()) == 302
        (folder / "7.txt").rename(folder / "seven.txt")
        (folder / "8.txt").unlink()
        async with asyncio.timeout(PATIENCE):
            while not {"seven.txt"} <= (now := set(await shelves.texts())) or {"7.txt", "8.txt"} & now:  # noqa: ASYNC110 (what is waited for is in a database)
                await asyncio.sleep(0.02)
        assert (await shelves.texts())["seven.txt"] == ["text 7"]


async def test_a_folder_that_comes_later_is_watched_from_then_on(
    shelves: Shelves, watcher: Watcher, folder: Path
) -> None:
    away = moved(folder)
    async with watcher.watch(), asyncio.timeout(PATIENCE):
        away.rename(folder)
        while await shelves.texts() != BOTH:  # noqa: ASYNC110 (as above)
            await asyncio.sleep(0.02)


def shelves_scope(shelves: Shelves) -> Scope:
    return Scope.of_conversation(shelves.conversation.id)
