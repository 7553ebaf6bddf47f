from __future__ import annotations

import json
import tracemalloc
import zipfile
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.exports.parsed import ParsedAttachment, ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.sources import detect, installed_formats
from adapters.exports.telegram.export import TelegramExport
from bot.errors import ImportRefused
from tests.adapters.exports.telegram.files import EXCLUDED, account, chat, said, written

OPTIONS = ParseOptions(timezone=ZoneInfo("Europe/Lisbon"))
FORMAT = TelegramExport()


def read(path: Path) -> list[tuple[ParsedChat, list[ParsedMessage]]]:
    return [(each, list(each.messages)) for each in FORMAT.open(path, OPTIONS)]


def only(path: Path) -> list[ParsedMessage]:
    ((_, messages),) = read(path)
    return messages


def test_one_chat_is_read_with_authors_times_replies_and_links(tmp_path: Path) -> None:
    lisbon = datetime(2024, 5, 3, 21, 14, tzinfo=timezone(timedelta(hours=1)))
    ((found, messages),) = read(
        written(tmp_path, chat(said(7, "Mara", "booked", at=lisbon), said(9, "Tom", "great", reply_to_message_id=7)))
    )

    assert (found.title, found.external_id, found.kind) == ("Lisbon trip", "-1001234567", "group")
    first, second = messages
    assert (first.author, first.author_id, first.text) == ("Mara", "4", "booked")
    assert first.sent_at == lisbon
    assert first.sent_at.utcoffset() == timedelta(hours=1)
    assert first.external_id == "-1001234567:7"
    assert first.link == "https://t.me/c/1234567/7"
    assert second.reply_to == first.external_id


def test_ids_that_only_one_account_counts_are_told_from_those_that_a_bot_sees(tmp_path: Path) -> None:
    ((direct, (message,)),) = read(written(tmp_path, chat(said(7, "Tom", "hi"), name="Tom", kind="personal_chat")))

    assert (direct.external_id, direct.kind) == ("user1234567", "direct")
    assert message.external_id == "user1234567/7"
    assert message.link is None


def test_an_old_export_has_integer_ids_and_clock_times_alone(tmp_path: Path) -> None:
    old = {
        "id": 5, "type": "message", "date": "2018-07-01T12:00:00", "edited": "1970-01-01T00:00:00",
        "from": "Tom", "from_id": 4_294_967_300, "text": "hi",
    }  # fmt: skip
    record = {"name": "Trip", "type": "private_supergroup", "id": 8_589_934_592 + 77, "messages": [old]}
    ((found, (message,)),) = read(written(tmp_path, record))

    assert found.external_id == "-10077"
    assert message.author_id == "-4"
    assert message.sent_at == datetime(2018, 7, 1, 11, tzinfo=UTC)


def test_messages_that_were_cut_out_of_an_export_are_recognised_without_ids_and_a_head(tmp_path: Path) -> None:
    record = {"type": "message", "date_unixtime": "1544006350", "from": "Mara", "text": "hello"}
    path = written(tmp_path, {"messages": [record]})

    assert FORMAT.sniff(path)
    assert [(each.author, each.text) for each in only(path)] == [("Mara", "hello")]


def test_a_whole_account_gives_each_chat_also_those_that_were_left(tmp_path: Path) -> None:
    saved = {"type": "saved_messages", "id": 4, "messages": [said(1, "Mara", "note to myself")]}
    gone = chat(said(3, "Tom", "bye"), name=None, kind="personal_chat")
    found = read(written(tmp_path, account(saved, chat(said(1, "Mara", "hello")), left=(gone,))))

    assert [each.title for each, _ in found] == ["Saved messages", "Lisbon trip", "Deleted account"]
    assert [messages[0].text for _, messages in found] == ["note to myself", "hello", "bye"]
    assert {each.own_account for each, _ in found} == {"4"}


def test_a_chat_that_nobody_reads_is_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path, account(chat(said(1, "Mara", "a"), said(2, "Mara", "b")), chat(said(1, "Tom", "c"))))

    assert [each.title for each in FORMAT.open(path, OPTIONS)] == ["Lisbon trip", "Lisbon trip"]


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("plain", "plain"),
        (["see ", {"type": "text_link", "text": "this", "href": "https://x.pt"}, "!"], "see this (https://x.pt)!"),
        ([{"type": "link", "text": "https://x.pt"}], "https://x.pt"),
        ([{"type": "mention_name", "text": "Tom", "user_id": 5}, " ", {"type": "bold", "text": "now"}], "Tom now"),
        ([{"type": "pre", "text": "x = 1", "language": "python"}], "x = 1"),
        (None, ""),
        ([3, None, ["deep"]], ""),
    ],
)
def test_text_is_flattened_with_the_addresses_behind_links(tmp_path: Path, text: object, read_as: str) -> None:
    (message,) = only(written(tmp_path, chat(said(1, "Mara", text))))

    assert message.text == read_as


def test_entities_alone_are_text_too(tmp_path: Path) -> None:
    record = said(1, "Mara", "", text_entities=[{"type": "plain", "text": "only "}, {"type": "bold", "text": "here"}])
    (message,) = only(written(tmp_path, chat(record)))

    assert message.text == "only here"


@pytest.mark.parametrize(
    ("more", "attachment"),
    [
        (
            {"photo": "photos/a.jpg"},
            ParsedAttachment("a.jpg", "image", omitted=False, path="photos/a.jpg"),
        ),
        ({"photo": EXCLUDED}, ParsedAttachment(None, "image", omitted=True)),
        (
            {"file": "(File exceeds maximum size. Change data exporting settings to download.)", "file_name": "a.pdf"},
            ParsedAttachment("a.pdf", "document", omitted=True),
        ),
        (
            {"file": "files/menu.pdf", "mime_type": "application/pdf"},
            ParsedAttachment("menu.pdf", "document", omitted=False, path="files/menu.pdf"),
        ),
        (
            {"file": "v/a.ogg", "media_type": "voice_message", "mime_type": "audio/ogg"},
            ParsedAttachment("a.ogg", "audio", omitted=False, path="v/a.ogg"),
        ),
        (
            {"file": "(File unavailable, please try again later)", "media_type": "sticker", "sticker_emoji": "😀"},
            ParsedAttachment("😀", "sticker", omitted=True),
        ),
        (
            {"contact_information": {"first_name": "Ana", "last_name": "", "phone_number": "+351 1"}},
            ParsedAttachment("Ana +351 1", "contact", omitted=True),
        ),
    ],
)
def test_files_are_noted_also_when_they_were_left_out(
    tmp_path: Path, more: dict[str, object], attachment: ParsedAttachment
) -> None:
    (message,) = only(written(tmp_path, chat(said(1, "Mara", "look") | more)))

    assert message.attachments == (attachment,)
    assert message.text == "look"


def test_a_file_that_lies_beside_the_export_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "p.jpg").write_bytes(b"jpeg")
    (found,) = FORMAT.open(written(tmp_path, chat(said(1, "Mara", "", photo="photos/p.jpg"))), OPTIONS)

    assert found.media is not None
    assert "photos/p.jpg" in found.media
    with found.media.open("photos/p.jpg") as file:
        assert file.read() == b"jpeg"
    assert "../result.json" not in found.media


def test_polls_places_and_forwards_are_worded(tmp_path: Path) -> None:
    poll = {"question": "When?", "closed": False, "total_voters": 3, "answers": [{"text": "May", "voters": 3}]}
    messages = only(
        written(
            tmp_path,
            chat(
                said(1, "Mara", "", poll=poll),
                said(2, "Mara", "", location_information={"latitude": 38.71, "longitude": -9.14}, place_name="Bairro"),
                said(3, "Mara", "hi", forwarded_from=None),
                said(4, "Mara", "hi", forwarded_from="Tom", edited="2024-05-03T21:20:00"),
            ),
        )
    )

    assert [message.text for message in messages] == [
        "Poll: When?\n- May (3)",
        "Location: Bairro, 38.71, -9.14",
        "(forwarded: Deleted account)\nhi",
        "(forwarded: Tom)\nhi",
    ]
    assert [message.edited for message in messages] == [False, False, False, True]


def service(number: int, action: str, **more: object) -> dict[str, object]:
    record = said(number, "x", "") | {"type": "service", "actor": "Mara", "actor_id": "user4", "action": action} | more
    return {key: value for key, value in record.items() if not key.startswith("from")}


@pytest.mark.parametrize(
    ("action", "more", "sentence"),
    [
        ("invite_members", {"members": ["Tom", None]}, "Mara invited Tom, Somebody"),
        ("create_group", {"title": "Trip", "members": ["Tom"]}, "Mara created the group Trip with Tom"),
        ("pin_message", {"message_id": 3}, "Mara pinned a message"),
        ("phone_call", {"duration_seconds": 125, "discard_reason": "hangup"}, "Mara called (2 min 5 s, hangup)"),
        ("phone_call", {"discard_reason": "missed"}, "Mara called (missed)"),
        ("phone_call", {}, "Mara called"),
        ("send_star_gift", {"text": "for you"}, "Mara: send star gift: for you"),
    ],
)
def test_service_messages_become_sentences(tmp_path: Path, action: str, more: dict[str, object], sentence: str) -> None:
    (message,) = only(written(tmp_path, chat(service(1, action, **more))))

    assert (message.kind, message.author, message.text) == ("system", None, sentence)


def test_a_topic_is_named_and_its_opening_is_no_reply(tmp_path: Path) -> None:
    messages = only(
        written(
            tmp_path,
            chat(
                service(10, "topic_created", title="Food"),
                said(11, "Tom", "sushi?", reply_to_message_id=10),
                said(12, "Mara", "yes", reply_to_message_id=11),
            ),
        )
    )

    assert [(message.thread, message.reply_to) for message in messages] == [
        (None, None),
        ("Food", None),
        (None, "-1001234567:11"),
    ]


def test_what_telegram_could_not_export_keeps_its_place(tmp_path: Path) -> None:
    messages = only(written(tmp_path, chat(said(1, "Mara", "a"), {"id": 2, "type": "unsupported"})))

    assert [(message.kind, message.line) for message in messages] == [("message", 1), ("system", 2)]
    assert messages[1].sent_at == messages[0].sent_at


def test_invalid_escapes_and_control_characters_are_read(tmp_path: Path) -> None:
    text = json.dumps(chat(said(1, "Mara", "AAA"), said(2, "Mara", "BBB"), said(3, "Mara", "CCC")))
    text = text.replace("AAA", "a\\x1fb").replace("BBB", "a\x01b").replace("CCC", r"C:\\x41")
    path = tmp_path / "result.json"
    path.write_bytes(text.encode())

    assert [message.text for message in only(path)] == ["a\x1fb", "a b", r"C:\x41"]


def test_an_impossible_date_is_replaced_and_said(tmp_path: Path) -> None:
    bad = said(2, "Tom", "when?") | {"date": "2024-13-45T99:00:00", "date_unixtime": "99999999999999999"}
    ((found, messages),) = read(written(tmp_path, chat(bad, said(1, "Mara", "a"), bad, bad)))

    assert [message.text for message in messages] == ["a", "when?", "when?"]
    assert len({message.sent_at for message in messages}) == 1
    assert [warning.message for warning in found.warnings] == [
        "message 1 has no possible date, and none before it has; it was left out",
        "message 3 has no possible date; it was given that of the message before it (1 more messages like it)",
    ]


def test_a_file_cut_in_the_middle_gives_what_came_before(tmp_path: Path) -> None:
    path = written(tmp_path, chat(*(said(n, "Mara", f"text {n}") for n in range(1, 40))))
    path.write_bytes(path.read_bytes()[:-700])
    assert FORMAT.sniff(path)
    chats = FORMAT.open(path, OPTIONS)
    found = next(chats)
    got = list(islice(found.messages, 30))

    assert [message.text for message in got] == [f"text {n}" for n in range(1, 31)]
    with pytest.raises(ImportRefused, match="the JSON ends in the middle"):
        deque(found.messages, maxlen=0)


def test_a_zip_with_the_export_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, chat(said(1, "Mara", "hello", photo="photos/p.jpg")))
    archive = tmp_path / "export.zip"
    with zipfile.ZipFile(archive, "w") as target:
        target.write(path, "ChatExport_2024/result.json")
        target.writestr("ChatExport_2024/photos/p.jpg", b"jpeg")
    (found,) = FORMAT.open(archive, OPTIONS)

    assert found.media is not None
    assert "photos/p.jpg" in found.media


def test_it_is_recognised_by_its_content_under_any_name(tmp_path: Path) -> None:
    one = written(tmp_path, chat(said(1, "Mara", "x")), "holiday.txt")
    whole = written(tmp_path, account(chat(said(1, "Mara", "x"))), "everything")
    other = written(tmp_path, {"name": "x", "messages": [{"id": 1, "content": "y"}]}, "result.json")

    assert [FORMAT.sniff(path) for path in (one, whole, other)] == [True, True, False]
    assert [source.format.name for path in (one, whole) if (source := detect(path, installed_formats()))] == [
        "telegram",
        "telegram",
    ]


def test_memory_stays_flat_over_a_large_file(tmp_path: Path) -> None:
    path = written(tmp_path, chat(*(said(n, "Mara", f"text {n} " + "x" * 400) for n in range(1, 5_000))))
    tracemalloc.start()
    try:
        count = sum(1 for found in FORMAT.open(path, OPTIONS) for _ in found.messages)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert count == 4_999
    assert path.stat().st_size > 3_000_000
    assert peak < 1_500_000


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)
TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(microsecond=0))  # noqa: DTZ001 (zones are added)
ZONES = st.sampled_from([0, 60, -300, 330, 765]).map(lambda minutes: timezone(timedelta(minutes=minutes)))
PIECES = st.lists(
    st.one_of(TEXTS, TEXTS.map(lambda text: {"type": "bold", "text": text})), min_size=1, max_size=4
)  # fmt: skip


@settings(deadline=None)  # files are written
@given(st.lists(st.tuples(TEXTS.filter(bool), TIMES, ZONES, st.one_of(TEXTS, PIECES), st.booleans()), max_size=6))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    messages: list[tuple[str, datetime, timezone, str | list[str | dict[str, str]], bool]],
) -> None:
    records = [
        said(number, author, text, at=clock.replace(tzinfo=zone), **({"edited_unixtime": "1"} if edited else {}))
        for number, (author, clock, zone, text, edited) in enumerate(messages, 1)
    ]
    path = written(tmp_path_factory.mktemp("telegram"), chat(*records))
    got = [
        (each.author, each.sent_at, each.sent_at.utcoffset(), each.text, each.edited)
        for found in FORMAT.open(path, OPTIONS)
        for each in found.messages
    ]
    assert got == [
        (author, clock.replace(tzinfo=zone), zone.utcoffset(None), flattened(text), edited)
        for author, clock, zone, text, edited in messages
    ]


def flattened(text: str | list[str | dict[str, str]]) -> str:
    if isinstance(text, str):
        return text
    return "".join(
        part if isinstance(part, str) else str(part["text"]) for part in text if isinstance(part, str | dict)
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["id", "type", "text", "text_entities", "from", "from_id", "author", "action", "members", "duration_seconds",
     "poll", "location_information", "contact_information", "photo", "file", "media_type", "mime_type",
     "forwarded_from",
     "reply_to_message_id", "todo_list", "edited", "title", "date_unixtime"]
)  # fmt: skip


@settings(deadline=None)  # files are written
@given(st.lists(st.dictionaries(KEYS, JSON | st.sampled_from(["service", "unsupported"]), max_size=8), max_size=4))
def test_no_message_is_too_odd_to_be_read(
    tmp_path_factory: pytest.TempPathFactory, messages: list[dict[str, object]]
) -> None:
    path = written(tmp_path_factory.mktemp("telegram"), chat(*(said(1, "Mara", "x") | each for each in messages)))

    assert [len(found) for _, found in read(path)] == [len(messages)]


@settings(deadline=None)  # files are written
@given(st.data())
def test_a_file_cut_or_garbled_anywhere_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = written(tmp_path_factory.mktemp("telegram"), account(chat(said(1, "Mara", ["a", {"text": "b"}]))))
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    FORMAT.sniff(path)
    with suppress(ImportRefused):
        read(path)
