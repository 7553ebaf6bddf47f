from __future__ import annotations

from itertools import pairwise, repeat
from pathlib import Path

import pytest

from adapters.exports.parsed import AttachmentKind, ParsedAttachment, ParseOptions
from adapters.exports.whatsapp.export import WhatsApp
from tests.adapters.exports.whatsapp.files import LISBON, chat_of, messages_of

L = "\u200e"
IOS = "[18/03/2022, 14:56:01] "
ANDROID = "23/03/2022, 13:31 - "


def _attached(name: str | None, kind: AttachmentKind, *, omitted: bool = False) -> tuple[ParsedAttachment, ...]:
    return (ParsedAttachment(name, kind, omitted),)


@pytest.mark.parametrize(
    ("body", "text", "attachments"),
    [
        ("<Media omitted>", "", _attached(None, "unknown", omitted=True)),
        ("<Medien weggelassen>", "", _attached(None, "unknown", omitted=True)),
        ("<Medien ausgeschlossen>\nSkizze.pdf", "", _attached("Skizze.pdf", "document", omitted=True)),
        ("IMG-20220323-WA0002.jpg (file attached)", "", _attached("IMG-20220323-WA0002.jpg", "image")),
        (
            f"{L}IMG-20220323-WA0002.jpg (file attached)\nour\nview",
            "our\nview",
            _attached("IMG-20220323-WA0002.jpg", "image"),
        ),
        ("AUD-20190101-WA0000. (file attached)", "", _attached("AUD-20190101-WA0000.", "audio")),
        ("PTT-20190101-WA0000.opus (Datei angehängt)", "", _attached("PTT-20190101-WA0000.opus", "audio")),
        ("STK-20190101-WA0000.webp (some new tongue)", "", _attached("STK-20190101-WA0000.webp", "sticker")),
        ("Tax 2021.pdf (file attached)\nTax 2021.pdf", "", _attached("Tax 2021.pdf", "document")),
        ("Mum.vcf (file attached)", "", _attached("Mum.vcf", "contact")),
        ("null", "", _attached(None, "unknown", omitted=True)),
        ("", "", _attached(None, "unknown", omitted=True)),
    ],
)
def test_android_media_is_taken_out_of_the_text(
    tmp_path: Path, body: str, text: str, attachments: tuple[ParsedAttachment, ...]
) -> None:
    first, second = messages_of(tmp_path, f"{ANDROID}Carol:{' ' * bool(body)}{body}\n{ANDROID}Tom: ok\n")
    assert (first.author, first.text, first.attachments, first.kind) == ("Carol", text, attachments, "message")
    assert second.text == "ok"


@pytest.mark.parametrize(
    ("body", "text", "attachments"),
    [
        (f"{L}image omitted", "", _attached(None, "image", omitted=True)),
        ("image omitted", "", _attached(None, "image", omitted=True)),
        (f"{L}GIF omitted", "", _attached(None, "image", omitted=True)),
        (f"{L}Contact card omitted", "", _attached(None, "contact", omitted=True)),
        (f"our view {L}image omitted", "our view", _attached(None, "image", omitted=True)),
        (f"X.pdf • {L}2 pages {L}document omitted", "", _attached("X.pdf", "document", omitted=True)),
        (
            f"{L}<attached: 00000038-AUDIO-2022-03-27-21-44-47.opus>",
            "",
            _attached("00000038-AUDIO-2022-03-27-21-44-47.opus", "audio"),
        ),
        (f"Some file.txt {L}<attached: 00000046-Some file.txt>", "", _attached("00000046-Some file.txt", "document")),
        (f"look: {L}<attached: 00000047-a b.jpg>", "look:", _attached("00000047-a b.jpg", "image")),
        ("<00000047-STICKER-2022-03-27.webp eklendi>", "", _attached("00000047-STICKER-2022-03-27.webp", "sticker")),
        (f"{L}‹附件：00000047-照片.jpg>", "", _attached("00000047-照片.jpg", "image")),
        (f"{L}‹ pièce jointe : 00000047-VIDEO-2022.mp4 >", "", _attached("00000047-VIDEO-2022.mp4", "video")),
        (f"2015-08-04-PHOTO-00004762.jpg ‹{L}attached>", "", _attached("2015-08-04-PHOTO-00004762.jpg", "image")),
    ],
)
def test_iphone_media_is_taken_out_of_the_text(
    tmp_path: Path, body: str, text: str, attachments: tuple[ParsedAttachment, ...]
) -> None:
    (message,) = messages_of(tmp_path, f"{L}{IOS}Mara: {body}\r\n")
    assert (message.author, message.text, message.attachments, message.kind) == ("Mara", text, attachments, "message")


@pytest.mark.parametrize(
    "words",
    [
        "I added a file (attached)",
        "see http://example.org/a.html>",
        "<3",
        "I love you :)",
        "haha (not sure.) (really)",
        "the image was omitted from the report",
        "Das Bild habe ich weggelassen",
        "This message was deleted by mistake, sorry",
        "null and void",
        "see <main.py>",
        "we <all> left",
        "Tom added me, then left the group",
        "Options: a (1), b.c (2)",
    ],
)
@pytest.mark.parametrize("stamp", [IOS, ANDROID])
def test_peoples_own_words_stay_theirs(tmp_path: Path, words: str, stamp: str) -> None:
    (message,) = messages_of(tmp_path, f"{stamp}Mara: {words}\n")
    assert message == (*("Mara", message.sent_at, words, "message", (), False, False, 1), *repeat(None, 5))


def test_a_file_that_lies_beside_the_text_is_known_by_its_name_alone(tmp_path: Path) -> None:
    (tmp_path / "trip plan.kml").write_text("<kml/>")
    chat, (message,) = chat_of(tmp_path, f"{ANDROID}Mara: trip plan.kml (phrase of a tongue unknown)\n")
    assert message.attachments == _attached("trip plan.kml", "document")
    assert chat.media is not None
    with chat.media.open("trip plan.kml") as file:
        assert file.read() == b"<kml/>"
    assert "../trip plan.kml" not in chat.media
    with pytest.raises(KeyError):
        chat.media.open("gone.kml")


def test_edited_and_deleted_messages_are_marked(tmp_path: Path) -> None:
    edited, deleted, multi = messages_of(
        tmp_path,
        f"{IOS}Mara: at eight {L}<This message was edited>\n{IOS}Mara: {L}You deleted this message.\n"
        f"{IOS}Tom: a\nb <Se editó este mensaje.>\n",
    )
    assert (edited.text, edited.edited, edited.deleted) == ("at eight", True, False)
    assert (deleted.text, deleted.edited, deleted.deleted, deleted.kind) == ("", False, True, "message")
    assert (multi.text, multi.edited) == ("a\nb", True)


def test_polls_and_places_are_messages(tmp_path: Path) -> None:
    poll, place = messages_of(
        tmp_path,
        f"{L}{IOS}Mara: {L}POLL:\r\nDay?\r\n{L}OPTION: Sat (3 votes)\r\n"
        f"{L}{IOS}Mara: {L}Location: https://maps.google.com/?q=38.71,-9.14\r\n",
    )
    assert (poll.author, poll.text) == ("Mara", "POLL:\nDay?\nOPTION: Sat (3 votes)")
    assert (place.author, place.text, place.line) == ("Mara", "Location: https://maps.google.com/?q=38.71,-9.14", 4)


def test_system_lines_have_no_author(tmp_path: Path) -> None:
    android = [
        "Messages and calls are end-to-end encrypted. Tap to learn more.",
        'Mara created group "Trip: Lisbon"',
        'Mara changed the group name from "A: b" to "C: d"',
        "Tom left",
    ]
    found = messages_of(tmp_path, "".join(f"{ANDROID}{line}\n" for line in android) + f"{ANDROID}Mara: hello\n")
    assert [(m.author, m.text, m.kind) for m in found[:-1]] == [(None, line, "system") for line in android]
    assert found[-1].author == "Mara"


def test_iphone_system_lines_are_told_by_their_mark_whoever_they_name(tmp_path: Path) -> None:
    text = (
        f"{IOS}Trip: Lisbon: {L}Messages and calls are end-to-end encrypted.\n"
        f"{L}{IOS}Mara: {L}Mara turned on advanced chat privacy.\n"
        f"{L}{IOS}Trip: Lisbon: {L}Tom joined using a link\n{IOS}Mara: hi: there\n"
    )
    _, messages = chat_of(tmp_path, text, name="WhatsApp Chat - Trip: Lisbon.txt")
    assert [(m.author, m.text) for m in messages] == [
        (None, "Messages and calls are end-to-end encrypted."),
        (None, "Mara turned on advanced chat privacy."),
        (None, "Tom joined using a link"),
        ("Mara", "hi: there"),
    ]


def test_lines_that_follow_belong_to_the_message(tmp_path: Path) -> None:
    (only, last) = messages_of(tmp_path, f"{ANDROID}Mara: one\n\ntwo\n  three\n{ANDROID}Tom: end")
    assert only.text == "one\n\ntwo\n  three"
    assert (last.line, last.text) == (5, "end")


def test_a_pasted_message_of_another_shape_stays_text_and_is_counted(tmp_path: Path) -> None:
    chat, (first, second) = chat_of(tmp_path, f"{ANDROID}Mara: look\n[00:29, 15/05/2021] Alice: hi\n{ANDROID}Tom: ok\n")
    assert first.text == "look\n[00:29, 15/05/2021] Alice: hi"
    assert (second.line, chat.lines_kept_as_text) == (3, 1)


def test_a_header_with_other_marks_and_spaces_is_found_all_the_same(tmp_path: Path) -> None:
    first, second = messages_of(tmp_path, f"{IOS}Mara: one\n[\u200e19/03/2022,\u202f14:56:01] Tom: {L}image omitted\n")
    assert (first.text, second.author, second.line) == ("one", "Tom", 2)
    assert second.attachments == _attached(None, "image", omitted=True)


def test_the_sample_history_is_read_whole() -> None:
    (source,) = Path("bot/commands/evaluation/sample").glob("*.zip")
    reading = WhatsApp().open(source, ParseOptions(timezone=LISBON))
    chat = next(reading)
    messages = list(chat.messages)
    assert (chat.title, chat.warnings, len(messages)) == ("Lisbon trip", [], 373)
    booked = next(message for message in messages if message.text.startswith("booked the hotel"))
    assert (booked.author, booked.text) == ("Mara", "booked the hotel, Rua da Rosa, 12–16 June")
    assert f"{booked.sent_at:%d %b %Y %H:%M}" == "03 May 2024 21:14"
    assert {message.author for message in messages} == {"Mara", "Jonas", "Inês", "Tom", None}
    assert all(before.sent_at <= after.sent_at for before, after in pairwise(messages))
    assert chat.media is not None
    attachments = [attachment for message in messages for attachment in message.attachments]
    assert {attachment.kind for attachment in attachments} == {"image", "audio", "document"}
    for attachment in attachments:
        with chat.media.open(str(attachment.name)) as file:
            assert file.read(4) in {b"\x89PNG", b"OggS", b"%PDF"}
    assert next(reading, None) is None


@pytest.mark.parametrize(
    ("author", "body", "text"),
    [
        ("Ana", f"{L}Ana pinned a message", "Ana pinned a message"),
        ("~\u202fAna", f"{L}~\u202fAna hat eine Nachricht fixiert.", "~ Ana hat eine Nachricht fixiert."),
        ("Ana", f"{L}Tom hat Ana entfernt.", "Tom hat Ana entfernt."),
        (
            "\u202a+1\u00a0(212)\u00a0555‑0100\u202c",
            f"{L}\u202a+1\u00a0(212)\u00a0555‑0100\u202c joined using a group link.",
            "+1 (212) 555‑0100 joined using a group link.",
        ),
        ("Ana", f"{L}Voice call, {L}No answer", "Ana: Voice call, No answer"),
        ("Ana", f"{L}Sprachanruf. {L}31\u00a0Sek.", "Ana: Sprachanruf. 31 Sek."),
        ("Ana", f"{L}Voice call, {L}{L}2 min • {L}2 joined", "Ana: Voice call, 2 min • 2 joined"),
        ("Ana", f"{L}Missed voice call, {L}Tap to call back", "Ana: Missed voice call, Tap to call back"),
    ],
)
def test_what_an_iphone_says_of_the_author_and_of_calls_is_a_system_line(
    tmp_path: Path, author: str, body: str, text: str
) -> None:
    first, second = messages_of(tmp_path, f"{IOS}{author}: {body}\n{IOS}Tom: ok\n")

    assert (first.author, first.kind, first.text) == (None, "system", text)
    assert second.author == "Tom"


@pytest.mark.parametrize(
    "body", [f"{L}I'm Ana's friend", f"{L}see you, Tom", "Ana is my name", f"{L}POLL:\n{L}OPTION: Ana"]
)
def test_own_words_behind_a_mark_keep_their_author(tmp_path: Path, body: str) -> None:
    first, _ = messages_of(tmp_path, f"{IOS}Bernard: {body}\n{IOS}Tom: ok\n")

    assert first.author == "Bernard"
