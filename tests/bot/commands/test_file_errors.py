"""Errors about files name the file as its user knows it, say what to do, and speak the reader's language."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from bot.commands.file_errors import describe_file_error
from bot.translation import speaking


def told(path: Path, number: int) -> str:
    return describe_file_error(OSError(number, os.strerror(number), str(path)))


def test_a_folder_that_is_not_there_is_named_and_not_the_file_that_was_to_be_written_first(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    sentence = told(folder / ".memory.jsonl.part", errno.ENOENT)
    assert sentence == f"{folder}/memory.jsonl: there is no folder {folder}; make it, or choose another place"
    with speaking("de"):
        assert "Den Ordner" in told(folder / ".memory.jsonl.part", errno.ENOENT)


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOENT, "check its name"),
        (errno.EACCES, "check its permissions"),
        (errno.EPERM, "check its permissions"),
        (errno.EROFS, "choose another place"),
        (errno.ENOSPC, "free some space"),
        (errno.EISDIR, "name a file"),
        (errno.ENAMETOOLONG, "choose a shorter one"),
    ],
)
def test_it_is_said_what_to_do(tmp_path: Path, number: int, advice: str) -> None:
    sentence = told(tmp_path / "x.jsonl", number)
    assert str(tmp_path / "x.jsonl") in sentence
    assert advice in sentence
    for language in ("de", "es", "fr", "it", "pt"):
        with speaking(language):
            assert advice not in told(tmp_path / "x.jsonl", number)


def test_an_error_that_names_no_file_and_one_that_nobody_knows_are_told_as_they_are(tmp_path: Path) -> None:
    assert describe_file_error(OSError(errno.EIO, "Input/output error")) == "Input/output error"
    assert told(tmp_path / "x", errno.EIO).endswith("x: Input/output error")
