"""Thumbs: kept with question, answer and what it rested on, forgotten with any of them, and made an evaluation set."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.configuration.settings import AccessSettings
from bot.events import Feedback
from bot.testing import Chat, chat
from memory import Scope, Selection
from plugins.feedback import FeedbackPlugin
from plugins.memory import MemoryPlugin

KEY = "The spare key is under the blue pot."
WHERE = "Where is the spare key?"
PLUGINS = [FeedbackPlugin(), MemoryPlugin()]


async def asked(ann: Chat) -> None:
    await ann.says(KEY)
    await ann.says(WHERE)


async def test_without_an_answer_there_is_nothing_to_judge(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS) as ann:
        assert await ann.says("/good") == ["There is no answer here to rate yet."]
        assert await ann.memory.judgements.select(Scope.all()) == []


async def test_an_answer_is_judged_with_its_question_and_what_it_cited(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS) as ann:
        await asked(ann)
        await ann.says("/good")
        (judged,) = await ann.memory.judgements.select(Scope.all())
        assert (judged.value, judged.question, judged.author) == (1, WHERE, "Ann")
        assert "under the blue pot" in judged.answer
        (cited,) = await ann.memory.passages.find_event("test", "direct-ann:0")
        assert judged.cited == (cited.id,)
        assert cited.id in judged.seen


async def test_who_judges_again_changes_their_mind_and_zero_takes_it_back(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS) as ann:
        await asked(ann)
        (answer_id,) = ann.adapter.sent[-1].ids
        await ann.says("/good")
        await ann.says("/bad")
        assert [each.value for each in await ann.memory.judgements.select(Scope.all())] == [-1]
        await ann.core.deliver(Feedback(ann.place, ann.sender, answer_id, 0, datetime.now(UTC)))
        assert await ann.memory.judgements.select(Scope.all()) == []


async def test_a_command_that_replies_to_an_older_answer_judges_that_one(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS) as ann:
        await asked(ann)
        (first,) = ann.adapter.sent[-1].ids
        await ann.says("What colour is the pot by the key?")
        await ann.core.deliver(replace(ann.message("/bad"), reply_to=first))
        await ann.core.idle()
        assert [each.question for each in await ann.memory.judgements.select(Scope.all())] == [WHERE]


@pytest.mark.parametrize("what", ["direct-ann:0", "direct-ann:1", "answer"])
async def test_forgetting_what_was_said_asked_or_answered_takes_the_judgement_with_it(
    tmp_path: Path, what: str
) -> None:
    async with chat(tmp_path, plugins=PLUGINS) as ann:
        await asked(ann)
        event = ann.adapter.sent[-1].ids[0] if what == "answer" else what
        await ann.says("/good")
        (doomed,) = await ann.memory.passages.find_event("test", event)
        if doomed.kind == "message":
            await ann.says(f"/forget {doomed.id}")
        else:
            await ann.memory.forget(Scope.all(), Selection(passage_ids=(doomed.id,)))
        assert await ann.memory.judgements.select(Scope.all()) == []


async def test_a_judgement_is_seen_by_those_alone_who_see_its_conversation(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS) as ann:
        await asked(ann)
        await ann.says("/good")
        await ann.as_person("Eve").says("hello")
        eve = await ann.memory.people.find("test", "eve")
        owner = await ann.memory.people.find("test", "ann")
        assert eve is not None
        assert owner is not None
        assert await ann.memory.judgements.select(Scope.of_owner(eve.id)) == []
        assert len(await ann.memory.judgements.select(Scope.of_owner(owner.id))) == 1


async def test_where_nothing_is_kept_no_judgement_is(tmp_path: Path) -> None:
    access = AccessSettings(guests=("test:ann",))
    async with chat(tmp_path, plugins=PLUGINS, access=access) as ann:
        await asked(ann)
        assert "I keep nothing" in (await ann.says("/good"))[0]
        assert await ann.memory.judgements.select(Scope.all()) == []
