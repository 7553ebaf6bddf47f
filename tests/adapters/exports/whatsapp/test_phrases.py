"""Every phrase of every language that the app has, rendered as a phone would and read back."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.exports.parsed import ParsedMessage
from adapters.exports.whatsapp import phrase_tables
from adapters.exports.whatsapp.phrase_tables import compose
from tests.adapters.exports.whatsapp.files import chat_of

FOLDER = Path(phrase_tables.__file__).parent
KINDS = {"gif": "image", "product": "image"}
RIGHT_TO_LEFT = {"AR", "FA", "HE", "UR"}
ENCODINGS: tuple[Callable[[str], str], ...] = (str, compose, lambda text: unicodedata.normalize("NFD", text))


def locales(name: str) -> dict[str, dict[str, Any]]:
    found = json.loads((FOLDER / name).read_text("utf-8"))["locales"]
    assert isinstance(found, dict)
    return found


IOS, ANDROID = locales("ios_phrases.json"), locales("android_phrases.json")


def mark_of(locale: str) -> str:
    return "\u200f" if locale in RIGHT_TO_LEFT else "\u200e"


def iphone(folder: Path, lines: list[str], mark: str = "\u200e", *, header: bool = True) -> list[ParsedMessage]:
    """Render bodies as an iPhone's chat of Ana, each marked; read it, and leave the first line out."""
    marked = "".join(
        f"{mark if header else ''}[27/03/2022, 21:44:{n:02}] Ana: {line}\r\n" for n, line in enumerate(lines)
    )
    return chat_of(folder, "[27/03/2022, 21:41:35] Ana: hello\r\n" + marked, name="_chat.txt")[1][1:]


def android(folder: Path, lines: list[str]) -> list[ParsedMessage]:
    return chat_of(folder, "".join(f"27/03/2022, 21:44 - Ana: {line}\n" for line in ["hello", *lines]))[1][1:]


@pytest.mark.parametrize("encode", ENCODINGS)
@pytest.mark.parametrize("locale", IOS)
def test_every_kind_that_an_iphone_leaves_out_is_known_in_every_language(
    tmp_path: Path, locale: str, encode: Callable[[str], str]
) -> None:
    mark, omitted = mark_of(locale), IOS[locale]["omitted"]
    for header in (True, False):
        read = iphone(tmp_path, [f"{mark}{encode(phrase)}" for phrase in omitted.values()], mark, header=header)

        assert [(each.author, each.text, [file.kind for file in each.attachments]) for each in read] == [
            ("Ana", "", [KINDS.get(kind, kind)]) for kind in omitted
        ]


@pytest.mark.parametrize("locale", IOS)
def test_captions_and_documents_of_an_iphone_keep_their_words(tmp_path: Path, locale: str) -> None:
    mark, omitted = mark_of(locale), IOS[locale]["omitted"]
    image, document = iphone(
        tmp_path, [f"our room {mark}{omitted['image']}", f"Plan.pdf • {mark}2 x {mark}{omitted['document']}"], mark
    )

    assert (image.text, image.attachments[0].kind) == ("our room", "image")
    assert (document.text, document.attachments[0].name) == ("", "Plan.pdf")


@pytest.mark.parametrize("locale", IOS)
def test_every_deletion_of_an_iphone_is_known(tmp_path: Path, locale: str) -> None:
    mark = mark_of(locale)
    phrases = [mark + phrase.replace("{}", "\u200eBob") for phrase in IOS[locale]["deleted"]]
    for header in (True, False):
        read = iphone(tmp_path, phrases, mark, header=header)
        assert [(each.author, each.text, each.deleted) for each in read] == [("Ana", "", True)] * len(phrases)


@pytest.mark.parametrize("locale", IOS)
def test_every_attached_file_of_an_iphone_is_known(tmp_path: Path, locale: str) -> None:
    name = "00000038-PHOTO-2022-03-27-21-44-47.jpg"
    (read,) = iphone(tmp_path, [mark_of(locale) + IOS[locale]["attached"].replace("{}", name)], mark_of(locale))

    assert (read.author, read.text, read.attachments[0][:3]) == ("Ana", "", (name, "image", False))


@pytest.mark.parametrize("locale", IOS)
def test_system_lines_of_an_iphone_are_nobodys_also_without_a_marked_header(tmp_path: Path, locale: str) -> None:
    mark, phrases = mark_of(locale), IOS[locale]["system"]
    lines = [mark + phrase.replace("{}", "Tom", 1).replace("{}", "Zoe", 1).replace("{}", "12") for phrase in phrases]
    for header in (True, False):
        read = iphone(tmp_path, lines, mark, header=header)
        assert [each.text for each in read if each.kind != "system"] == []


@pytest.mark.parametrize("locale", IOS)
def test_what_an_old_iphone_wrote_for_a_file_is_known_behind_a_marked_header_alone(tmp_path: Path, locale: str) -> None:
    mark, words = mark_of(locale), IOS[locale]["words"]
    kinds = ["image" if kind in {"photo", "gif"} else kind for kind in words]

    assert [
        each.attachments[0].kind for each in iphone(tmp_path, [mark + word for word in words.values()], mark)
    ] == kinds
    said = iphone(tmp_path, list(words.values()), header=False)
    assert [(each.author, each.attachments) for each in said] == [("Ana", ())] * len(words)


@pytest.mark.parametrize("locale", ANDROID)
def test_every_phrase_of_android_is_known_in_every_language(tmp_path: Path, locale: str) -> None:
    table = ANDROID[locale]
    omitted, attached, *deleted = android(
        tmp_path, [table["omitted"], table["attached"].replace("{}", "Plan B.pdf"), *table["deleted"]]
    )

    assert (omitted.author, omitted.text, omitted.attachments[0].omitted) == ("Ana", "", True)
    assert (attached.text, attached.attachments[0][:3]) == ("", ("Plan B.pdf", "document", False))
    assert [(each.author, each.text, each.deleted) for each in deleted] == [("Ana", "", True)] * len(deleted)


@pytest.mark.parametrize("locale", ANDROID)
def test_a_chat_is_called_what_android_calls_it(tmp_path: Path, locale: str) -> None:
    name = ANDROID[locale]["title"].replace("{}", "Lisbon trip") + ".txt"

    assert chat_of(tmp_path, "27/03/2022, 21:44 - Ana: hi\n", name=name)[0].title == "Lisbon trip"


@pytest.mark.parametrize(
    "words",
    ["How about Saturday?", "Open this link to join my WhatsApp Group: https://chat.whatsapp.com/XYZ", "مرحبا بكم"],
)
@pytest.mark.parametrize("mark", ["\u200e", "\u200f"])
def test_own_words_that_open_with_a_mark_keep_their_author(tmp_path: Path, words: str, mark: str) -> None:
    for read in (android(tmp_path, [mark + words]), iphone(tmp_path, [mark + words], header=False)):
        assert [(each.author, each.text, each.kind) for each in read] == [("Ana", words, "message")]


@pytest.mark.parametrize(
    "line",
    [
        "Your security code with Tom changed. \u200eTap to learn more.",
        "Your security code with Tom changed. Tap to learn more.",
        "Disappearing messages were turned on. New messages will disappear from this chat after 7 days. Tap to change",
        "Deine Sicherheitsnummer für Tom hat sich geändert. \u200eTippe, um mehr zu erfahren.",
        "Elonとのセキュリティコードが変更されました。 \u200eタップして詳細を確認してください。",
    ],
)
def test_of_two_sentences_the_first_tells_a_system_line(tmp_path: Path, line: str) -> None:
    assert [each.kind for each in iphone(tmp_path, ["\u200e" + line], header=False)] == ["system"]
