from __future__ import annotations

import codecs
import zipfile
from pathlib import Path

import pytest

from adapters.exports.decoding import text_blocks
from adapters.exports.whatsapp.export import WhatsApp
from adapters.exports.whatsapp.titles import title_of
from tests.adapters.exports.whatsapp.files import chat_of, chats, messages_of
from tests.adapters.exports.whatsapp.sample.make_sample import SAMPLE, conversation

TEXT = "23/03/2022, 13:31 - Inês: olá\n23/03/2022, 13:32 - Tom: hi\n"


def test_an_archive_may_hold_several_chats_and_their_media(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("WhatsApp Chat - Mara/_chat.txt", TEXT)
        archive.writestr("WhatsApp Chat - Mara/a.jpg", b"1")
        archive.writestr("WhatsApp Chat - Tom/_chat.txt", TEXT)
        archive.writestr("WhatsApp Chat - Tom/00000007-old chat.txt", TEXT)
        archive.writestr("__MACOSX/._chat.txt", b"\0\1")
    found = chats(path)
    assert [(chat.title, len(messages)) for chat, messages in found] == [("Mara", 2), ("Tom", 2)]
    assert [chat.media is not None and "a.jpg" in chat.media for chat, _ in found] == [True, False]


def test_an_androids_zip_is_known_by_its_name_and_attached_texts_are_no_chats(tmp_path: Path) -> None:
    path = tmp_path / "WhatsApp Chat with Mara.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("WhatsApp Chat with Mara.txt", TEXT)
        archive.writestr("WhatsApp Chat with Somebody else.txt", TEXT)
        archive.writestr("notes.txt", "no chat")
    ((chat, messages),) = chats(path)
    assert (chat.title, len(messages)) == ("Mara", 2)


def test_a_folder_of_texts_is_read_chat_by_chat(tmp_path: Path) -> None:
    for name in ("WhatsApp Chat with A.txt", "WhatsApp-Chat mit B.txt", "shopping.txt"):
        (tmp_path / name).write_text(TEXT if "Chat" in name else "milk\n")
    assert [chat.title for chat, _ in chats(tmp_path)] == ["A", "B"]


def test_a_chat_is_recognised_by_its_content_whatever_it_is_called(tmp_path: Path) -> None:
    path = tmp_path / "export.dat"
    path.write_text(TEXT)
    assert WhatsApp().sniff(path)
    path.write_text("milk\neggs\n")
    assert not WhatsApp().sniff(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_unicode_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    assert [message.author for message in messages_of(tmp_path, TEXT.encode(encoding))] == ["Inês", "Tom"]
    marked = codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be")
    assert len(messages_of(tmp_path, marked)) == 2


def test_a_chat_that_an_editor_saved_in_its_own_encoding_keeps_its_letters(tmp_path: Path) -> None:
    text = "21.02.2024, 09:15 - Иван: Ключ лежит под ковриком у двери\n21.02.2024, 09:16 - Аня: Запасной у соседки\n"
    chat, messages = chat_of(tmp_path, text.encode("cp1251"))
    assert [(each.author, each.text) for each in messages] == [
        ("Иван", "Ключ лежит под ковриком у двери"),
        ("Аня", "Запасной у соседки"),
    ]
    assert "it was read as Windows-1251" in chat.warnings[0].message


def test_lines_in_another_encoding_are_read_and_told_of(tmp_path: Path) -> None:
    mixed = TEXT.encode() + "23/03/2022, 13:33 - Inês: até já\n".encode("cp1252")
    chat, messages = chat_of(tmp_path, mixed)
    assert (messages[2].author, messages[2].text) == ("Inês", "até já")
    assert [warning.line for warning in chat.warnings] == [3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("size", [2, 7, 64, 1000])
def test_blocks_join_to_the_text_wherever_they_are_cut(tmp_path: Path, encoding: str, size: int) -> None:
    text = "ünï\r\ncode\n\n🌻 a very long line " + "x" * 300 + "\nend"
    path = tmp_path / "a.txt"
    path.write_bytes((b"\xff\xfe" if encoding == "utf-16-le" else b"") + text.encode(encoding))
    with path.open("rb") as stream:
        blocks = list(text_blocks(stream, lambda _line, _message: None, max(size, 4)))
    assert "".join(blocks) == text.replace("\r\n", "\n")
    assert all(block.endswith("\n") for block in blocks[:-1])


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("WhatsApp Chat with Lisbon trip.txt", "Lisbon trip"),
        ("WhatsApp Chat - Lisbon trip.zip", "Lisbon trip"),
        ("WhatsApp Chat with Mara (2).txt", "Mara"),
        ("WhatsApp-Chat mit Oma Else.txt", "Oma Else"),
        ("Chat de WhatsApp con Ana.txt", "Ana"),
        ("Discussion WhatsApp avec Zoé.txt", "Zoé"),
        ("Conversa do WhatsApp com Rui.txt", "Rui"),
        ("Чат WhatsApp с Аня.txt", "Аня"),
        ("Ayşe ile WhatsApp Sohbeti.txt", "Ayşe"),
        ("花子とのWhatsAppチャット.txt", "花子"),
        ("_chat.txt", None),
        ("notes.txt", None),
    ],
)
def test_the_chat_is_named_after_its_file_in_every_tongue(name: str, title: str | None) -> None:
    assert title_of(name) == title


def test_the_sample_is_what_its_conversation_makes() -> None:
    text, media = conversation()
    with zipfile.ZipFile(SAMPLE) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {"_chat.txt": text.encode(), **media}
    assert SAMPLE.stat().st_size < 200_000
