"""Element's plain text: what it holds beside words, and its oddities."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from adapters.exports.sources import detect, installed_formats
from tests.adapters.exports.apps.reading import files_of, read_chats, read_one


def test_elements_text_is_read_with_system_lines_files_and_answers(tmp_path: Path) -> None:
    text = (
        "5/3/2024, 9:14:05 PM - Ana created and configured the room.\n"
        "5/3/2024, 9:14:06 PM - Ana: where: there?\nsecond line\n"
        '5/3/2024, 9:14:07 PM - Bob R.: <@ana:x.example "where: there?"> here\n'
        "5/3/2024, 9:14:08 PM - Ana sent an image. (Media omitted)\n"
        "5/13/2024, 9:14:09 AM - Ana: plan.pdf (File Attached)\n"
        "5/13/2024, 9:14:10 AM - * Bob R. waves\n"
    )
    path = tmp_path / "Element-Crew-Chat-Export-2024-05-13.zip"
    with zipfile.ZipFile(path, "w") as archive:
        folder = "Element - Crew - Chat Export - 2024-05-13T09.00.00"
        archive.writestr(f"{folder}/Element - Crew - Chat Export - 2024-05-13.txt", text)
        archive.writestr(f"{folder}/files/plan-5-13-2024.pdf", b"pdf")
    ((chat, said),) = read_chats(path)

    assert (chat.title, chat.platform, chat.kind) == ("Crew", "matrix", "group")
    assert [(each.kind, each.author, each.text) for each in said] == [
        ("system", None, "Ana created and configured the room."),
        ("message", "Ana", "where: there?\nsecond line"),
        ("message", "Bob R.", "here"),
        ("message", "Ana", ""),
        ("message", "Ana", ""),
        ("system", None, "Bob R. waves"),
    ]
    assert [files_of(each) for each in said[3:5]] == [[("image", None, True)], [("document", "plan.pdf", False)]]
    assert [each.sent_at.strftime("%d.%m. %H:%M") for each in said[3:5]] == ["03.05. 21:14", "13.05. 09:14"]


@pytest.mark.parametrize(
    "time", ["3.5.2024, 21:14:05", "03/05/2024 21:14:05", "2024/5/3 21:14:05", "2024. 5. 3. 오후 9:14:05"]
)
def test_elements_text_is_read_in_other_languages(tmp_path: Path, time: str) -> None:
    text = f"{time} - Ana: hi\n{time.replace('3.', '23.', 1) if time[0] == '3' else time} - Bob: ho\n"
    chat, said = read_one(tmp_path, "matrix-Crew-export-2024-05-03.txt", text)

    assert (chat.title, [(each.author, each.text) for each in said]) == ("Crew", [("Ana", "hi"), ("Bob", "ho")])
    assert said[0].sent_at.strftime("%Y-%m-%d %H:%M:%S") == "2024-05-03 21:14:05"


def test_whatsapps_texts_are_not_elements(tmp_path: Path) -> None:
    path = tmp_path / "WhatsApp Chat with Ana.txt"
    path.write_text("5/3/24, 9:14 PM - Ana: hi\n5/3/24, 9:15 PM - Bob: ho\n", "utf-8")
    source = detect(path, installed_formats())

    assert source is not None
    assert source.format.name == "whatsapp"
