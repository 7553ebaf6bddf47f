from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.testing import Chat, ScriptedModel, chat
from memory import Scope, Selection
from plugins.help import HelpPlugin
from plugins.memory import MemoryPlugin, find_numbers, key_of


@pytest.fixture
async def ann(tmp_path: Path) -> AsyncIterator[Chat]:
    async with chat(tmp_path, plugins=[MemoryPlugin(), HelpPlugin()]) as opened:
        yield opened


async def everything(ann: Chat) -> str:
    found = await ann.memory.passages.select(Scope.all(), Selection(everything=True), limit=1000)
    return "\n".join(passage.text for passage in found)


def number(reply: str) -> str:
    found = re.search(r"\d+", reply)
    assert found
    return found[0]


async def test_a_fact_is_remembered_and_answered_from(ann: Chat) -> None:
    (told,) = await ann.says("/remember the boiler is serviced in October")
    assert re.fullmatch(r"I'll remember that \(no\. \d+\)\.", told)
    (answer,) = await ann.says("when is the boiler serviced?")
    assert "October" in answer
    assert ann.last.sources[0].kind == "fact"


async def test_a_newer_fact_with_the_same_key_closes_the_older_one(ann: Chat) -> None:
    await ann.says("/remember Wifi password: tulip")
    await ann.says("/remember wifi  password = rose")
    (facts,) = await ann.says("/facts")
    assert "rose" in facts
    assert "tulip" not in facts
    (all_facts,) = await ann.says("/facts all")
    assert re.search(r"tulip.*until 3 May 2024", all_facts)
    assert await ann.says("/facts some") == ["Use /facts, or /facts all."]


async def test_forgetting_by_number_shows_a_receipt_and_leaves_no_trace(ann: Chat) -> None:
    (told,) = await ann.says("/remember the safe code is 4711-0815")
    await ann.says("what is the safe code?")
    await ann.says("/memories safe")
    (receipt,) = await ann.says(f"/forget {number(told)}")
    assert re.match(r"Forgotten: \d+ texts?, ", receipt)
    assert "4711" not in await everything(ann)
    assert await ann.says("/why") == [
        "I haven't answered anything here since I started, or what the answer was based on is forgotten."
    ]


async def test_forgetting_by_text_asks_back_when_it_is_more_than_one(ann: Chat) -> None:
    for day in ("Monday", "Tuesday"):
        await ann.says(f"/remember the parrot was fed on {day}")
    (question,) = await ann.says("/forget parrot was fed")
    assert "Shall I forget these 2?" in question
    assert await ann.says("no") == ["Nothing was forgotten."]
    await ann.says("/forget parrot was fed")
    (receipt,) = await ann.says("Yes!")
    assert "2 facts" in receipt
    assert "parrot was fed on" not in await everything(ann)


async def test_the_command_that_names_a_secret_to_forget_does_not_keep_it(ann: Chat) -> None:
    await ann.says("/remember swordfish-88")
    await ann.says("/forget swordfish-88")
    assert "swordfish" not in await everything(ann)


async def test_whatever_comes_of_it_the_command_is_kept_without_what_it_names(ann: Chat) -> None:
    assert await ann.says("/forget zugspitze4711") == ["I remember nothing like that."]
    await ann.says("the boat has the number zugspitze4712")
    await ann.says("and the car zugspitze4712 too")
    (question,) = await ann.says("/forget zugspitze4712")
    assert "Shall I forget these 2?" in question
    assert await ann.says("no") == ["Nothing was forgotten."]
    commands = await ann.memory.passages.select(Scope.all(), Selection(kinds=("command",)), limit=50)
    assert {each.text for each in commands if each.author == "Ann"} == {"/forget", "no"}


async def test_a_reply_with_forget_forgets_what_it_replies_to(ann: Chat) -> None:
    told = ann.message("the shed opens with tulip4711")
    await ann.core.deliver(told)
    await ann.core.deliver(replace(ann.message("/forget"), reply_to=told.event_id))
    await ann.core.idle()
    assert ann.last.text.startswith("Forgotten: 2 texts, ")  # my acknowledgement, too
    assert ann.last.text.endswith("nothing is left.")
    assert "tulip4711" not in await everything(ann)


async def test_forgetting_what_is_not_there_says_so(ann: Chat) -> None:
    assert await ann.says("/forget 99999") == ["I remember nothing like that."]
    assert await ann.says("/forget unicorns") == ["I remember nothing like that."]
    (usage,) = await ann.says("/forget")
    assert usage == "Say what: /forget 12, /forget WORDS, or reply to a message with /forget."


async def test_in_a_group_only_ones_own_words_can_be_forgotten(ann: Chat) -> None:
    group = ann.in_group("Trip")
    bob = group.as_person("Bob")
    await group.says("the hotel is booked for June")
    refused = "I remember nothing like that, or nothing that is yours to forget."
    assert await bob.says("/forget the hotel is booked") == [refused]
    carol = bob.as_person("Carol")
    await carol.says("the hotel is far too dear")
    await carol.says("/forget far too dear")
    assert "too dear" not in await everything(ann)
    await group.says("/forget the hotel is booked")
    assert "booked for June" not in await everything(ann)


async def test_another_persons_memory_can_not_be_forgotten_by_its_number(ann: Chat) -> None:
    (told,) = await ann.says("/remember the boiler is serviced in October")
    bob = ann.as_person("Bob")
    assert await bob.says(f"/forget {number(told)}") == ["I remember nothing like that."]
    assert "October" in await everything(ann)


async def test_memories_are_listed_and_searched_with_the_numbers_that_forget_takes(ann: Chat) -> None:
    assert await ann.says("/memories") == ["I remember nothing yet."]
    await ann.says("/remember the boiler is serviced in October")
    await ann.says("/remember the parrot eats seeds")
    (listed,) = await ann.says("/memories")
    assert [line.partition(": Ann")[2][-7:] for line in listed.splitlines()] == ["s seeds", "October"]
    (found,) = await ann.says("/memories boiler")
    assert "boiler" in found.splitlines()[0]


async def test_why_shows_what_each_part_of_the_ranking_gave(ann: Chat) -> None:
    assert "answered anything here" in (await ann.says("/why"))[0]
    await ann.says("/remember the boiler is serviced in October")
    await ann.says("when is the boiler serviced?")
    (told,) = await ann.says("/why")
    lines = told.splitlines()
    assert "when is the boiler serviced?" in lines[0]
    assert re.fullmatch(r"1\. Ann, \d+ \w+ \d{4}: “the boiler is serviced in October”", lines[2])
    shown = re.fullmatch(r"   \*\*cited\*\* · no\. \d+ · score (\S+) \((words .*)\), fits \d\.\d\d", lines[3])
    assert shown is not None
    assert float(shown[1]) == pytest.approx(sum(map(float, re.findall(r"[+-]\d\.\d\d", shown[2]))), abs=0.05)


async def test_stats_counts_what_may_be_read_here(ann: Chat) -> None:
    assert await ann.says("/stats") == ["I remember nothing yet."]
    await ann.says("the parrot was fed")
    await ann.says("/remember the boiler is serviced in October")
    (told,) = await ann.says("/stats")
    assert re.fullmatch(r"- .*: 1 message, 1 from files and facts, 1 person, .*", told)


async def test_ask_answers_like_a_question(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[MemoryPlugin()], model=ScriptedModel("In October [1].")) as ann:
        await ann.says("/remember the boiler is serviced in October")
        assert await ann.says("/ask when is the boiler serviced?") == [
            'In October\nAnn: "the boiler is serviced in October" [1]'
        ]
        assert len(ann.last.sources) == 1


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("wifi password: tulip", "wifi password"),
        ("Wifi  Password = tulip", "wifi password"),
        ("we meet at 10:30", None),
        ("see https://example.org/a=b", None),
        ("no key here", None),
        (": nothing", None),
    ],
)
def test_a_key_is_taken_only_where_the_text_names_one(text: str, key: str | None) -> None:
    assert key_of(text) == key


@pytest.mark.parametrize(("text", "ids"), [("12", [12]), ("12, #13 14", [12, 13, 14]), ("12 monkeys", []), (" ", [])])
def test_numbers_are_ids_only_when_there_is_nothing_else(text: str, ids: list[int]) -> None:
    assert find_numbers(text) == ids
