from __future__ import annotations

import csv
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.exports.dry_run import to_record
from adapters.exports.parsed import ParsedAttachment, ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.plain.export import PlainExport
from bot.errors import ImportRefused

OPTIONS = ParseOptions(timezone=UTC)
FORMAT = PlainExport()
AT = "2024-05-03T21:14:00+01:00"
Record = dict[str, object]


def lines(folder: Path, *records: object, name: str = "notes.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
    return path


def table(folder: Path, *rows: list[str], delimiter: str = ",") -> Path:
    path = folder / "notes.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def read(path: Path) -> list[tuple[ParsedChat, list[ParsedMessage]]]:
    assert FORMAT.sniff(path)
    return [(each, list(each.messages)) for each in FORMAT.open(path, OPTIONS)]


def test_an_archive_of_texts_is_read_with_the_files_beside_them(tmp_path: Path) -> None:
    record = {"author": "Mara", "sent_at": AT, "text": "booked", "attachments": ["menu.pdf"]}
    path = tmp_path / "mine.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(lines(tmp_path, record), "chats/notes.jsonl")
        archive.write(table(tmp_path, ["author", "sent_at", "text"], ["Tom", AT, "great"]), "table.csv")
        archive.writestr("chats/menu.pdf", b"%PDF")
        archive.writestr("chats/prices.csv", "what,costs\nroom,90\n")
        archive.writestr("readme.txt", json.dumps(record))
    (notes, (first,)), (other, (second,)) = read(path)

    assert (notes.title, first.text, other.title, second.text) == ("notes", "booked", "table", "great")
    assert first.attachments == (ParsedAttachment("menu.pdf", "document", omitted=False),)
    assert notes.media is not None
    assert "menu.pdf" in notes.media


def test_an_archive_without_such_a_text_is_of_another_kind(tmp_path: Path) -> None:
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "what,costs\nroom,90\n")
        archive.writestr("b.csv", "")
    assert not FORMAT.sniff(path)
    with pytest.raises(ImportRefused, match=r"other\.zip: neither lines of JSON"):
        list(FORMAT.open(path, OPTIONS))


def test_lines_of_json_are_read_with_everything_they_say(tmp_path: Path) -> None:
    (tmp_path / "menu.pdf").write_bytes(b"%PDF")
    path = lines(
        tmp_path,
        {"author": "Mara", "sent_at": AT, "text": "booked", "id": 7, "attachments": ["menu.pdf", "gone.jpg"]},
        {"author": "Tom", "sent_at": AT, "text": "great", "id": "8", "reply_to": 7, "edited": True},
    )
    ((chat, (first, second)),) = read(path)

    assert (chat.title, chat.external_id, chat.platform) == ("notes", None, None)
    assert (first.author, first.text, first.external_id) == ("Mara", "booked", "7")
    assert first.sent_at == datetime.fromisoformat(AT)
    assert first.attachments == (
        ParsedAttachment("menu.pdf", "document", omitted=False),
        ParsedAttachment("gone.jpg", "image", omitted=True),
    )
    assert (second.reply_to, second.edited, second.line) == ("7", True, 2)


def test_a_table_is_read_whatever_parts_its_columns(tmp_path: Path) -> None:
    header = ["Author", "Sent at", "Text", "Conversation", "Attachments"]
    for delimiter in ",;\t|":
        path = table(
            tmp_path, header, ["Mara", AT, "a, b;\nc", "Trip", ""], ["Tom", AT, "d", "", ""], delimiter=delimiter
        )
        found = {chat.title: [(each.author, each.text) for each in messages] for chat, messages in read(path)}

        assert found == {"Trip": [("Mara", "a, b;\nc")], "notes": [("Tom", "d")]}


@pytest.mark.parametrize(
    "when", ["2024-05-03T20:14:00Z", "2024-05-03 20:14:00", "1714767240", 1714767240, 1714767240000]
)
def test_times_come_in_several_ways(tmp_path: Path, when: object) -> None:
    ((_, (message,)),) = read(lines(tmp_path, {"author": "M", "timestamp": when, "message": "x"}))

    assert message.sent_at == datetime(2024, 5, 3, 20, 14, tzinfo=UTC)


def test_conversations_that_alternate_are_read_one_after_the_other(tmp_path: Path) -> None:
    path = lines(
        tmp_path, *({"sent_at": AT, "text": str(n), "author": "M", "conversation": "ab"[n % 2]} for n in range(6))
    )

    assert [(chat.title, [each.text for each in messages]) for chat, messages in read(path)] == [
        ("a", ["0", "2", "4"]),
        ("b", ["1", "3", "5"]),
    ]


def test_what_export_prints_goes_back_to_its_conversation(tmp_path: Path) -> None:
    place = {"platform": "telegram", "id": "-1005", "title": "Trip", "kind": "group"}
    exported = {
        "id": 12, "text": "booked", "author": "Mara", "said_at": AT, "kind": "message", "conversation": place,
        "event_id": "-1005:7", "reply_to": "-1005:6", "link": "https://t.me/c/5/7", "locator": None,
    }  # fmt: skip
    ((chat, (message, fact)),) = read(lines(tmp_path, exported, exported | {"event_id": None, "kind": "fact"}))

    assert (chat.platform, chat.external_id, chat.title, chat.kind) == ("telegram", "-1005", "Trip", "group")
    assert (message.external_id, message.reply_to, message.link) == ("-1005:7", "-1005:6", "https://t.me/c/5/7")
    assert (fact.external_id, fact.kind) == (None, "message")


def test_lines_that_are_damaged_or_without_a_time_are_said(tmp_path: Path) -> None:
    path = lines(tmp_path, {"author": "M", "sent_at": AT, "text": "a"}, {"author": "M", "sent_at": "?", "text": "b"})
    path.write_bytes(path.read_bytes() + b'[1]\n{"author": "M", "sent_at": "20')
    ((chat, messages),) = read(path)

    assert [each.text for each in messages] == ["a", "b"]
    assert [each.message for each in chat.warnings] == [
        "line 2 has no possible time; it was given that of the message before it",
        "line 3 is not a JSON object, or was cut short; it was left out (1 more lines like it)",
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"text": "x"}',
        b"text;sent_at\n",
        b"a,b,c\n1,2,3\n",
        b"[1, 2]",
        b"\xff\xd8\xff",
        b'{"text": 1, "se',
    ],
)
def test_other_files_are_not_taken_for_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)

    assert not FORMAT.sniff(path)


def test_other_people_s_accents_do_not_stop_a_table(tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes("author;sent_at;text\nJosé;2024-05-03;olá\n".encode("cp1252"))
    ((chat, (message,)),) = read(path)

    assert (message.author, message.text) == ("José", "olá")
    assert chat.warnings


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
MESSAGES = st.builds(
    ParsedMessage,
    author=st.one_of(st.none(), st.text("abc ", min_size=1).map(str.strip).filter(bool)),
    sent_at=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 (zones are added)
    text=TEXTS,
    kind=st.sampled_from(["message", "system"]),
    attachments=st.lists(
        st.builds(
            ParsedAttachment,
            st.one_of(st.none(), st.text("abc.", min_size=1)),
            st.just("image"),
            omitted=st.just(True),  # noqa: FBT003 (a field)
            path=st.none(),
        ),
        max_size=2,
    ).map(tuple),
    edited=st.booleans(),
    deleted=st.booleans(),
    line=st.just(0),
    reply_to=st.one_of(st.none(), st.text("123", min_size=1)),
    external_id=st.one_of(st.none(), st.text("123", min_size=1)),
    author_id=st.one_of(st.none(), st.text("123", min_size=1)),
    thread=st.one_of(st.none(), TEXTS.filter(bool)),
    link=st.one_of(st.none(), st.just("https://x.pt")),
)


@settings(deadline=None)  # files are written
@given(st.lists(MESSAGES, min_size=1, max_size=5))
def test_what_a_dry_run_prints_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, messages: list[ParsedMessage]
) -> None:
    chat = ParsedChat("Trip", iter(()), external_id="C1", kind="group")
    path = lines(tmp_path_factory.mktemp("plain"), *(to_record(chat, "slack", message) for message in messages))
    ((again, found),) = read(path)

    assert (again.title, again.external_id, again.kind, again.platform) == ("Trip", "C1", "group", "slack")
    assert [each._replace(line=0) for each in found] == messages


@settings(deadline=None)  # files are written
@given(
    st.lists(st.tuples(st.text("abc", min_size=1), TEXTS.filter(lambda text: "\r" not in text)), min_size=1, max_size=5)
)
def test_what_is_written_as_a_table_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    start = datetime(2024, 5, 3, tzinfo=UTC)
    times = [start + timedelta(minutes=n) for n in range(len(rows))]
    written = [[author, at.isoformat(), text] for (author, text), at in zip(rows, times, strict=True)]
    path = table(tmp_path_factory.mktemp("plain"), ["author", "sent_at", "text"], *written)
    ((_, found),) = read(path)

    assert [(each.author, each.sent_at, each.text) for each in found] == [
        (author, at, text) for (author, text), at in zip(rows, times, strict=True)
    ]


@settings(deadline=None)  # files are written
@given(st.binary(max_size=200))
def test_no_bytes_make_it_crash(tmp_path_factory: pytest.TempPathFactory, noise: bytes) -> None:
    path = lines(tmp_path_factory.mktemp("plain"), {"author": "M", "sent_at": AT, "text": "a"})
    path.write_bytes(path.read_bytes() + noise)

    try:
        assert read(path)
    except (
        ImportRefused
    ) as refused:  # bytes can look like another encoding: UTF-16 by its zeros, ISO 2022 by its escapes
        assert "UTF-8" in str(refused) or "neither" in str(refused)  # noqa: PT017 (either is right)
