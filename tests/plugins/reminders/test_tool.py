"""Reminders that a language model plans, from words that the plugin itself does not know."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.pipeline.core import CoreOptions
from bot.testing import ScriptedModel, chat
from plugins.reminders.plugin import RemindersPlugin

ASKED = "Please see to it that I don't forget the bins tomorrow at nine"
OPTIONS = CoreOptions(grace=1, tools=frozenset({"reminders"}))


def wants(when: str) -> str:
    return json.dumps({"calls": [{"tool": "remind_at", "arguments": {"when": when, "about": "the bins"}}]})


async def test_a_model_plans_what_was_asked_for_in_other_words(tmp_path: Path) -> None:
    model = ScriptedModel(wants("tomorrow at nine"), '{"calls": []}', "I will.")
    async with chat(tmp_path, plugins=[RemindersPlugin()], model=model, options=OPTIONS) as ann:
        assert await ann.says(ASKED) == ["I will."]
        assert "the bins" in (await ann.says("/reminders"))[0]
        assert "09:00" in (await ann.says("/reminders"))[0]


@pytest.mark.parametrize("when", ["", "when pigs fly"])
async def test_a_time_that_is_none_goes_back_to_the_model_and_plans_nothing(tmp_path: Path, when: str) -> None:
    model = ScriptedModel(wants(when), '{"calls": []}', "When?")
    async with chat(tmp_path, plugins=[RemindersPlugin()], model=model, options=OPTIONS) as ann:
        assert await ann.says(ASKED) == ["When?"]
        assert "I don't understand that time" in model.prompts[1].turns[-1].text
        assert "You have no reminders." in (await ann.says("/reminders"))[0]
