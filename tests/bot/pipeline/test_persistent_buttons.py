"""Buttons that nobody waits for: what they say, for whom, how often, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import Context, Plugin, Reply, buttons, command
from bot.choices import NOT_YOURS, OVER, number_options
from bot.configuration.settings import AccessSettings
from bot.errors import PluginError
from bot.pipeline.persistent_buttons import MOST
from bot.testing import PLATFORM, chat
from memory import Scope, Selection


class Lamp(Plugin):
    """Has a button for each colour."""

    @command("lamp", "choose a colour")
    async def lamp(self, context: Context) -> Reply:
        assert context.message.text == "/lamp"
        return Reply("Which colour?", choices=buttons({"Red": "/colour red", "Blue": "/colour blue"}))

    @command("colour", "set the colour")
    async def colour(self, context: Context, colour: str) -> str:
        return f"{context.message.sender.name} chose {colour}"


async def test_a_button_says_what_it_stands_for_once(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Lamp()]) as ann:
        await ann.says("/lamp")
        assert await ann.presses("Blue", again=True) == ["Ann chose blue"]
        assert await ann.presses("Red") == []
        assert ann.adapter.told == [None, None, None]
        said = await ann.memory.passages.select(Scope.all(), Selection(matching="/colour blue", kinds=("command",)))
        assert len(said) == 1


async def test_only_who_was_answered_may_press(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Lamp()]) as ann:
        group = ann.in_group("trip")
        await group.says("/lamp")
        assert await group.as_person("Ben").presses("Red") == []
        assert await group.presses("Red") == ["Ann chose red"]
        assert group.adapter.told == [NOT_YOURS, None]


async def test_it_is_over_once_its_conversation_is_forgotten(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Lamp()]) as ann:
        await ann.says("/lamp")
        await ann.memory.forget(Scope.all(), Selection(everything=True))
        assert await ann.presses("Red") == []
        assert ann.adapter.told == [OVER]


async def test_only_the_latest_are_kept(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Lamp()]) as ann:
        await ann.says("/lamp")
        first = ann.adapter.sent[-1]
        for _ in range(MOST):
            await ann.says("/lamp")
        assert await ann.presses("Red") == ["Ann chose red"]
        ann.adapter.sent.append(first)
        assert await ann.presses("Red") == []
        assert ann.adapter.told == [None, OVER]


async def test_where_nothing_is_kept_there_are_none(tmp_path: Path) -> None:
    access = AccessSettings(owners=[f"{PLATFORM}:ann"], guests=[f"{PLATFORM}:ben"])
    async with chat(tmp_path, plugins=[Lamp()], access=access) as ann:
        assert await ann.as_person("Ben").says("/lamp") == ["Which colour?"]
        assert ann.last.choices is None


def test_a_platform_without_buttons_does_not_number_what_only_a_press_could_say() -> None:
    reply = Reply("Which colour?", choices=buttons({"Red": "/colour red"}))
    assert number_options(reply) == reply


def test_buttons_must_differ() -> None:
    with pytest.raises(PluginError, match="must differ"):
        buttons({"Red": "/colour red", "red": "/colour crimson"})
