"""The connection to Discord's gateway: what breaks it, what it says that makes no sense, and what comes through."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from adapters.discord.inbox import ChannelQueues
from bot.adapter import Delivery
from bot.errors import AdapterError
from bot.events import Event, Message
from tests.adapters.bots import stored
from tests.adapters.discord_bot import adapter_for, running, settings_for
from tests.emulators.discord import DiscordServer
from tests.emulators.discord_places import Json
from tests.emulators.patience import PATIENCE

KEY = "The spare key to the cabin is under the blue flowerpot."
FERRY = "The ferry leaves at nine."


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer.open() as server:
        yield server


async def test_a_session_goes_on_where_discord_asks_for_another_connection(
    discord: DiscordServer, tmp_path: Path
) -> None:
    ana = discord.person("Ana")
    async with running(discord, settings_for(discord, tmp_path, people=[ana])):
        await discord.gateway.reconnect()
        await discord.until(lambda: discord.gateway.seen["resume"] or None)
        await ana.says(KEY)
        await ana.sees("remember")
    assert discord.gateway.seen["identify"] == 1


async def test_what_was_said_while_discord_was_down_is_told_when_it_is_back(
    discord: DiscordServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ana = discord.person("Ana")
    async with running(discord, settings_for(discord, tmp_path, people=[ana])) as app:
        await ana.says(FERRY)
        await ana.sees("remember")
        discord.is_down = True
        await discord.gateway.drop()
        await ana.says(KEY)
        await asyncio.sleep(0.3)
        assert await stored(app.memory, "flowerpot") == []
        discord.is_down = False
        await discord.until(lambda: True if len(ana.room.by_bot()) == 2 else None)
    warnings = [record.getMessage() for record in caplog.records if record.name == "adapters.backoff"]
    assert len([text for text in warnings if "The next try" in text]) == 1
    assert any("works again" in text for text in warnings)


async def test_an_event_that_cannot_be_read_is_passed_over(
    discord: DiscordServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ana = discord.person("Ana")
    async with running(discord, settings_for(discord, tmp_path, people=[ana])):
        await discord.gateway.dispatch("MESSAGE_CREATE", {"content": "no message of mine"})
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.sees_nothing(more_than=1)
    assert "can't be handled and is set aside" in caplog.text


async def test_events_out_of_order_are_each_taken_once(discord: DiscordServer, tmp_path: Path) -> None:
    def mixed(told: list[Json]) -> list[Json]:
        return told[::-1]

    ana = discord.person("Ana")
    async with running(discord, settings_for(discord, tmp_path, people=[ana])) as app:
        await discord.gateway.hold()
        said = await ana.says(KEY)
        await ana.says(FERRY)
        await ana.deletes(said)
        await discord.gateway.release(mixed)
        await discord.until(lambda: True if len(ana.room.by_bot()) == 2 else None)
        assert await stored(app.memory, "ferry") == [FERRY]


async def test_intents_that_discord_refuses_end_the_bot_with_the_switch_to_use(discord: DiscordServer) -> None:
    async def deliver(event: Event) -> Delivery:
        raise AssertionError(event)

    async with adapter_for(discord) as adapter:
        discord.gateway.may_read = False
        with pytest.raises(AdapterError, match="switch on “Message Content Intent”"):
            await asyncio.wait_for(adapter.run(deliver), PATIENCE)


async def test_an_event_that_cannot_be_stored_is_delivered_again_before_the_next(discord: DiscordServer) -> None:
    delivered: list[str] = []
    failures = iter([OSError("disk full"), OSError("disk full")])

    async def deliver(event: Event) -> Delivery:
        for failure in failures:
            raise failure
        assert isinstance(event, Message)
        delivered.append(event.text)
        return Delivery.ACCEPTED

    ana = discord.person("Ana")
    async with adapter_for(discord) as adapter:
        task = asyncio.create_task(adapter.run(deliver))
        await discord.connected()
        await ana.says(KEY)
        await ana.says(FERRY)
        async with asyncio.timeout(PATIENCE):
            while len(delivered) < 2:  # noqa: ASYNC110 (the adapter moves on)
                await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait([task])
    assert delivered == [KEY, FERRY]


async def test_channels_go_on_beside_each_other_and_all_wait_when_too_much_is_open() -> None:
    done: list[str] = []
    gates = {"slow": asyncio.Event(), "beside": asyncio.Event()}

    async def work(name: str, gate: str) -> None:
        await gates[gate].wait()
        done.append(name)

    async with ChannelQueues(capacity=3) as inbox:
        inbox.put(1, partial(work, "slow", "slow"))
        inbox.put(1, partial(work, "behind", "beside"))
        inbox.put(2, partial(work, "beside", "beside"))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(inbox.room(), 0.02)
        gates["beside"].set()
        await asyncio.wait_for(inbox.room(), PATIENCE)
        assert done == ["beside"]
        gates["slow"].set()
        async with asyncio.timeout(PATIENCE):
            while len(done) < 3:  # noqa: ASYNC110 (the inbox moves on)
                await asyncio.sleep(0.01)
    assert done == ["beside", "slow", "behind"]


async def test_the_log_never_shows_the_token(
    discord: DiscordServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ana = discord.person("Ana")
    with caplog.at_level(logging.DEBUG):
        async with running(discord, settings_for(discord, tmp_path, people=[ana])):
            await ana.says(KEY)
            await ana.sees("remember")
            await discord.gateway.drop()
            await ana.says(FERRY)
            await discord.until(lambda: discord.gateway.seen["resume"] or None)
    assert "discord.gateway" in {record.name for record in caplog.records}
    assert discord.token not in caplog.text
