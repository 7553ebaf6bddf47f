"""Polls: what was asked is remembered, and how it ended, where the platform tells it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.pipeline.core import Core
from tests.adapters import discord_bot, telegram_bot
from tests.adapters.bots import stored
from tests.emulators.discord import DiscordServer
from tests.emulators.patience import PATIENCE
from tests.emulators.telegram import TelegramServer

QUESTION = "Where do we spend the summer?"


async def until_stored(core: Core, text: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await stored(core.services.memory, text):  # noqa: ASYNC110 (no event tells of it)
            await asyncio.sleep(0.01)


async def test_the_result_of_a_poll_on_telegram_is_remembered(telegram: TelegramServer, tmp_path: Path) -> None:
    ana = telegram.user("Ana")
    trip = ana.in_group(telegram.group("Trip", ana))
    async with telegram_bot.talking(telegram, tmp_path) as core:
        poll = await trip.polls(QUESTION, "Lisbon", "Porto")
        await trip.says("@jay_test_bot where do we spend the summer?")
        await trip.sees("Lisbon / Porto")
        trip.closes_poll(poll, Lisbon=3, Porto=1)
        await until_stored(core, f"(poll: {QUESTION} Closed, voters: 4. Lisbon: 3 / Porto: 1)")
        await trip.says("@jay_test_bot how many votes did Lisbon have for the summer?")
        await trip.sees("Lisbon: 3 / Porto: 1")


async def test_a_poll_that_opened_and_closed_while_the_bot_was_away_has_its_result(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    ana = telegram.user("Ana")
    trip = ana.in_group(telegram.group("Trip", ana))
    await trip.says("Let us vote.")
    poll = await trip.polls(QUESTION, "Lisbon", "Porto")
    trip.closes_poll(poll, Lisbon=0, Porto=2)
    async with telegram_bot.talking(telegram, tmp_path) as core:
        await until_stored(core, "Porto: 2")
        await trip.says("@jay_test_bot where do we spend the summer?")
        await trip.sees("Porto: 2")


async def test_the_result_of_a_poll_on_discord_is_remembered(tmp_path: Path) -> None:
    async with DiscordServer.open() as server:
        ana = server.person("Ana")
        async with discord_bot.talking(server, tmp_path) as core:
            await server.connected()
            options = [{"answer_id": n, "poll_media": {"text": text}} for n, text in enumerate(["Lisbon", "Porto"], 1)]
            poll = {
                "question": {"text": QUESTION},
                "answers": options,
                "expiry": "2099-01-01T00:00:00+00:00",
                "allow_multiselect": False,
            }
            await ana.sends(poll={**poll, "layout_type": 1})
            fields = {
                "poll_question_text": QUESTION,
                "victor_answer_votes": "3",
                "total_votes": "4",
                "victor_answer_id": "1",
                "victor_answer_text": "Lisbon",
            }
            listed = [{"name": name, "value": value, "inline": False} for name, value in fields.items()]
            await ana.sends(type=46, embeds=[{"type": "poll_result", "fields": listed}])
            await ana.says("where do we spend the summer?")
            await ana.sees("Lisbon: 3")
            assert await stored(core.services.memory, "(poll:") == [
                f"(poll: {QUESTION} Lisbon / Porto)",
                f"(poll: {QUESTION} Closed, votes: 4. Lisbon: 3)",
            ]
