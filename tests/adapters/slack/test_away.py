"""What is said on Slack while the bot is not running."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.bots import running, stored
from tests.adapters.slack_bot import settings_for
from tests.emulators.slack import SlackServer

KEY = "The spare key to the cabin is under the blue flowerpot."
WHERE = "Where is the spare key to the cabin?"


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer.open() as server:
        yield server


async def test_it_is_caught_up_with_in_order_and_answered_once(slack: SlackServer, tmp_path: Path) -> None:
    ana, bruno = slack.person("Ana"), slack.person("Bruno")
    trip = slack.channel("trip", ana, bruno)
    settings = settings_for(slack, tmp_path, people=[ana], channels=[trip])
    here, there = ana.in_channel(trip), bruno.in_channel(trip)
    async with running(settings) as app:
        await ana.says("The ferry leaves at nine.")
        await ana.sees("remember")
        asked = await here.says("@jay When does the train leave?")
        await here.sees("")
        await app.core.idle()
    slack.events.hold()
    for number in range(3):
        await there.says(f"The tent has number {number}.")
    await there.in_thread(asked).says("The train leaves at six.")
    await here.says(KEY)
    question = await here.says(f"@jay {WHERE}")
    await ana.says("When does the ferry leave?")
    slack.events.lose_held()
    for _ in range(2):
        async with running(settings) as app:
            ana.seen = here.seen = ""
            await ana.sees("at nine")
            assert (await here.sees("under the blue flowerpot")).thread_ts == question.ts
            await app.core.idle()
            assert await stored(app.memory, "The tent") == [f"The tent has number {number}." for number in range(3)]
            assert await stored(app.memory, "The train leaves") == ["The train leaves at six."]
    for room, words in ((trip, "flowerpot"), (ana.room, "at nine")):
        answers = [each for each in room.messages.values() if each.user == slack.bot.id and words in each.shown]
        assert len(answers) == 1


async def test_a_workspace_that_shows_no_history_does_not_keep_the_bot_from_starting(
    slack: SlackServer, tmp_path: Path
) -> None:
    ana = slack.person("Ana")
    settings = settings_for(slack, tmp_path, people=[ana])
    async with running(settings):
        await ana.says("The ferry leaves at nine.")
        await ana.sees("remember")
    slack.scopes.discard("channels:history")
    async with running(settings):
        await ana.says("When does the ferry leave?")
        await ana.sees("at nine")
