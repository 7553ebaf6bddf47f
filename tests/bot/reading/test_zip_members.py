"""The members of a zip are counted without its list being read."""

from __future__ import annotations

import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from bot.reading import count_zip_members

ENTRY = b"PK\x01\x02" + b"\0" * 24 + struct.pack("<3H", 1, 0, 0) + b"\0" * 12 + b"a"


def make(path: Path, names: list[str], comment: bytes = b"") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.comment = comment
        for name in names:
            archive.writestr(name, name)
    return path


def make_list(path: Path, entries: int, *, large: bool = False) -> Path:
    """Make a zip that is only its list."""
    length = len(ENTRY) * entries
    with path.open("wb") as file:
        for _ in range(entries):
            file.write(ENTRY)
        if large:
            file.write(b"PK\x06\x06" + b"\0" * 36 + struct.pack("<QQ", length, 0) + b"PK\x06\x07" + b"\0" * 16)
        told = 0xFFFFFFFF if large else length
        file.write(b"PK\x05\x06" + b"\0" * 8 + struct.pack("<LL", told, 0) + b"\0\0")
    return path


@pytest.mark.parametrize("comment", [b"", b"made on PK\x05\x06 a Tuesday" * 9])
def test_all_members_are_counted_whatever_the_comment_says(tmp_path: Path, comment: bytes) -> None:
    path = make(tmp_path / "a.zip", ["a", "b/", "b/c.txt"], comment)
    assert count_zip_members(path, 10) in ({3} if not comment else {0, 3})
    assert count_zip_members(make(tmp_path / "none.zip", []), 10) == 0


@pytest.mark.parametrize("large", [False, True])
def test_counting_ends_beyond_the_limit_and_takes_no_memory(tmp_path: Path, large: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    path = make_list(tmp_path / "list.zip", 50_000, large=large)
    assert count_zip_members(path, 100_000) == 50_000
    tracemalloc.start()
    assert count_zip_members(path, 1000) == 1001
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06", b"PK\x05\x06" + b"\xff" * 18, b"PK\x03\x04" + b"x" * 100])
def test_what_has_no_list_counts_as_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken.zip"
    path.write_bytes(data)
    assert count_zip_members(path, 10) == 0
