"""What is said on Discord while the bot is not running."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from memory import Scope, Selection
from tests.adapters.bots import stored
from tests.adapters.discord_bot import running, settings_for
from tests.emulators.discord import DiscordServer

KEY = "The spare key to the cabin is under the blue flowerpot."
WHERE = "Where is the spare key to the cabin?"


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer.open() as server:
        yield server


async def test_it_is_caught_up_with_in_order_and_answered_once(discord: DiscordServer, tmp_path: Path) -> None:
    ana, bruno = discord.person("Ana"), discord.person("Bruno")
    trip = discord.channel(discord.guild("Friends"), "trip")
    settings = settings_for(discord, tmp_path, people=[ana, bruno], channels=[trip])
    async with running(discord, settings) as app:
        cabin = await discord.thread(trip, "cabin")
        await ana.says("The ferry leaves at nine.")
        await ana.sees("remember")
        await ana.in_channel(cabin).says("We sleep in the cabin.")
        await ana.in_channel(cabin).says("@Jay Where do we sleep?")
        await ana.in_channel(cabin).sees("in the cabin")
        await app.core.idle()
    for number in range(3):
        await bruno.in_channel(trip).says(f"The tent has number {number}.")
    await ana.in_channel(cabin).says(KEY)
    await ana.in_channel(cabin).says(f"@Jay {WHERE}")
    await ana.says("When does the ferry leave?")
    for _ in range(2):
        async with running(discord, settings) as app:
            await ana.in_channel(cabin).sees("under the blue flowerpot")
            await ana.sees("at nine")
            await app.core.idle()
            assert await stored(app.memory, "The tent") == [f"The tent has number {number}." for number in range(3)]
            assert (await stored(app.memory, "flowerpot")).count(KEY) == 1
    assert len([posted for posted in cabin.by_bot() if "flowerpot" in posted.text]) == 1
    assert len([posted for posted in ana.room.by_bot() if "at nine" in posted.text]) == 1


async def test_what_was_said_while_the_memory_was_off_is_not_taken_in_by_a_restart(
    discord: DiscordServer, tmp_path: Path
) -> None:
    ana = discord.person("Ana")
    settings = settings_for(discord, tmp_path, people=[ana])
    async with running(discord, settings) as app:
        for text, reply in (
            ("The ferry leaves at nine.", "remember"),
            ("/memory off", "is off here"),
            (KEY, "nothing about that"),
            ("/memory on", "is on again"),
        ):
            await ana.says(text)
            await ana.sees(reply)
        await app.core.idle()
    async with running(discord, settings) as app:
        await ana.says("/memory")
        await ana.sees("The memory is on: I keep")
        everything = await app.memory.passages.select(Scope.all(), Selection(everything=True))
        assert not [passage for passage in everything if "flowerpot" in passage.text]


async def test_a_bot_that_was_never_there_reads_nothing_of_before(discord: DiscordServer, tmp_path: Path) -> None:
    ana = discord.person("Ana")
    trip = discord.channel(discord.guild("Friends"), "trip")
    await ana.in_channel(trip).says(KEY)
    async with running(discord, settings_for(discord, tmp_path, channels=[trip])) as app:
        await ana.in_channel(trip).says("@Jay hello")
        await ana.in_channel(trip).sees("")
        assert await stored(app.memory, "flowerpot") == []
