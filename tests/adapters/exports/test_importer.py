from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.exports.batches import BATCH
from adapters.exports.identity import REMEMBERED, EventIds
from adapters.exports.importer import Importer
from adapters.exports.parsed import ParsedAttachment, ParsedChat, ParsedKind, ParsedMessage
from adapters.exports.report import ImportReport
from bot.context import Histories
from bot.errors import ImportRefused
from memory import Memory, Passage, PersonRecord, Scope, Selection
from memory.embedders.hashing import HashingEmbedder

START = datetime(2024, 5, 3, 21, 14, tzinfo=UTC)


def message(
    text: str,
    *,
    author: str | None = "Mara",
    minutes: float = 0,
    attachments: tuple[ParsedAttachment, ...] = (),
    deleted: bool = False,
    external_id: str | None = None,
    reply_to: str | None = None,
) -> ParsedMessage:
    sent_at = START + timedelta(minutes=minutes)
    kind: ParsedKind = "message" if author else "system"
    return ParsedMessage(
        author, sent_at, text, kind, attachments, edited=False, deleted=deleted, line=1,
        reply_to=reply_to, external_id=external_id,
    )  # fmt: skip


def numbered(count: int, *, first: int = 0) -> list[ParsedMessage]:
    return [message(f"message {n}", author=f"P{n % 3}", minutes=n) for n in range(first, first + count)]


@pytest.fixture
async def memory(tmp_path: Path) -> AsyncIterator[Memory]:
    async with Memory.open(tmp_path / "memory.db", HashingEmbedder()) as opened:
        yield opened


@pytest.fixture
async def owner(memory: Memory) -> PersonRecord:
    return await memory.people.ensure("console", "owner", "Owner")


async def store(
    memory: Memory,
    owner: PersonRecord,
    messages: Sequence[ParsedMessage] | Iterator[ParsedMessage],
    *,
    title: str = "Lisbon trip",
    me: str | None = None,
) -> ImportReport:
    report = ImportReport("whatsapp", "WhatsApp", title)
    await Importer(Histories(memory), owner, "whatsapp", me=me).store(ParsedChat(title, iter(messages)), report)
    return report


async def stored(memory: Memory, owner: PersonRecord) -> list[Passage]:
    selection = Selection(everything=True)
    return await memory.passages.select(Scope.of_owner(owner.id), selection, limit=100_000, newest_first=False)


async def test_a_message_keeps_its_words_its_author_and_its_own_time(memory: Memory, owner: PersonRecord) -> None:
    report = await store(memory, owner, [message("booked the hotel, Rua da Rosa")])

    (passage,) = await stored(memory, owner)
    assert (passage.text, passage.author, passage.said_at) == ("booked the hotel, Rua da Rosa", "Mara", START)
    assert (passage.conversation.title, passage.conversation.platform) == ("Lisbon trip", "whatsapp")
    assert passage.conversation.owner_id == owner.id
    assert (report.messages, report.new, report.duplicates) == (1, 1, 0)


async def test_importing_the_same_chat_again_adds_nothing(memory: Memory, owner: PersonRecord) -> None:
    await store(memory, owner, numbered(30))
    again = await store(memory, owner, numbered(30))

    assert (again.messages, again.new, again.duplicates) == (30, 0, 30)
    assert len(await stored(memory, owner)) == 30


async def test_a_longer_export_of_the_same_chat_adds_only_what_is_new(memory: Memory, owner: PersonRecord) -> None:
    await store(memory, owner, numbered(30))
    longer = await store(memory, owner, numbered(42))

    assert (longer.new, longer.duplicates) == (12, 30)
    assert [passage.text for passage in await stored(memory, owner)] == [f"message {n}" for n in range(42)]


async def test_a_later_part_of_the_chat_joins_the_earlier_one(memory: Memory, owner: PersonRecord) -> None:
    await store(memory, owner, numbered(30))
    later = await store(memory, owner, numbered(30, first=20))

    assert (later.new, later.duplicates) == (20, 10)


async def test_the_same_words_twice_in_a_minute_are_two_messages(memory: Memory, owner: PersonRecord) -> None:
    twice = [message("ok"), message("ok", minutes=0.5), message("ok", author="Jonas")]
    first = await store(memory, owner, twice)
    again = await store(memory, owner, twice)

    assert (first.new, again.new) == (3, 0)


@pytest.mark.parametrize("hours", [-9, 5.5])
async def test_a_chat_read_in_another_time_zone_than_before_is_refused_and_not_doubled(
    memory: Memory, owner: PersonRecord, hours: float
) -> None:
    elsewhere = [each._replace(sent_at=each.sent_at + timedelta(hours=hours)) for each in numbered(30)]
    await store(memory, owner, numbered(30))

    for title in ("Lisbon trip", "Another name"):
        with pytest.raises(ImportRefused, match=r"9:00 hours later|5:30 hours earlier"):
            await store(memory, owner, elsewhere, title=title)
    assert len(await stored(memory, owner)) == 30
    assert len(await memory.conversations.summarize(Scope.all())) == 1


async def test_words_that_come_again_every_day_are_no_other_time_zone(memory: Memory, owner: PersonRecord) -> None:
    def greetings(first: int) -> list[ParsedMessage]:
        return [message("good morning everybody", minutes=60 * 24 * day) for day in range(first, first + 9)]

    await store(memory, owner, greetings(0))

    assert (await store(memory, owner, greetings(9))).new == 9


async def test_an_android_and_an_iphone_export_of_one_chat_are_the_same_messages(
    memory: Memory, owner: PersonRecord
) -> None:
    with_seconds = [message(f"text {n}", minutes=n / 3) for n in range(9)]
    without = [m._replace(sent_at=m.sent_at.replace(second=0)) for m in with_seconds]
    await store(memory, owner, with_seconds)

    assert (await store(memory, owner, without)).new == 0


async def test_somebody_who_became_a_contact_since_the_last_export_says_nothing_twice(
    memory: Memory, owner: PersonRecord
) -> None:
    await store(memory, owner, [message("hi", author="+351 91 234"), message("hi", author="Jonas")])

    assert (await store(memory, owner, [message("hi", author="Mara"), message("hi", author="Jonas")])).new == 0


async def test_a_chat_exported_without_media_and_then_with_is_the_same_chat(
    memory: Memory, owner: PersonRecord
) -> None:
    without = [message("our room", attachments=(ParsedAttachment(None, "unknown", omitted=True),))]
    with_media = [message("our room", attachments=(ParsedAttachment("IMG-1.jpg", "image", omitted=False),))]
    await store(memory, owner, without)

    assert (await store(memory, owner, with_media)).new == 0


async def test_a_chat_without_a_title_is_known_again_by_its_first_message(memory: Memory, owner: PersonRecord) -> None:
    await store(memory, owner, numbered(5), title="")
    longer = await store(memory, owner, numbered(9), title="")
    other = await store(memory, owner, numbered(5, first=100), title="")

    assert longer.new == 4
    assert other.new == 5
    assert longer.conversation == "P0, P1, P2"


async def test_a_chat_is_known_again_under_another_name(memory: Memory, owner: PersonRecord) -> None:
    await store(memory, owner, numbered(30), title="Lisbon trip")
    renamed = await store(memory, owner, numbered(30, first=10), title="Lisbon, again!")

    assert (renamed.new, renamed.duplicates) == (10, 20)
    (summary,) = await memory.conversations.summarize(Scope.of_owner(owner.id))
    assert summary.conversation.title == "Lisbon, again!"


async def test_the_same_greeting_in_two_chats_is_kept_in_both(memory: Memory, owner: PersonRecord) -> None:
    greeting = message("happy new year!")
    await store(memory, owner, [greeting, *numbered(5)], title="Family")
    friends = await store(memory, owner, [greeting, *numbered(5, first=50)], title="Friends")

    assert friends.new == 6


async def test_the_same_chat_imported_by_two_people_stays_apart(memory: Memory, owner: PersonRecord) -> None:
    other = await memory.people.ensure("telegram", "42", "Jonas")
    await store(memory, owner, numbered(3))
    theirs = await store(memory, other, numbered(5))

    assert theirs.new == 5
    assert len(await stored(memory, owner)) == 3


async def test_me_makes_the_owner_the_author(memory: Memory, owner: PersonRecord) -> None:
    messages = [message("I booked it", author="Mara"), message("thanks", author="Jonas")]
    report = await store(memory, owner, messages, me="mara ")

    by_author = {passage.author: passage.author_id for passage in await stored(memory, owner)}
    assert by_author["Mara"] == owner.id
    assert by_author["Jonas"] not in (None, owner.id)
    assert report.warnings == []


async def test_a_me_that_nobody_goes_by_is_warned_of_with_the_names_there_are(
    memory: Memory, owner: PersonRecord
) -> None:
    report = await store(memory, owner, [message("hi"), message("ho", author="Jonas")], me="Marta")

    (warning,) = report.warnings
    assert "--me" in warning.message
    assert "Jonas, Mara" in warning.message


async def test_files_are_found_by_caption_or_name(memory: Memory, owner: PersonRecord) -> None:
    photo = ParsedAttachment("IMG-2022.jpg", "image", omitted=False)
    left_out = ParsedAttachment(None, "audio", omitted=True)
    report = await store(
        memory, owner, [message("our room", attachments=(photo,)), message("", minutes=1, attachments=(left_out,))]
    )

    assert [passage.text for passage in await stored(memory, owner)] == ["our room [photo: IMG-2022.jpg]", "[audio]"]
    assert report.attachments == 2


async def test_deleted_and_empty_messages_are_kept_as_system_lines(memory: Memory, owner: PersonRecord) -> None:
    report = await store(memory, owner, [message("", deleted=True), message(" ", minutes=1)])

    assert [(p.text, p.kind) for p in await stored(memory, owner)] == [
        ("[deleted message]", "system"),
        ("[empty message]", "system"),
    ]
    assert report.new == report.messages == 2


async def test_replies_point_to_the_message_they_answer(memory: Memory, owner: PersonRecord) -> None:
    await store(memory, owner, [message("when?", external_id="1"), message("in May", external_id="2", reply_to="1")])

    question, answer = await stored(memory, owner)
    assert answer.reply_to == question.event_id


async def test_what_came_before_damage_is_kept_and_said(memory: Memory, owner: PersonRecord) -> None:
    def damaged() -> Iterator[ParsedMessage]:
        yield from numbered(BATCH + 7)
        raise ImportRefused("the file ends in the middle of a message")

    with pytest.raises(ImportRefused, match=rf"in the middle .* {BATCH + 7} messages before"):
        await store(memory, owner, damaged())
    assert len(await stored(memory, owner)) == BATCH + 7


async def test_an_import_that_is_stopped_leaves_whole_batches_and_goes_on_later(
    memory: Memory, owner: PersonRecord
) -> None:
    def stopping() -> Iterator[ParsedMessage]:
        yield from numbered(2 * BATCH + 5)
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await store(memory, owner, stopping())
    assert len(await stored(memory, owner)) == 2 * BATCH

    report = await store(memory, owner, numbered(2 * BATCH + 5))
    assert (report.new, report.duplicates) == (5, 2 * BATCH)


async def test_the_report_says_what_the_file_holds(memory: Memory, owner: PersonRecord) -> None:
    messages = [message("Mara created the group", author=None), *numbered(4), message("early", minutes=-10)]
    record = (await store(memory, owner, messages)).to_record()

    assert record == {
        "format": "whatsapp",
        "conversation": "Lisbon trip",
        "conversation_id": 1,
        "import_id": None,
        "messages": 6,
        "new": 6,
        "duplicates": 0,
        "updated": 0,
        "deleted": 0,
        "forgotten": 0,
        "system": 1,
        "attachments": 0,
        "first": "2024-05-03T21:04:00+00:00",
        "last": "2024-05-03T21:17:00+00:00",
        "warnings": [],
    }


async def test_a_chat_without_messages_makes_no_conversation(memory: Memory, owner: PersonRecord) -> None:
    report = await store(memory, owner, [])

    assert report.messages == 0
    assert await memory.conversations.summarize(Scope.all()) == []


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["ok", "", "ok\0001"]))))
def test_ids_are_unique_within_a_file_and_stable_across_its_prefixes(said: list[tuple[int, str]]) -> None:
    def ids(part: list[tuple[int, str]]) -> list[str]:
        made = EventIds()
        return [made.of(START + timedelta(minutes=minute), text) for minute, text in part]

    whole = ids(said)
    assert len(set(whole)) == len(said)
    assert ids(said[: len(said) // 2]) == whole[: len(said) // 2]


def test_repeats_are_told_apart_however_long_the_file_is_between_them() -> None:
    ids = EventIds()
    first = ids.of(START, "ok")
    for n in range(REMEMBERED - 1):
        ids.of(START, str(n))

    assert ids.of(START, "ok") != first
