from __future__ import annotations

import random
import zipfile
from collections import deque
from pathlib import Path

import pytest

from adapters.exports.archive import ArchiveLimits, open_files
from adapters.exports.parsed import ParseOptions
from adapters.exports.whatsapp import reader as whatsapp_reader
from adapters.exports.whatsapp.export import WhatsApp
from bot.errors import ImportRefused
from tests.adapters.exports.whatsapp.files import chat_of, chats

GOOD = "23/03/2022, 13:31 - Mara: hello\n23/03/2022, 13:32 - Tom: hi\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (random.Random(1).randbytes(50_000), "is not a text file"),
        (b'{"messages": [{"date": "2022-03-23T13:31:00"}]}', "no WhatsApp message was found"),
        (b"date,author,text\n2022-03-23,Mara,hello\n", "no WhatsApp message was found"),
        (b"[2024-01-01 10:00:00] ERROR: disk full\n[2024-01-01 10:00:01] INFO: retry\n", "no WhatsApp message"),
        (b"x" * 2_000_000, "no WhatsApp message was found"),
    ],
)
def test_a_file_that_is_no_chat_is_refused_with_its_name_and_the_reason(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    assert not WhatsApp().sniff(path)
    with pytest.raises(ImportRefused, match=reason) as refused:
        chats(path)
    assert "notes.txt" in str(refused.value)


def test_a_path_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert not WhatsApp().sniff(tmp_path / "gone.txt")
    with pytest.raises(ImportRefused, match="no such file"):
        chats(tmp_path / "gone.txt")


def _zipped(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_zip_without_a_chat_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="holds no text file"):
        chats(_zipped(tmp_path / "photos.zip", {"a.jpg": b"\xff\xd8", "b.jpg": b"\xff\xd8"}))


@pytest.mark.parametrize(
    "name", ["../_chat.txt", "/etc/_chat.txt", "a/../../_chat.txt", "..\\_chat.txt", "C:\\_chat.txt"]
)
def test_a_zip_whose_names_lead_out_of_their_folder_is_refused(tmp_path: Path, name: str) -> None:
    path = _zipped(tmp_path / "evil.zip", {name: GOOD})
    assert not WhatsApp().sniff(path)
    with pytest.raises(ImportRefused, match="lead out of its folder"):
        chats(path)


def test_a_zip_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    path = _zipped(tmp_path / "cut.zip", {"_chat.txt": GOOD * 500})
    path.write_bytes(path.read_bytes()[:-40])
    assert not WhatsApp().sniff(path)
    with pytest.raises(ImportRefused, match=r"cut\.zip: the zip is damaged or was cut short"):
        chats(path)


def test_damage_within_a_zip_is_told_after_what_came_before_it(tmp_path: Path) -> None:
    rng = random.Random(2)
    lines = "".join(f"23/03/2022, 13:31 - Mara: {rng.randbytes(40).hex()}\n" for _ in range(60_000))
    path = _zipped(tmp_path / "rot.zip", {"_chat.txt": lines})
    content = bytearray(path.read_bytes())
    middle = len(content) * 3 // 4
    content[middle : middle + 2000] = bytes(2000)
    path.write_bytes(bytes(content))
    reading = WhatsApp().open(path, ParseOptions())
    chat = next(reading)
    for _ in range(10_000):
        assert next(chat.messages).author == "Mara"
    with pytest.raises(ImportRefused, match=r"_chat\.txt is damaged"):
        deque(chat.messages, maxlen=0)


def test_a_zip_bomb_is_refused_while_it_is_read(tmp_path: Path) -> None:
    path = _zipped(tmp_path / "bomb.zip", {"_chat.txt": GOOD + "a" * 5_000_000})
    with (
        open_files(path, ArchiveLimits(ratio=50, ratio_from=1 << 20)) as files,
        files.open("_chat.txt") as stream,
        pytest.raises(ImportRefused, match="zip bomb"),
    ):
        deque(iter(lambda: stream.read(1 << 16), b""), maxlen=0)


def test_an_archive_with_too_much_or_too_many_is_refused(tmp_path: Path) -> None:
    path = _zipped(tmp_path / "big.zip", {"_chat.txt": GOOD * 100, "a.jpg": b"", "b.jpg": b""})
    with (
        pytest.raises(ImportRefused, match="holds more files than 2, which are the limit"),
        open_files(path, ArchiveLimits(members=2)),
    ):
        pass
    with (
        open_files(path, ArchiveLimits(total=100)) as files,
        files.open("_chat.txt") as stream,
        pytest.raises(ImportRefused, match="holds more than"),
    ):
        stream.read()


def test_an_impossible_date_or_time_is_kept_as_text_and_counted(tmp_path: Path) -> None:
    chat, messages = chat_of(
        tmp_path,
        "23/03/2022, 13:31 - Mara: one\n32/03/2022, 13:31 - Mara: two\n23/03/2022, 25:61 - Tom: three\n"
        "24/03/2022, 08:00 - Tom: four\n",
    )
    assert [message.text for message in messages] == [
        "one\n32/03/2022, 13:31 - Mara: two\n23/03/2022, 25:61 - Tom: three",
        "four",
    ]
    assert chat.lines_kept_as_text == 2
    assert [warning.line for warning in chat.warnings] == [2, 3]
    assert [message.line for message in messages] == [1, 4]


def test_lines_before_the_first_message_are_told_of(tmp_path: Path) -> None:
    chat, messages = chat_of(tmp_path, "my export\n" + GOOD)
    assert len(messages) == 2
    assert messages[0].line == 2
    assert [warning.line for warning in chat.warnings] == [1]


def test_an_endless_message_is_split_and_memory_stays_flat(tmp_path: Path) -> None:
    piece = "word " * 200 + "\n"
    count = (whatsapp_reader.LONGEST_MESSAGE * 5 // 2) // len(piece)
    chat, messages = chat_of(tmp_path, GOOD + "23/03/2022, 13:40 - Mara: start\n" + piece * count + GOOD)
    assert sum(message.text.count("word ") for message in messages) == 200 * count
    assert {message.author for message in messages[2:-2]} == {"Mara"}
    assert len(messages) in range(6, 9)
    assert "was split" in chat.warnings[0].message
    assert messages[-2].line == 3 + count + 1


def test_a_message_of_a_megabyte_nul_bytes_and_joined_emoji_come_through(tmp_path: Path) -> None:
    long = "a" * 1_000_000
    _, messages = chat_of(
        tmp_path, f"{GOOD}23/03/2022, 13:40 - Mara: {long}\n23/03/2022, 13:41 - Tom: a\0b 👩\u200d👩\u200d👧 שלום\n"
    )
    assert messages[2].text == long
    assert messages[3].text == "a\0b 👩\u200d👩\u200d👧 שלום"
