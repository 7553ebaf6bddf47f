"""Files that were damaged at random: they are read, or refused in one sentence, and never hang or raise."""

from __future__ import annotations

import io
import signal
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import FileUnreadable
from bot.reading.child_protocol import read_item, write_item
from bot.reading.incoming import IncomingFile
from bot.reading.pieces import About, Enclosed, Piece, Progress
from bot.reading.splitting import split_long
from plugins.text.options import TextOptions
from plugins.text.plugin import reader_of
from tests.plugins.text.text_files import every_kind

KINDS = sorted(["a.txt", "a.md", "a.html", "a.srt", "a.vtt", "a.ass", "a.py", "a.rs", "a.rtf", "a.docx", "a.pptx"])
KINDS += ["a.eml", "a.epub", "a.xlsx", "a.rst", "a.ipynb", "a.ics", "a.vcf"]
LONGEST = 20
"""Seconds."""

SPLINTERS = st.one_of(
    st.binary(min_size=1, max_size=8),
    st.sampled_from(
        [b"<", b"</", b"&", b"]]>", b"<!--", b"-->", b"{", b"}", b"\\u-1?", b"\\'", b"\x00", b"\xff\xfe", b"="]
    ),
    st.sampled_from(
        [b"9" * 400, b"<p>" * 300, b"{" * 300, b"(" * 300, b"00:99:99,999 --> ", b"charset=utf-7", b"\n\n"]
    ),
)


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """Draw a file with a few pieces cut out, put in, doubled or exchanged."""
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 64)))
        match draw(st.sampled_from(["cut", "put", "double", "exchange", "end"])):
            case "cut":
                data = data[:start] + data[end:]
            case "put":
                data = data[:start] + draw(SPLINTERS) + data[start:]
            case "double":
                data = data[:end] + data[start:]
            case "exchange":
                data = data[:start] + draw(SPLINTERS) + data[end:]
            case "end":
                data = data[: max(start, 1)]
    return data


@st.composite
def damaged_within(draw: st.DrawFn, name: str) -> bytes:
    """Draw a zipped file of which one member is damaged, while the zip around it is right."""
    members = unzipped(name)
    chosen = draw(st.sampled_from(sorted(member for member, data in members.items() if data)))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for member, data in members.items():
            archive.writestr(member, draw(damaged(data)) if member == chosen else data)
    return target.getvalue()


@cache
def valid(name: str) -> bytes:
    return every_kind()[name]


@cache
def unzipped(name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(valid(name))) as archive:
        return {member: archive.read(member) for member in archive.namelist()}


@contextmanager
def alarm() -> Iterator[None]:
    """Fail when something hangs."""
    if sys.platform == "win32":
        yield
        return

    def ring(*_: object) -> None:
        raise KeyboardInterrupt("it hangs")  # no reader catches this

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def is_read_or_refused(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder, alarm():
        path = Path(folder, name)
        path.write_bytes(data)
        refusal = refused(path, len(data))
    assert refusal is None or (refusal.startswith(name) and "\n" not in refusal)


def refused(path: Path, size: int) -> str | None:
    """Read a file as the child process does; return why it is refused, if it is."""
    read = reader_of(IncomingFile(path, path.name, "", size, path.name))
    try:
        for item in read(path, TextOptions()):
            assert isinstance(item, Piece | About | Progress | Enclosed)
            for part in split_long(item):
                read_item(write_item(part))
    except FileUnreadable as error:
        return str(error)
    return None


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", KINDS)
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_in_one_sentence(name: str, data: st.DataObject) -> None:
    is_read_or_refused(name, data.draw(damaged(valid(name))))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["a.docx", "a.pptx", "a.xlsx", "a.epub"])
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_zipped_file_with_a_damaged_part_is_read_or_refused(name: str, data: st.DataObject) -> None:
    is_read_or_refused(name, data.draw(damaged_within(name)))


@pytest.mark.filterwarnings("ignore")
@given(st.sampled_from(KINDS), st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(name: str, data: bytes) -> None:
    is_read_or_refused(name, data)
