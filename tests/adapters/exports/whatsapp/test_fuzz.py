from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.exports.archive import MediaBeside, open_files
from adapters.exports.parsed import ParsedChat
from adapters.exports.whatsapp.headers import find_header, learn
from adapters.exports.whatsapp.media import read_body
from bot.errors import ImportRefused
from tests.adapters.exports.whatsapp.files import chat_of

SAMPLE = (
    "[18/03/2022, 14:56:01] Mara: hello\n\u200e[18/03/2022, 14:56:02] Mara: \u200e<attached: 00000038-a.opus>\n"
    "[19/03/2022, 14:56:03] Trip: Lisbon: \u200eTom left\nmore\n[20/03/2022, 14:56:04] Tom: X.pdf • \u200e2 pages "
    "\u200edocument omitted\n[21/03/2022, 14:56:05] Tom: ok <This message was edited>\n"
)
PIECES = st.sampled_from(
    [
        *"[]:-,./ \n\r\t\0<>()‹›“”•~",
        *("\u200e", "\u200f", "\ufeff", "\u202f", ": ", " - ", "AM", "下午", "R4", "BE", "99", "0", "٣", "😀"),
        *("18/03/2022", "14:56", "omitted", "attached", "null"),
    ]
)
NOISE = st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=30).map("".join)


def _read(content: bytes) -> tuple[ParsedChat, int] | None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            chat, messages = chat_of(Path(folder), content)
        except ImportRefused:
            return None
        return chat, len(messages)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(SAMPLE)), st.integers(0, 40), NOISE)
def test_a_mutilated_export_is_read_or_refused_and_no_line_is_lost(at: int, cut: int, noise: str) -> None:
    text = SAMPLE[:at] + noise + SAMPLE[at + cut :]
    with tempfile.TemporaryDirectory() as folder:
        try:
            _, messages = chat_of(Path(folder), text.encode("utf-8", "replace"))
        except ImportRefused:
            return
    lines = [message.line for message in messages]
    assert lines == sorted(lines)
    assert all(message.sent_at.utcoffset() is not None for message in messages)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    _read(content)
    _read(SAMPLE.encode() + content)


def test_what_looks_like_a_chat_until_it_is_decoded_is_read_or_refused() -> None:
    """Found by tests/fuzz/exports.py: the line with the only header is no UTF-8 after all."""
    _read("hi\n下午1:31, 2022年3月18日 - Ann: <Media".encode() + b"\xee")


@settings(max_examples=200, deadline=None)
@given(NOISE)
def test_any_line_has_a_header_or_has_none(line: str) -> None:
    first = line.split("\n", maxsplit=1)[0]
    header = find_header(first)
    shape = learn(first)
    assert (header is None) == (shape is None)
    if shape is not None:
        assert len(shape.messages.split("\n" + first)) == 6


@settings(max_examples=200, deadline=None)
@given(NOISE)
def test_any_body_holds_something(body: str) -> None:
    content = read_body(body, (), has_author=True)
    assert content.text or content.attachments or content.deleted or not body.strip("\u200e\u200f\ufeff\n ")


def test_a_line_made_to_make_the_patterns_backtrack_takes_no_time(tmp_path: Path) -> None:
    for piece in ("a:", ": ", "[", "<", "(a.", "\u200e", "1:2", " - ", "• ", "\n[", "\n1/1/22, "):
        text = "[18/03/2022, 14:56:01] " + "Mara: " + piece * 40_000 + "\n"
        chat_of(tmp_path, text)
    with open_files(tmp_path) as files:
        assert "x" * 5000 not in MediaBeside(files, "")
