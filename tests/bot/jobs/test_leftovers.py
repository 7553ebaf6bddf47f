"""What a killed process leaves on the disk does not stay there, and what others work on is left alone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from bot.jobs.leftovers import BACKUPS, FILES, remove_leftovers
from bot.reading.held_folders import hold_folder

HOUR = timedelta(hours=1)


def leave(folder: Path, *, hours_ago: float) -> Path:
    """Make a folder with a file in it, neither of which was touched for some hours."""
    folder.mkdir()
    file = folder / "plain.db"
    file.write_text("the spare key is under the pot")
    for path in (file, folder):
        os.utime(path, (time.time() - 3600 * hours_ago,) * 2)
    return file


def test_a_backup_that_was_never_encrypted_is_removed_once_nobody_works_on_it(tmp_path: Path) -> None:
    old = leave(tmp_path / "backup-1", hours_ago=2)
    young = leave(tmp_path / "backup-2", hours_ago=0.5)
    assert remove_leftovers(tmp_path, BACKUPS, HOUR) == 1
    assert (old.parent.exists(), young.exists()) == (False, True)


def test_a_folder_in_which_a_file_still_grows_is_left_alone(tmp_path: Path) -> None:
    file = leave(tmp_path / "backup-1", hours_ago=2)
    os.utime(file)
    assert remove_leftovers(tmp_path, BACKUPS, HOUR) == 0
    assert file.exists()


def test_other_names_files_and_links_are_left_alone(tmp_path: Path) -> None:
    other = leave(tmp_path / "backups", hours_ago=9)
    (tmp_path / "backup-file").write_text("mine")
    (tmp_path / "backup-link").symlink_to(other.parent)
    os.utime(tmp_path / "backup-file", (0, 0))
    assert remove_leftovers(tmp_path, (*BACKUPS, *FILES), HOUR) == 0
    assert other.exists()


def test_files_that_people_sent_are_removed_and_a_folder_that_is_not_there_has_none(tmp_path: Path) -> None:
    sent = [leave(tmp_path / f"{prefix}1", hours_ago=2) for prefix in FILES]
    assert remove_leftovers(tmp_path, FILES, HOUR) == len(sent)
    assert list(tmp_path.iterdir()) == []
    assert remove_leftovers(tmp_path / "gone", FILES, HOUR) == 0


def test_a_held_folder_stays_however_old_and_goes_as_soon_as_its_process_has_ended(tmp_path: Path) -> None:
    script = (
        "import os, sys, tempfile, time; tempfile.tempdir = sys.argv[1]\n"
        "from bot.reading.held_folders import hold_folder\n"
        "with hold_folder('scrubjay-import-') as folder:\n"
        "    (folder / 'chat.txt').write_text('secret'); print(folder, flush=True); time.sleep(600)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 (our own program)
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        for path in (*folder.iterdir(), folder):
            os.utime(path, (0, 0))
        assert remove_leftovers(tmp_path, FILES, HOUR) == 0
        assert (folder / "chat.txt").exists()
        process.kill()
    assert remove_leftovers(tmp_path, FILES, HOUR) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_held_folder_is_gone_after_its_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with hold_folder("scrubjay-import-") as folder:
        assert folder.stat().st_mode & 0o077 == 0
        assert remove_leftovers(tmp_path, FILES, timedelta()) == 0
    assert list(tmp_path.iterdir()) == []
