"""Threema's exports: what they hold beside words, and their oddities."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from adapters.exports.sources import detect, installed_formats
from tests.adapters.exports.apps.reading import files_of, read_one


def test_threema_for_android_is_read_with_its_files(tmp_path: Path) -> None:
    (tmp_path / "17ab.jpg").write_bytes(b"jpg")
    text = (
        "[3.5.2024, 21:14] Ich: bin da\nund warte\n"
        "[3.5.2024, 21:15] Zoë B.: Bild <17ab.jpg>\n"
        "[13.5.2024, 9:05] Zoë B.: Unser Reiher <88cd-reiher 2.png>\n"
        "[13.5.2024, 9:06] Zoë B.: Standort <geo:47.1,8.2>\n"
    )
    chat, said = read_one(tmp_path, "messages.txt", text)

    assert (chat.title, chat.own_account) == ("Zoë B.", "Me")
    assert [(each.author, each.text, files_of(each)) for each in said] == [
        ("Me", "bin da\nund warte", []),
        ("Zoë B.", "", [("image", "17ab.jpg", False)]),
        ("Zoë B.", "Unser Reiher", [("image", "88cd-reiher 2.png", True)]),
        ("Zoë B.", "Standort <geo:47.1,8.2>", []),
    ]
    assert said[1].sent_at.strftime("%d.%m. %H:%M") == "03.05. 21:15"


def test_threema_for_ios_is_read_in_its_languages(tmp_path: Path) -> None:
    text = (
        ">>> 3. Mai 2024 um 21:14:05 MESZ: bin da\r\nund warte\r\n"
        "<<< (Zoë) May 3, 2024 at 9:15:05 PM GMT+2: where: there?\r\n"
        "<<< 3 mai 2024 à 21:16:05 UTC+2: Bild (17ab.jpg), Bildlegende: ein Reiher\r\n"
        '>>> 3 May 2024 at 21:17:05 CEST: [Zoë: "where"] here\r\n'
    )
    chat, said = read_one(tmp_path / "Threema_Zoë Berg_2024-05-03", "messages.txt", text)

    assert chat.title == "Zoë Berg"
    assert [(each.author, each.text) for each in said] == [
        ("Me", "bin da\nund warte"),
        ("Zoë", "where: there?"),
        ("Zoë Berg", "ein Reiher"),
        ("Me", '[Zoë: "where"] here'),
    ]
    assert files_of(said[2]) == [("image", "17ab.jpg", True)]
    assert said[1].sent_at.astimezone(UTC).hour == 19


@pytest.mark.parametrize("name", ["_chat.txt", "WhatsApp Chat with Ana.txt"])
def test_whatsapps_texts_are_not_threemas(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("[3.5.2024, 21:14:05] Ana: hi\n[3.5.2024, 21:15:05] Bob: hi\n", "utf-8")
    source = detect(path, installed_formats())

    assert source is not None
    assert source.format.name == "whatsapp"
