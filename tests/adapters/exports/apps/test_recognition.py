"""A file of an app that is not read is named, with what to choose in it."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC
from pathlib import Path

import pytest

from adapters.exports.parsed import ParseOptions
from adapters.exports.sources import find_sources, installed_formats
from bot.errors import ImportRefused


def refusal(path: Path) -> str:
    with pytest.raises(ImportRefused) as refused:
        list(find_sources(path, installed_formats()))
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "content", "advice"),
    [
        ("page.html", b'<html><body><li class="mx_EventTile">x</li></body></html>', "Element.*format JSON"),
        ("msgstore.db.crypt15", b"\x00\x01", "WhatsApp's own backup.*Export chat"),
        ("signal-2024-05-03-21-14-05.backup", b"\x00\x01", "Signal Desktop's export"),
        ("chat.db", b"SQLite format 3\x00", "imessage-exporter"),
        ("other.db", b"SQLite format 3\x00", "database of an app"),
        (
            "8_live.tar",
            b"messages.json".ljust(257, b"\0") + b"ustar" + bytes(50),
            "unpack it and import its messages.json",
        ),
        ("chats.7z", b"7z\xbc\xaf\x27\x1c", "unpack it"),
        ("MyActivity.html", b"<html><title>My Activity History</title></html>", "only Gemini Apps"),
        ("book.csv", b"Title,Written,Words\na,b,c\n", "Title, Written, Words.*author, sent_at and text"),
        ("book.tsv", b"Title\tWritten\tWords\na\tb\tc\n", "author, sent_at and text"),
    ],
)
def test_what_is_recognised_is_named_with_what_to_choose(
    tmp_path: Path, name: str, content: bytes, advice: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    said = refusal(path)

    assert str(path) in said
    assert re.search(advice, said)


def test_telegrams_page_without_times_says_what_to_choose(tmp_path: Path) -> None:
    path = tmp_path / "export.html"
    path.write_text(
        '<!DOCTYPE html><html><body><div class="message default clearfix" id="message1">'
        '<div class="from_name">Tom</div><div class="text">Hello</div></div></body></html>'
    )
    (source,) = find_sources(path, installed_formats())
    with pytest.raises(ImportRefused, match="Machine-readable JSON"):
        [list(chat.messages) for chat in source.format.open(path, ParseOptions(UTC))]


def test_an_archive_of_pages_says_what_to_choose(tmp_path: Path) -> None:
    path = tmp_path / "facebook-ana.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("your_facebook_activity/messages/inbox/trip_1/message_1.html", "<html></html>")

    assert "format JSON" in refusal(path)


def test_notes_and_tables_without_columns_are_nothing_in_particular(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("milk, eggs\nand, bread, too\n")

    assert "not a chat export of a known kind" in refusal(path)


def test_in_a_folder_the_first_file_of_a_known_app_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("milk, eggs\n")
    (tmp_path / "chat.db").write_bytes(b"SQLite format 3\x00")

    assert "imessage-exporter" in refusal(tmp_path)
