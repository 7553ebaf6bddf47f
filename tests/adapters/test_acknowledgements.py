"""In groups a reaction shows that the bot has seen a message, and goes when it has answered."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot import Context, Plugin, command
from bot.pipeline.core import CoreOptions
from tests.adapters import discord_bot, slack_bot, telegram_bot
from tests.adapters.seats import until
from tests.emulators.discord import DiscordServer
from tests.emulators.slack import SlackServer
from tests.emulators.telegram import TelegramServer


class Slow(Plugin):
    """Answers /slow when the test lets it."""

    name = "slow"

    def __init__(self) -> None:
        self.done = asyncio.Event()

    @command("slow", "answer when it is time")
    async def slow(self, _: Context) -> str:
        await self.done.wait()
        return "At last."


async def test_on_telegram_it_reacts_with_eyes_until_it_has_answered(tmp_path: Path) -> None:
    async with TelegramServer.open() as server:
        ana = server.user("Ana")
        ana = ana.in_group(server.group("Trip", ana))
        slow = Slow()
        async with telegram_bot.talking(server, tmp_path, plugins=[slow]):
            said = await ana.says("/slow@jay_test_bot")
            await until(lambda: said.reactions.get(server.bot.id) == "👀")
            slow.done.set()
            await ana.sees("At last.")
            await until(lambda: said.reactions[server.bot.id] == "")


async def test_on_telegram_where_the_group_allows_no_such_reaction_it_answers_all_the_same(tmp_path: Path) -> None:
    async with TelegramServer.open() as server:
        ana = server.user("Ana")
        ana = ana.in_group(server.group("Trip", ana))
        server.refuse("setMessageReaction", 400, "Bad Request: REACTION_INVALID", times=2)
        async with telegram_bot.talking(server, tmp_path):
            await ana.says("the tent is in the attic")
            await ana.says("@jay_test_bot where is the tent?")
            await ana.sees("attic")


async def test_what_is_not_for_the_bot_gets_no_reaction(tmp_path: Path) -> None:
    async with TelegramServer.open() as server:
        ana = server.user("Ana")
        group = ana.in_group(server.group("Trip", ana))
        slow = Slow()
        slow.done.set()
        async with telegram_bot.talking(server, tmp_path, plugins=[slow]) as core:
            direct = await ana.says("/slow")
            talk = await group.says("the tent is in the attic")
            asked = await group.says("/slow@jay_test_bot")
            await group.sees("At last.")
            await core.idle()
        assert server.bot.id in asked.reactions
        assert server.bot.id not in {*direct.reactions, *talk.reactions}


async def test_it_can_be_switched_off(tmp_path: Path) -> None:
    async with TelegramServer.open() as server:
        ana = server.user("Ana")
        ana = ana.in_group(server.group("Trip", ana))
        slow = Slow()
        slow.done.set()
        options = CoreOptions(grace=2, acknowledge=False)
        async with telegram_bot.talking(server, tmp_path, plugins=[slow], options=options) as core:
            said = await ana.says("/slow@jay_test_bot")
            await ana.sees("At last.")
            await core.idle()
        assert said.reactions == {}


async def test_on_slack_it_reacts_with_eyes_until_it_has_answered(tmp_path: Path) -> None:
    async with SlackServer.open() as server:
        ana = server.person("Ana")
        ana = ana.in_channel(server.channel("trip", ana))
        slow = Slow()
        async with slack_bot.talking(server, tmp_path, plugins=[slow]):
            said = await ana.says("@jay /slow")
            await until(lambda: said.reactions.get("eyes") == [server.bot.id])
            slow.done.set()
            await ana.sees("At last.")
            await until(lambda: said.reactions["eyes"] == [])


async def test_on_slack_an_app_that_may_not_react_answers_all_the_same(tmp_path: Path) -> None:
    async with SlackServer.open() as server:
        server.scopes.discard("reactions:write")
        ana = server.person("Ana")
        ana = ana.in_channel(server.channel("trip", ana))
        async with slack_bot.talking(server, tmp_path):
            await ana.says("@jay the tent is in the attic")
            said = await ana.says("@jay where is the tent?")
            await ana.in_thread(said).sees("attic")


async def test_on_discord_it_reacts_with_eyes_until_it_has_answered(tmp_path: Path) -> None:
    async with DiscordServer.open() as server:
        ana = server.person("Ana")
        ana = ana.in_channel(server.channel(server.guild("Trip"), "general"))
        slow = Slow()
        async with discord_bot.talking(server, tmp_path, plugins=[slow]):
            said = await ana.says("@Jay /slow")
            await until(lambda: said.reactions.get("👀") == [server.bot])
            slow.done.set()
            await ana.sees("At last.")
            await until(lambda: said.reactions["👀"] == [])
