from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from memory import AuthorCount, ConversationRecord, DayCount, Entry, Memory, Position, Scope, Selection
from tests.memory.sayings import add, at, said

HERE = Scope.all()


async def test_pages_follow_each_other_in_both_directions_without_a_gap(
    memory: Memory, place: ConversationRecord
) -> None:
    await add(memory, place, *(said(f"message {n}", n // 3) for n in range(20)))  # three in each second
    browsing = memory.browsing
    back: list[str] = []
    position = None
    while page := await browsing.read_before(HERE, place.id, position, limit=4):
        back = [each.text for each in page] + back
        position = Position.of(page[0])
    onward: list[str] = []
    position = None
    while page := await browsing.read_after(HERE, place.id, position, limit=7):
        onward += [each.text for each in page]
        position = Position.of(page[-1])
    assert back == onward == [f"message {n}" for n in range(20)]


async def test_a_position_is_what_an_address_carries_and_outlives_its_passage(
    memory: Memory, place: ConversationRecord
) -> None:
    _, gone, _ = await add(memory, place, *(said(f"message {n}", n) for n in range(3)))
    position = Position.parse(str(Position(at(1), gone)))
    assert position == Position(at(1), gone)
    await memory.forget(HERE, Selection(passage_ids=(gone,)))
    assert [each.text for each in await memory.browsing.read_after(HERE, place.id, position, limit=9)] == ["message 2"]
    assert [each.text for each in await memory.browsing.read_before(HERE, place.id, position, limit=9)] == ["message 0"]


@pytest.mark.parametrize("text", ["", "x", "1.x", "9" * 40, "1.2.3", "-", "1e9"])
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no position"):
        Position.parse(text)


async def test_nothing_outside_the_scope_is_read_counted_or_named(memory: Memory, place: ConversationRecord) -> None:
    mara = await memory.people.ensure("test", "7", "Mara")
    await memory.passages.add(place, [Entry("hidden", at(1), "Mara", mara.id)])
    elsewhere = Scope.of_conversation(place.id + 1)
    browsing = memory.browsing
    assert await browsing.find_conversation(elsewhere, place.id) is None
    assert await browsing.read_before(elsewhere, place.id, None, limit=9) == []
    assert await browsing.read_after(elsewhere, place.id, None, limit=9) == []
    assert await browsing.count_days(elsewhere, UTC) == []
    assert await browsing.list_authors(elsewhere, limit=9) == []
    assert await browsing.count_authors(elsewhere) == []
    assert (await browsing.preview_forgetting(elsewhere, Selection(everything=True))).passages == 0
    assert await browsing.list_authors(HERE, limit=9) == ["Mara"]
    found = await browsing.find_conversation(HERE, place.id)
    assert found is not None
    assert found.title == place.title


async def test_messages_are_counted_by_author_and_time_and_answers_are_not(
    memory: Memory, place: ConversationRecord
) -> None:
    entries = [Entry(f"one {n}", at(n), "Mara") for n in range(3)] + [Entry("two", at(5), "Tom")]
    nobody = [Entry("joined", at(1), "", kind="system"), Entry("a reply", at(2), "Bot", kind="answer")]
    ids = [each.id for each in await memory.passages.add(place, entries + nobody)]
    count = memory.browsing.count_authors
    assert await count(HERE) == [
        AuthorCount("Mara", 3, at(0), at(2), ids[2]),
        AuthorCount("Tom", 1, at(5), at(5), ids[3]),
    ]
    assert await count(HERE, since=at(1), until=at(5)) == [AuthorCount("Mara", 2, at(1), at(2), ids[2])]


async def test_conversations_are_listed_with_the_latest_first_and_their_first_words(
    memory: Memory, place: ConversationRecord
) -> None:
    await add(memory, place, said("hello", 1), said("there", 2))
    later = await memory.conversations.ensure("other", "2", title="Later")
    await add(memory, later, said("good evening", 600))
    spans = await memory.browsing.list_conversations(HERE)
    assert [(each.conversation.title, each.passages, each.first, each.last, each.opening) for each in spans] == [
        ("Later", 1, at(600), at(600), "good evening"),
        ("The trip", 2, at(1), at(2), "hello"),
    ]
    assert [each.opening for each in await memory.browsing.list_conversations(HERE, platform="test")] == ["hello"]
    assert await memory.browsing.list_conversations(Scope()) == []


async def test_days_are_those_of_the_zone(memory: Memory, place: ConversationRecord) -> None:
    late = datetime(2024, 5, 3, 18, 20, tzinfo=UTC)  # five past midnight in Kathmandu, five and three quarters ahead
    await memory.passages.add(place, [Entry("late", late), Entry("early", datetime(2024, 5, 3, 9, tzinfo=UTC))])
    kathmandu = ZoneInfo("Asia/Kathmandu")
    assert await memory.browsing.count_days(HERE, UTC) == [DayCount(date(2024, 5, 3), 2)]
    assert await memory.browsing.count_days(HERE, kathmandu, conversation_id=place.id) == [
        DayCount(date(2024, 5, 3), 1),
        DayCount(date(2024, 5, 4), 1),
    ]
    assert await memory.browsing.count_days(HERE, kathmandu, since=late) == [DayCount(date(2024, 5, 4), 1)]


async def test_a_preview_counts_what_was_drawn_as_forgetting_does_and_changes_nothing(
    memory: Memory, place: ConversationRecord
) -> None:
    told, _ = await add(memory, place, said("the wifi password is azulejo", 1), said("thanks", 2))
    await memory.facts.add(place, Entry("azulejo", at(3), drawn_from=(told,)), key="wifi password")
    await memory.passages.add(place, [Entry("It is azulejo.", at(4), kind="answer", drawn_from=(told,))])
    chosen = Selection(passage_ids=(told,))
    preview = await memory.browsing.preview_forgetting(HERE, chosen)
    assert (preview.passages, preview.facts, preview.answers) == (3, 1, 1)
    receipt = await memory.forget(HERE, chosen)
    assert (receipt.passages, receipt.facts, receipt.answers) == (3, 1, 1)


async def test_an_answers_sources_come_back_in_the_order_of_their_numbers(
    memory: Memory, place: ConversationRecord
) -> None:
    one, two, three = await add(memory, place, said("one", 1), said("two", 2), said("three", 3))
    answer = Entry("Two [1], one [2].", at(4), kind="answer", drawn_from=(one, two, three), cited=(two, one))
    (stored,) = await memory.passages.add(place, [answer])
    cited = await memory.browsing.read_cited(HERE, [stored.id, one])
    assert {number: [each.text for each in found] for number, found in cited.items()} == {stored.id: ["two", "one"]}
    assert await memory.browsing.read_cited(Scope.of_conversation(place.id + 1), [stored.id]) == {}


EVERYTHING = Selection(everything=True)


async def test_what_is_being_typed_finds_words_that_begin_so(memory: Memory, place: ConversationRecord) -> None:
    await add(memory, place, said("the key is under the flowerpot", 0), said("Flowers for Ömer", 1), said("no key", 2))

    async def find(text: str, scope: Scope = HERE, chosen: Selection = EVERYTHING) -> list[str]:
        return [each.text for each in await memory.browsing.find_beginning(scope, text, chosen, limit=9)]

    assert await find("flow") == ["Flowers for Ömer", "the key is under the flowerpot"]
    assert await find("key flowerp") == ["the key is under the flowerpot"]
    assert await find("öme") == ["Flowers for Ömer"]
    assert await find("flow", chosen=Selection(since=at(1))) == ["Flowers for Ömer"]
    assert await find("flow", Scope.of_conversation(place.id + 1)) == []


@pytest.mark.parametrize(
    "text", ["", " ", "f", "fl", "flow ", '"', 'flow" OR "key', "flow*", "NEAR(flow", "\0", "\ud800"]
)
async def test_too_little_of_a_word_and_signs_of_a_query_language_find_nothing(
    memory: Memory, place: ConversationRecord, text: str
) -> None:
    await add(memory, place, said("the key is under the flowerpot", 0))
    assert await memory.browsing.find_beginning(HERE, text, EVERYTHING, limit=9) == []
