"""One update that can't be handled is set aside, on every platform, and what comes after it is answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.telegram.payloads import UpdatesRequest, read_update, unreadable_part
from bot.app import App
from tests.adapters import discord_bot, slack_bot, telegram_bot
from tests.adapters.bots import running, stored
from tests.emulators.discord import DiscordServer
from tests.emulators.patience import PATIENCE
from tests.emulators.ports import choose_port
from tests.emulators.slack import SIGNING_SECRET, SlackServer
from tests.emulators.slack_delivery import signed
from tests.emulators.telegram import TelegramServer
from tests.emulators.telegram_updates import SECRET_HEADER

Json = dict[str, Any]
NESTED = "[" * 100_000 + "]" * 100_000
SURROGATE = "the ferry \ud83d leaves at nine"
REPAIRED = "the ferry \ufffd leaves at nine"
LONG = "the ferry leaves at nine " * 8000
WRONG_TYPES: tuple[object, ...] = (123, ["a"], {"b": {}}, True, 1e300)


async def set_aside(app: App) -> int:
    return len(await app.memory.ledger.unhandled_updates.read_all())


async def until(found: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await found():  # noqa: ASYNC110 (the bot's database tells nobody of its changes)
            await asyncio.sleep(0.02)


async def finds(app: App, text: str) -> bool:
    return bool(await stored(app.memory, text))


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_telegram_goes_on_behind_updates_that_cannot_be_handled(
    telegram: TelegramServer, tmp_path: Path, way: str
) -> None:
    ana = telegram.user("Ana")
    changes: Json = {}
    if way == "webhook":
        port = choose_port()
        changes = {"webhook": {"url": f"http://127.0.0.1:{port}/telegram", "port": port}}
    async with running(telegram_bot.settings_for(telegram, tmp_path, people=[ana], **changes)) as app:
        await ana.says("/help")
        await ana.sees("Ask me")
        for wrong in WRONG_TYPES:
            message = telegram.post(ana.room, ana.account, "I am wrong").json()
            for field in ("text", "chat", "from", "date", "message_id", "entities"):
                telegram.tell("message", {**message, field: wrong})
        await ana.says(SURROGATE)
        await ana.sends_file("ca\udce9.weird", b"x", "application/x-weird")
        await ana.says(LONG)
        await ana.says("/remember the tent is torn")
        await ana.sees("I'll remember")
        await telegram.until(lambda: True if not telegram.updates.pending else None)
        assert await stored(app.memory, "ferry") == [REPAIRED, LONG.strip()]
        assert await finds(app, "ca\ufffd.weird")
        kept = await app.memory.ledger.unhandled_updates.read_all()
    assert len(kept) > len(WRONG_TYPES)
    assert {each.platform for each in kept} == {"telegram"}
    assert all("I am wrong" in each.payload for each in kept if '"text": "I' in each.payload)


def test_an_update_that_is_nested_without_end_spoils_no_other_of_its_answer() -> None:
    good = {"update_id": 7, "message": None}
    text = (
        f'{{"ok": true, "result": [{json.dumps(good)}, {{"update_id": 8, "message": {NESTED}}}, {{"update_id": 9}}]}}'
    )
    answer = UpdatesRequest.parse_json_payload(text.encode())
    assert [each["update_id"] for each in answer["result"]] == [7, 8, 9]
    assert "RecursionError" in answer["result"][1]["scrubjay_problem"]


@pytest.mark.parametrize(
    "text", [NESTED, "[1]", "{", '{"update_id": "x"}', '{"message": {}}', "\ud800", '{"update_id": 5']
)
def test_a_post_that_is_no_update_stands_for_itself(text: str) -> None:
    unreadable = unreadable_part(read_update(text.encode("utf-8", "surrogatepass"), None))
    assert unreadable is not None
    assert unreadable[1]


async def test_a_post_nested_without_end_is_confirmed_and_kept(telegram: TelegramServer, tmp_path: Path) -> None:
    ana = telegram.user("Ana")
    port = choose_port()
    url = f"http://127.0.0.1:{port}/telegram"
    changes: Json = {"webhook": {"url": url, "port": port, "secret": "jay-secret_1"}}
    async with (
        running(telegram_bot.settings_for(telegram, tmp_path, people=[ana], **changes)) as app,
        aiohttp.ClientSession() as session,
    ):
        await ana.says("/help")
        await ana.sees("Ask me")
        headers = {SECRET_HEADER: "jay-secret_1"}
        async with session.post(url, data=NESTED.encode(), headers=headers) as response:
            assert response.status == 200
        (kept,) = await app.memory.ledger.unhandled_updates.read_all()
    assert kept.payload.startswith("[[[")


def slack_settings(slack: SlackServer, *, http: bool) -> Json:
    if not http:
        return {}
    port = choose_port()
    slack.events.http_url = f"http://127.0.0.1:{port}/slack/events"
    return {"app_token": None, "http": {"signing_secret": SIGNING_SECRET, "port": port}}


async def send_raw(slack: SlackServer, text: str) -> None:
    """Send a text that is no JSON which the emulator could write."""
    if not slack.events.http_url:
        await slack.events.sockets[-1].send_str(text)
        return
    headers = {"Content-Type": "application/json", **signed(SIGNING_SECRET, text)}
    async with (
        aiohttp.ClientSession() as session,
        session.post(slack.events.http_url, data=text.encode(), headers=headers) as response,
    ):
        assert response.status == 200


@pytest.mark.parametrize("way", ["socket", "http"])
async def test_slack_goes_on_behind_events_that_cannot_be_handled(tmp_path: Path, way: str) -> None:
    async with SlackServer.open() as slack:
        ana = slack.person("Ana")
        changes = slack_settings(slack, http=way == "http")
        async with running(slack_bot.settings_for(slack, tmp_path, people=[ana], **changes)) as app:
            await ana.says("/remember the tent is new")
            await ana.sees("I'll remember")
            message = {**slack.post(ana.room, ana.account.id, "I am wrong").json(), "channel": ana.room.id}
            message.pop("reactions")
            for wrong in WRONG_TYPES:
                for field in ("text", "channel", "user", "ts", "type", "files", "item", "blocks"):
                    slack.tell({**message, "channel_type": "im", field: wrong})
            for field in ("event", "authorizations", "team_id", "type"):
                parcel = slack.tell({**message, "channel_type": "im"})
                parcel.payload[field] = 7
            await send_raw(slack, f'{{"envelope_id": "e0", "type": "events_api", "payload": {NESTED}}}')
            await slack.events.settled()
            await ana.says(SURROGATE)
            await ana.says(LONG)
            await ana.says("/remember the tent is torn")
            await ana.sees("I'll remember")
            await slack.events.settled()
            assert [parcel.payload for parcel in slack.events.lost] == []
            assert await stored(app.memory, "ferry") == [REPAIRED, LONG.strip()]
            assert await set_aside(app) > len(WRONG_TYPES)
            kept = await app.memory.ledger.unhandled_updates.read_all()
    assert any("nested too deeply" in each.problem for each in kept)


async def test_discord_goes_on_behind_events_that_cannot_be_handled(tmp_path: Path) -> None:
    async with DiscordServer.open() as discord:
        ana = discord.person("Ana")
        async with discord_bot.running(discord, discord_bot.settings_for(discord, tmp_path, people=[ana])) as app:
            await ana.says("/remember the tent is new")
            await ana.sees("I'll remember")
            message = discord.post(ana.room, ana.account, "I am wrong").json()
            for wrong in WRONG_TYPES:
                for field in ("content", "author", "channel_id", "id", "mentions", "timestamp", "attachments"):
                    await discord.gateway.dispatch("MESSAGE_CREATE", {**message, field: wrong})
            await ana.says(SURROGATE)
            await ana.says(LONG)
            await ana.says("/remember the tent is torn")
            await until(lambda: finds(app, "the tent is torn"))
            await until(lambda: finds(app, REPAIRED))
            assert await finds(app, LONG.strip())
            await until(lambda: has_set_aside(app))
        assert discord.gateway.seen["identify"] == 1


async def has_set_aside(app: App) -> bool:
    return await set_aside(app) > len(WRONG_TYPES)
