from __future__ import annotations

import os
from pathlib import Path

import pytest

from memory.embedders.model_cache import build_once, is_intact


def fill_with_one(folder: Path) -> None:
    (folder / "model").write_text("one")


def fill_with_two(folder: Path) -> None:
    (folder / "model").write_text("two")


def test_a_folder_is_built_once_and_left_alone_after(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "model-1"
    assert not is_intact(folder)
    build_once(folder, fill_with_one)
    build_once(folder, fill_with_two)
    assert (folder / "model").read_text() == "one"
    assert is_intact(folder)


@pytest.mark.parametrize("damage", ["changed", "file gone", "manifest gone", "manifest garbled"])
def test_a_damaged_folder_is_built_anew(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "model-1"
    build_once(folder, fill_with_one)
    match damage:
        case "changed":
            (folder / "model").write_text("0ne")
        case "file gone":
            (folder / "model").unlink()
        case "manifest gone":
            (folder / "digests.json").unlink()
        case _:
            (folder / "digests.json").write_text("[1, 2")
    build_once(folder, fill_with_two)
    assert (folder / "model").read_text() == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["model-1"]


def test_a_build_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        fill_with_one(folder)
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        build_once(tmp_path / "model-1", fail)
    assert not list(tmp_path.iterdir())


def test_the_first_of_two_builders_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "model-1"

    def overtaken(scratch: Path) -> None:
        build_once(folder, fill_with_one)
        fill_with_two(scratch)

    build_once(folder, overtaken)
    assert (folder / "model").read_text() == "one"
    assert [path.name for path in tmp_path.iterdir()] == ["model-1"]


def test_what_a_killed_build_left_is_swept_by_a_later_one(tmp_path: Path) -> None:
    left, running = tmp_path / ".model-1.left", tmp_path / ".model-1.running"
    left.mkdir()
    running.mkdir()
    os.utime(left, (0, 0))
    build_once(tmp_path / "model-1", fill_with_one)
    assert not left.exists()
    assert running.exists()
