"""`feedback export`: what was judged good becomes questions that `eval` reads."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.app import owners_chat
from bot.events import Person
from bot.pipeline.feedback import judge
from memory import Entry, Memory
from memory.embedders.hashing import HashingEmbedder

if TYPE_CHECKING:
    from tests.bot.commands.conftest import Cli

NOON = datetime(2024, 5, 3, 12, tzinfo=UTC)


@pytest.fixture
def judged(cli: Cli) -> Cli:
    """Let one answer be judged good, one bad, and one good that rested on nothing."""

    async def store() -> None:
        async with Memory.open(cli.data / "memory.db", HashingEmbedder()) as memory:
            place, you = await owners_chat(memory), Person("console", "owner", "You")
            (said,) = await memory.passages.add(place, [Entry("The spare key is under the pot.", NOON, "You")])
            for name, value, question in (("a", 1, "/ask Where is the key?"), ("b", -1, "Who?"), ("c", 1, "Why?")):
                rested_on = (said.id,) if name != "c" else ()
                await memory.passages.add(place, [Entry(question, NOON, "You", event_id=f"q{name}")])
                answer = Entry(
                    "Under the pot [1].",
                    NOON,
                    "Jay",
                    kind="answer",
                    event_id=name,
                    reply_to=f"q{name}",
                    drawn_from=rested_on,
                    cited=rested_on,
                )
                await memory.passages.add(place, [answer])
                (passage,) = await memory.passages.find_event(place.platform, name)
                await judge(memory, passage, you, value, NOON)

    asyncio.run(store())
    return cli


def test_answers_judged_good_are_questions_with_what_they_cited_as_evidence(judged: Cli) -> None:
    (line,) = judged.run("feedback", "export").out.splitlines()
    record = json.loads(line)
    assert (record["question"], record["category"]) == ("Where is the key?", "good")
    assert record["evidence"] == [1]


def test_the_export_is_what_eval_reads(judged: Cli) -> None:
    file = judged.data / "judged.jsonl"
    judged.run("feedback", "export", str(file), "--with-bad")
    report = judged.run("eval", str(file), "--format", "jsonl", "--json").json
    assert report["questions"] == 2
    assert set(report["by_category"]) == {"good", "bad"}
    assert report["by_category"]["good"]["turn_recall"]["1"] == 1.0


def test_an_existing_file_is_not_overwritten(judged: Cli) -> None:
    file = judged.data / "judged.jsonl"
    file.write_text("mine")
    assert "exists already" in judged.fails("feedback", "export", str(file), code=1)
    assert file.read_text() == "mine"


def test_without_judgements_the_export_is_empty_and_says_so(cli: Cli) -> None:
    ran = cli.run("feedback", "export")
    assert ran.out == ""
    assert "Questions written: 0; 0 answers were judged good, 0 bad." in ran.err
