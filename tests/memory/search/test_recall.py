from __future__ import annotations

from datetime import UTC, datetime

import pytest

from memory import ConversationRecord, Entry, Memory, Scope, TimeWindow
from tests.memory.sayings import add, at, found, found_by_words, said


async def test_the_best_passage_comes_first_and_says_why(memory: Memory, place: ConversationRecord) -> None:
    await add(
        memory, place, said("what is for dinner?", 0), said("I booked the hotel in Lisbon", 600, "Noor"),
        said("nice weather", 1200),
    )  # fmt: skip
    await memory.embeddings.embed_pending()
    best, *rest = await memory.recall("who booked the hotel in Lisbon? Noor?", Scope.all(), now=at(2000))
    assert best.passage.text == "I booked the hotel in Lisbon"
    assert {"words", "window words", "meaning", "session", "speaker"} <= best.parts.keys()
    assert best.relevance > max(each.relevance for each in rest)


async def test_the_parts_of_every_score_sum_to_it_and_the_order_is_by_score(
    memory: Memory, place: ConversationRecord
) -> None:
    topics = ["hotel", "train", "beach", "hotel beach", "train to the hotel?", "nothing"]
    await add(memory, place, *(said(f"{topics[n % 6]} {n}", n * 40, f"P{n % 3}") for n in range(60)))
    await memory.embeddings.embed_pending()
    recalled = await memory.recall("which train goes to the hotel?", Scope.all(), now=at(9999), limit=30)
    assert len(recalled) == 30
    for each in recalled:
        assert sum(each.parts.values()) == pytest.approx(each.score, abs=0.001)
        assert 0 <= each.relevance <= 1
    assert [each.score for each in recalled] == sorted((each.score for each in recalled), reverse=True)


async def test_a_name_in_a_question_makes_what_others_said_no_less_relevant(
    memory: Memory, place: ConversationRecord
) -> None:
    await add(memory, place, said("nice weather", 0, "Noor"), said("I booked the hotel", 9000, "Jo"))

    async def relevance_of_booking(question: str) -> float:
        recalled = await memory.recall(question, Scope.all(), now=at(9999))
        return next(each.relevance for each in recalled if each.passage.author == "Jo")

    named = await relevance_of_booking("Noor booked the hotel?")
    assert named == pytest.approx(await relevance_of_booking("booked the hotel?"))


async def test_the_context_is_the_two_messages_before_in_their_order(memory: Memory, place: ConversationRecord) -> None:
    await add(memory, place, *(said(text, n) for n, text in enumerate(["one", "two", "three", "a zeppelin", "five"])))
    best = (await memory.recall("zeppelin", Scope.all(), now=at(9)))[0]
    assert [each.text for each in best.context] == ["two", "three"]


async def test_a_window_filters_and_is_half_open(memory: Memory, place: ConversationRecord) -> None:
    await add(memory, place, *(said(f"zeppelin {n}", n * 300) for n in range(4)))
    window = TimeWindow(at(300), at(900))
    assert sorted(await found(memory, "zeppelin", window=window)) == ["zeppelin 1", "zeppelin 2"]


async def test_a_conversation_filters_and_never_widens_the_scope(memory: Memory, place: ConversationRecord) -> None:
    other = await memory.conversations.ensure("test", "2", title="Elsewhere")
    await add(memory, place, said("the zeppelin is red", 1))
    await add(memory, other, said("the zeppelin is blue", 1))
    assert await found(memory, "zeppelin", conversation_id=other.id) == ["the zeppelin is blue"]
    assert await found(memory, "zeppelin", Scope.of_conversation(place.id), conversation_id=other.id) == []


async def test_a_person_and_kinds_filter(memory: Memory, place: ConversationRecord) -> None:
    mara = await memory.people.ensure("test", "7", "Mara")
    entry = Entry("the zeppelin is red", at(1), "Mara", mara.id)
    await memory.passages.add(place, [entry, Entry("the zeppelin is blue", at(2), "Noor")])
    await memory.facts.add(place, Entry("the zeppelin is green", at(3), "Mara", mara.id))
    assert sorted(await found(memory, "zeppelin", person="mara")) == ["the zeppelin is green", "the zeppelin is red"]
    assert await found(memory, "zeppelin", kinds=("fact",)) == ["the zeppelin is green"]
    assert await found(memory, "zeppelin", person="Mara", kinds=("message",)) == ["the zeppelin is red"]
    assert await found(memory, "zeppelin", person="nobody") == []


async def test_a_time_that_the_question_names_weighs_in_without_filtering(
    memory: Memory, place: ConversationRecord
) -> None:
    for year, month in ((2023, 5), (2024, 3), (2024, 6)):
        moment = datetime(year, month, 10, tzinfo=UTC)
        await memory.passages.add(place, [Entry(f"we flew the zeppelin to number {month}", moment)])
    recalled = await memory.recall("when did we fly the zeppelin in March 2024?", Scope.all(), now=at(9), limit=20)
    assert recalled[0].passage.text == "we flew the zeppelin to number 3"
    assert "time" in recalled[0].parts
    assert len(recalled) == 3


async def test_what_is_excluded_never_comes_back(memory: Memory, place: ConversationRecord) -> None:
    asked, told = await add(memory, place, said("where is the zeppelin", 1), said("the zeppelin is at the lake", 2))
    assert await found(memory, "zeppelin", exclude=frozenset({asked})) == ["the zeppelin is at the lake"]
    assert await found(memory, "zeppelin", exclude=frozenset({asked, told})) == []


async def test_the_token_budget_holds_and_is_counted_by_who_knows(memory: Memory, place: ConversationRecord) -> None:
    await add(memory, place, *(said(f"zeppelin {'word ' * n}", n * 300) for n in range(1, 9)))

    def count(text: str) -> int:
        return len(text.split())

    recalled = await found(memory, "zeppelin", token_budget=12, count_tokens=count)
    assert recalled
    assert sum(map(count, recalled)) <= 12
    assert await found(memory, "zeppelin", token_budget=0) == []


async def test_what_is_said_twice_is_recalled_once_and_the_question_itself_never(
    memory: Memory, place: ConversationRecord
) -> None:
    await add(
        memory, place, said("the zeppelin lands", 0), said("The zeppelin lands!", 500), said("the zeppelin lands", 900,
        "Noor"), said("where does the zeppelin land?", 1000),
    )  # fmt: skip
    recalled = await memory.recall("Where does the zeppelin land?", Scope.all(), now=at(2000))
    assert sorted(each.passage.author for each in recalled) == ["Mara", "Noor"]


async def test_questions_answers_and_commands_are_never_recalled_facts_and_documents_are(
    memory: Memory, place: ConversationRecord
) -> None:
    await add(memory, place, said("zeppelin answer", 1, kind="answer"), said("/zeppelin", 2, kind="command"))
    await add(memory, place, said("where is the zeppelin?", 3, kind="question"))
    await memory.facts.add(place, said("zeppelin fact", 300))
    await memory.documents.add(place, "z.pdf", "application/pdf", "0", [said("zeppelin page", 600, locator="p. 4")])
    await add(memory, place, said("zeppelin system", 900, kind="system"))
    await memory.embeddings.embed_pending()
    assert sorted(await found(memory, "zeppelin")) == ["zeppelin fact", "zeppelin page", "zeppelin system"]


async def test_what_waits_for_its_vector_is_found_by_its_words(memory: Memory, place: ConversationRecord) -> None:
    await add(memory, place, said("old zeppelin", 1))
    await memory.embeddings.embed_pending()
    await add(memory, place, said("new zeppelin", 500))
    recalled = await memory.recall("zeppelin", Scope.all(), now=at(999))
    assert {each.passage.text: "meaning" in each.parts for each in recalled} == {
        "old zeppelin": True,
        "new zeppelin": False,
    }


async def test_an_empty_memory_recalls_nothing(memory: Memory) -> None:
    assert await found(memory, "anything at all?") == []


async def test_of_the_speakers_the_one_who_is_asked_about_comes_first(
    memory: Memory, place: ConversationRecord
) -> None:
    await add(
        memory, place, said("I like the red one", 0, "Noor"), said("I like the red one too much", 900, "Mara Költő")
    )
    best = (await memory.recall("what does Mara's taste like, the red one", Scope.all(), now=at(2000)))[0]
    assert best.passage.author == "Mara Költő"
    assert best.parts["speaker"] > 0


async def test_in_a_group_what_names_the_person_asked_about_goes_before_what_they_say_to_others(
    memory: Memory, place: ConversationRecord
) -> None:
    wishes = [
        said(f"Happy birthday {name}!", number * 900, "Mara") for number, name in enumerate(("Noor", "Bo", "Kim"))
    ]
    others = [said("Happy birthday Mara!!", 9000, "Bo"), said("Mara you should see this birthday hat", 9900, "Noor")]
    await add(memory, place, *wishes, *others)
    best = (await memory.recall("when is Mara's birthday?", Scope.all(), now=at(20_000)))[0]
    assert best.passage.text == "Happy birthday Mara!!"
    assert best.parts["mention"] > 0


async def test_where_two_talk_a_name_tells_nothing(memory: Memory, place: ConversationRecord) -> None:
    await add(memory, place, said("Hello Mara, nice hat", 0, "Noor"), said("a hat of straw", 900, "Mara"))
    assert all("mention" not in each.parts for each in await memory.recall("Mara's hat?", Scope.all(), now=at(2000)))


@pytest.mark.slow
async def test_a_memory_too_large_to_rank_whole_finds_by_words_and_by_meaning_within_its_scope(
    memory: Memory, place: ConversationRecord
) -> None:
    """Past a few thousand passages candidates come from the indexes: the other half of the code."""
    other = await memory.conversations.ensure("test", "2")
    for home, mark in ((place, "here"), (other, "there")):
        await memory.passages.add(home, [said(f"talk {n % 97} about {n % 89} {mark}", n * 7) for n in range(4500)])
        await memory.passages.add(home, [said(f"the zeppelin lands {mark}", 50_000)])
    await memory.embeddings.embed_pending()
    within = Scope.of_conversation(place.id)
    assert (await found(memory, "zeppelin landing", within))[0] == "the zeppelin lands here"
    recalled = await found(memory, "zeppelin talk about 5", within, limit=50)
    assert len(recalled) > 10
    assert {text.split()[-1] for text in recalled} == {"here"}
    assert {text.split()[-1] for text in await found(memory, "zeppelin", limit=2)} == {"here", "there"}
    (near, *_) = await memory.recall("zeppelinlands", within, now=at(60_000))
    assert near.passage.text == "the zeppelin lands here", "by meaning alone: none of its words is in the index"


async def test_what_the_bot_was_asked_stands_in_no_other_message(memory: Memory, place: ConversationRecord) -> None:
    await add(
        memory, place, said("we land at noon", 1), said("when does the zeppelin land?", 2, kind="question"),
        said("bring cake", 3),
    )  # fmt: skip
    assert await found_by_words(memory, "zeppelin") == []
    best = (await memory.recall("who brings cake?", Scope.all(), now=at(9)))[0]
    assert [each.text for each in best.context] == ["we land at noon"]


async def test_a_long_message_is_judged_to_its_end(memory: Memory, place: ConversationRecord) -> None:
    await add(memory, place, said(f"{'We talked about the harbour. ' * 200}The safe word is marmalade."))
    best = (await memory.recall("what is the safe word?", Scope.all(), now=at(9)))[0]
    assert best.relevance == 1.0


async def test_the_reply_to_what_is_asked_comes_before_what_was_said_later(
    memory: Memory, place: ConversationRecord
) -> None:
    await add(
        memory, place, said("who looks after the parrot?", 0), said("Inês does, on weekdays", 1, "Noor"),
        said("Fine by me, thanks for that", 2), *(said(f"nothing new here {n}", 300 * n) for n in range(1, 9)),
    )  # fmt: skip
    await memory.embeddings.embed_pending()
    recalled = await memory.recall("who looks after our parrot?", Scope.all(), now=at(9999))
    assert [each.passage.author for each in recalled[:2]] == ["Mara", "Noor"]
    assert recalled[1].parts["is a reply"] > 0


async def test_what_was_said_at_the_time_asked_about_need_not_name_it(
    memory: Memory, place: ConversationRecord
) -> None:
    await add(memory, place, said("the concert was great", 0), said("the concert was fine", 40 * 1440))
    first, second = await memory.recall("the concert in May 2024?", Scope.all(), now=at(90 * 1440))
    assert first.passage.text == "the concert was great"
    assert (first.relevance, second.relevance < 1.0) == (1.0, True)


async def test_a_name_is_a_word_that_fits_where_its_bearer_is_one_of_many(
    memory: Memory, place: ConversationRecord
) -> None:
    crowd = [said(f"room {n} is to let", n * 4000, f"Person{n}") for n in range(30)]
    await add(memory, place, *crowd, said("a room near the bus", 200_000, "Avin"))
    recalled = await memory.recall("how far is the kitchen in Avin's room?", Scope.all(), now=at(999_999))
    avin = next(each for each in recalled if each.passage.author == "Avin")
    other = next(each for each in recalled if each.passage.author != "Avin")
    assert avin.relevance > other.relevance
