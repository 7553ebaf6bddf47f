"""Servers that know the least that a chat needs, and tell things that the bot has never heard of."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from adapters.telegram.polling import LEAST_SECONDS
from tests.adapters import discord_bot, slack_bot, telegram_bot
from tests.adapters.bots import running, stored
from tests.emulators.discord import DiscordServer
from tests.emulators.discord_rest import Refusal as DiscordRefusal
from tests.emulators.slack import SlackServer
from tests.emulators.slack_methods import METHODS
from tests.emulators.telegram import TelegramServer

KEY = "The spare key to the cabin is under the blue flowerpot."
WHERE = "Where is the spare key to the cabin?"
FOREVER = 1_000_000
ODD: dict[str, Any] = {"from_the_future": {"kind": "odd", "list": [1, None]}}


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer.open() as server:
        yield server


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer.open() as server:
        yield server


@pytest.mark.parametrize("code", [404, 400])
async def test_telegram_needs_updates_messages_and_edits(telegram: TelegramServer, tmp_path: Path, code: int) -> None:
    for method in ("sendMessageDraft", "setMyCommands", "deleteWebhook", "sendChatAction"):
        telegram.refuse(method, code, "Not Found", times=FOREVER)
    ana = telegram.user("Ana")
    trip = telegram.group("Trip", ana)
    async with running(telegram_bot.settings_for(telegram, tmp_path, people=[ana], groups=[trip])):
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.says(WHERE)
        await ana.sees("under the blue flowerpot")
        await ana.in_group(trip).says("@jay_test_bot /help")
        await ana.in_group(trip).sees("/ask")


@pytest.mark.parametrize("code", [404, 400])
async def test_telegram_without_edits_gets_whole_answers(telegram: TelegramServer, tmp_path: Path, code: int) -> None:
    telegram.refuse("editMessageText", code, "Not Found", times=FOREVER)
    ana = telegram.user("Ana")
    trip = telegram.group("Trip", ana)
    async with running(telegram_bot.settings_for(telegram, tmp_path, groups=[trip])):
        ana = ana.in_group(trip)
        await ana.says(KEY)
        await ana.says(f"@jay_test_bot {WHERE}")
        await ana.sees("[1] Ana")


async def test_a_telegram_that_does_not_wait_for_news_is_not_asked_without_end(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    ana = telegram.user("Ana")
    async with running(telegram_bot.settings_for(telegram, tmp_path, people=[ana], poll_seconds=0)):
        await ana.says(KEY)
        await ana.sees("remember")
        before, begun = telegram.calls["getUpdates"], time.monotonic()
        await asyncio.sleep(0.4)
        # At most one a pause, however long this took: a slow machine can't break that.
        assert telegram.calls["getUpdates"] - before <= (time.monotonic() - begun) / LEAST_SECONDS + 2


async def test_what_telegram_has_never_told_before_is_passed_over(telegram: TelegramServer, tmp_path: Path) -> None:
    ana = telegram.user("Ana")
    async with running(telegram_bot.settings_for(telegram, tmp_path, people=[ana])) as app:
        telegram.tell(
            "message", {"message_id": 1, "date": 1, "chat": ana.room.json(), "from": ana.account.json(), **ODD}
        )
        telegram.tell("an_update_from_the_future", dict(ODD))
        await ana.says(KEY, **ODD)
        await ana.sees("remember")
        assert await stored(app.memory, "spare key") == [KEY]


@pytest.mark.parametrize("answers_404", [True, False])
async def test_slack_needs_messages_and_a_way_in(slack: SlackServer, tmp_path: Path, answers_404: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    slack.lacks = set(METHODS) - {"auth.test", "chat.postMessage", "chat.update"}
    slack.answers_404 = answers_404
    ana = slack.person("Ana")
    trip = slack.channel("trip", ana)
    async with running(slack_bot.settings_for(slack, tmp_path, people=[ana], channels=[trip])):
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.says(WHERE)
        await ana.sees("under the blue flowerpot")
        here = ana.in_channel(trip)
        await here.says(KEY)
        await here.says(f"@jay {WHERE}")
        await here.sees("under the blue flowerpot")


async def test_what_slack_has_never_told_before_is_passed_over(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    async with running(slack_bot.settings_for(slack, tmp_path, people=[ana])) as app:
        slack.tell({"type": "an_event_from_the_future", "channel": ana.room.id, **ODD})
        slack.tell({"type": "message", "subtype": "a_kind_from_the_future", "channel": ana.room.id, "ts": "1.0", **ODD})
        await ana.says(KEY, **ODD)
        await ana.sees("remember")
        assert await stored(app.memory, "spare key") == [KEY]


async def test_discord_needs_the_gateway_and_messages(discord: DiscordServer, tmp_path: Path) -> None:
    for handler in ("typing", "commands", "history"):
        discord.refuse(handler, DiscordRefusal(404, "404: Not Found"), FOREVER)
    ana = discord.person("Ana")
    async with discord_bot.running(discord, discord_bot.settings_for(discord, tmp_path, people=[ana])):
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.says(WHERE)
        await ana.sees("under the blue flowerpot")


async def test_what_discord_has_never_told_before_is_passed_over(discord: DiscordServer, tmp_path: Path) -> None:
    ana = discord.person("Ana")
    unknown: dict[str, Any] = {"type": 199, "content": "from the future"}
    async with discord_bot.running(discord, discord_bot.settings_for(discord, tmp_path, people=[ana])) as app:
        await discord.gateway.dispatch("AN_EVENT_FROM_THE_FUTURE", dict(ODD))
        odd = discord.post(ana.room, ana.account, "from the future")
        await discord.gateway.dispatch("MESSAGE_CREATE", odd.json() | unknown | ODD)
        said = discord.post(ana.room, ana.account, KEY)
        await discord.gateway.dispatch("MESSAGE_CREATE", said.json() | ODD)
        await ana.sees("remember")
        assert await stored(app.memory, "spare key") == [KEY]
        assert await stored(app.memory, "from the future") == []
