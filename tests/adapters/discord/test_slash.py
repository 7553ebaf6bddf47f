"""Slash commands on Discord: listed with their options, and answered whatever becomes of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Literal

import pytest

from bot import Context, Plugin, command
from bot.access.pairing import Pairing
from bot.access.policy import Role
from tests.adapters.bots import stored
from tests.adapters.discord_bot import running, settings_for, talking
from tests.emulators.discord import DiscordServer


class Tools(Plugin):
    """Takes arguments of every kind."""

    name = "tools"

    @command("book", "book a table")
    async def book(
        self,
        context: Context,
        place: Annotated[str, "where"],
        people: Annotated[int, "how many"],
        when: Annotated[Literal["lunch", "dinner"], "at which meal"] = "dinner",
        outside: bool = False,  # noqa: FBT001, FBT002 (a command's options come by position)
    ) -> str:
        return f"{context.message.sender.name}: {place}, {people}, {when}, {outside}"

    @command("thrice", "say it three times")
    async def thrice(self, context: Context, text: str) -> None:
        for number in range(3):
            await context.reply(f"{text} {number}")

    @command("late", "answer when asked to")
    async def late(self, context: Context) -> str:
        self.begun.set()
        await self.go.wait()
        return f"at last, {context.message.sender.name}"

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go = asyncio.Event(), asyncio.Event()


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer.open() as server:
        yield server


async def test_options_are_listed_with_their_types_and_choices(discord: DiscordServer, tmp_path: Path) -> None:
    async with talking(discord, tmp_path, plugins=[Tools()]):
        listed = discord.commands["book"]
    place, people, when, outside = listed["options"]
    assert (listed["description"], listed["contexts"]) == ("book a table", [0, 1])
    assert (place["type"], place["description"], place["required"]) == (3, "where", True)
    assert (people["type"], outside["type"], outside["required"]) == (4, 5, False)
    assert [choice["value"] for choice in when["choices"]] == ["lunch", "dinner"]


async def test_options_reach_the_command_as_they_were_given(discord: DiscordServer, tmp_path: Path) -> None:
    ana = discord.person("Ana")
    async with talking(discord, tmp_path, plugins=[Tools()]):
        await ana.uses("book", place="The Blue Pot", people=4, when="lunch", outside=True)
        await ana.sees("Ana: The Blue Pot, 4, lunch, True")
        await ana.uses("book", place="home", people=2)
        await ana.sees("Ana: home, 2, dinner, False")


async def test_an_option_behind_one_that_was_left_out_is_asked_for(discord: DiscordServer, tmp_path: Path) -> None:
    ana = discord.person("Ana")
    async with talking(discord, tmp_path, plugins=[Tools()]):
        await ana.uses("book", place="home", people=2, outside=True)
        told = await ana.sees("Please give `when` as well")
    assert told.is_ephemeral


async def test_a_command_that_replies_thrice_shows_all_three(discord: DiscordServer, tmp_path: Path) -> None:
    ana = discord.person("Ana")
    async with talking(discord, tmp_path, plugins=[Tools()]):
        used = await ana.uses("thrice", text="hello")
        await ana.sees("hello 2")
    assert [posted.text for posted in ana.room.by_bot()] == ["hello 0", "hello 1", "hello 2"]
    assert used.answer is ana.room.by_bot()[0]


async def test_a_command_behind_a_slow_one_is_acknowledged_in_time(discord: DiscordServer, tmp_path: Path) -> None:
    ana = discord.person("Ana")
    tools = Tools()
    async with talking(discord, tmp_path, plugins=[tools]):
        await ana.uses("late")
        behind = await ana.uses("thrice", text="and")
        await tools.begun.wait()
        await discord.until(lambda: behind.answer)
        assert behind.answer is not None
        assert behind.answer.is_loading
        tools.go.set()
        await ana.sees("and 2")
    late, first, *_ = (posted.text for posted in ana.room.by_bot())
    assert (late.removeprefix("> /late\n"), first) == ("at last, Ana", "and 0")  # it says to which of two it belongs


async def test_an_answer_to_a_command_whose_token_has_expired_goes_into_the_channel(
    discord: DiscordServer, tmp_path: Path
) -> None:
    ana = discord.person("Ana")
    tools = Tools()
    async with talking(discord, tmp_path, plugins=[tools]):
        used = await ana.uses("late")
        await tools.begun.wait()
        await discord.until(lambda: used.answer)
        discord.expire(used)
        tools.go.set()
        answer = await ana.sees("at last, Ana")
    assert answer is not used.answer
    assert discord.calls["create"] == 1


async def test_a_stranger_pairs_by_a_slash_command_and_is_told_so(discord: DiscordServer, tmp_path: Path) -> None:
    eve = discord.person("Eve")
    async with running(discord, settings_for(discord, tmp_path)) as app:
        code = await Pairing(app.memory.ledger).invite(Role.OWNER, "discord")
        used = await eve.uses("pair", code=code)
        await discord.until(lambda: used.answer)
        await eve.sees("You are my owner here now")
        await eve.uses("remember", text="eve owns this")
        await eve.sees("I'll remember that")
        assert await stored(app.memory, "eve owns this") != []
    assert not any("may not talk" in text for posted in eve.room.by_bot() for text in posted.versions)
