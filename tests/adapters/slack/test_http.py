"""What Slack posts to a bot by HTTP: only what it has signed, and again until it is stored."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.slack.layout import parts_of
from bot.adapter import Delivery
from bot.choices import choices_of
from bot.errors import AdapterError
from bot.events import Choice, Event, Reply
from tests.adapters.bots import receiving, running
from tests.adapters.slack_bot import adapter_for, settings_for
from tests.emulators.ports import choose_port
from tests.emulators.slack import SIGNING_SECRET, SlackServer
from tests.emulators.slack_delivery import signed

KEY = "The spare key to the cabin is under the blue flowerpot."


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer.open() as server:
        yield server


def _http(slack: SlackServer) -> dict[str, Any]:
    port = choose_port()
    slack.events.http_url = f"http://127.0.0.1:{port}/slack/events"
    return {"app_token": None, "http": {"signing_secret": SIGNING_SECRET, "port": port}}


@asynccontextmanager
async def listening(slack: SlackServer, seen: list[Event]) -> AsyncIterator[str]:
    async def deliver(event: Event) -> Delivery:
        seen.append(event)
        return Delivery.ACCEPTED

    async with receiving(adapter_for(slack, **_http(slack)), deliver), aiohttp.ClientSession() as session:
        url = slack.events.http_url
        while True:
            try:
                async with session.get(url):
                    break
            except aiohttp.ClientConnectorError:
                continue
        yield url


async def test_a_press_of_a_button_comes_by_http_too(slack: SlackServer) -> None:
    ana = slack.person("Ana")
    seen: list[Event] = []
    async with listening(slack, seen):
        reply = Reply("Which?", choices=choices_of(["Tea", "Coffee"]))
        assert reply.choices is not None
        (part,) = parts_of(reply, {})
        posted = slack.post(ana.room, slack.bot.id, part.text, blocks=list(part.blocks))
        assert await ana.presses(posted, "Coffee") == ""
    (choice,) = seen
    assert isinstance(choice, Choice)
    assert (choice.question, choice.number, choice.sender.id) == (reply.choices.id, 1, ana.account.id)
    assert posted.shown == "Which?\n\n✓ Coffee"


async def test_a_conversation_by_http_with_a_slash_command(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    trip = slack.channel("trip", ana)
    async with running(settings_for(slack, tmp_path, people=[ana], channels=[trip], **_http(slack))):
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.in_channel(trip).uses("/remember", "the alarm code is 4711 & more")
        await ana.in_channel(trip).sees("I'll remember that")
        await ana.in_channel(trip).uses("/memories")
        await ana.in_channel(trip).sees("4711 &amp; more")
    assert slack.events.connections == 0


@pytest.mark.parametrize("flaw", ["none", "another secret", "too old", "too new", "no time", "no signature", "odd"])
async def test_only_what_slack_has_signed_lately_is_taken(slack: SlackServer, flaw: str) -> None:
    ana = slack.person("Ana")
    event = {"type": "message", "channel": ana.room.id, "user": ana.account.id, "text": "hi", "ts": slack.next_ts()}
    body = json.dumps({"type": "event_callback", "team_id": slack.team, "event": event})
    secret = "another" if flaw == "another secret" else SIGNING_SECRET
    age = {"too old": -301, "too new": 600}.get(flaw, 0)  # (a busy machine takes a while to look)
    headers = signed(secret, body, int(time.time()) + age)
    if flaw == "no time":
        headers["X-Slack-Request-Timestamp"] = "soon"
    if flaw == "no signature":
        del headers["X-Slack-Signature"]
    if flaw == "odd":
        headers["X-Slack-Signature"] = "v0=\u00fc"
    seen: list[Event] = []
    async with (
        listening(slack, seen) as url,
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers={**headers, "Content-Type": "application/json"}) as response,
    ):
        assert response.status == (200 if flaw == "none" else 401)
    assert len(seen) == (1 if flaw == "none" else 0)


async def test_slacks_question_whether_the_address_is_the_bots_is_answered(slack: SlackServer) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a", "token": "unused"})
    headers = {**signed(SIGNING_SECRET, body), "Content-Type": "application/json"}
    async with (
        listening(slack, []) as url,
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers=headers) as response,
    ):
        assert await response.json() == {"challenge": "3eZbrw1a"}


async def test_what_is_not_stored_is_posted_again(slack: SlackServer, caplog: pytest.LogCaptureFixture) -> None:
    ana = slack.person("Ana")
    seen: list[Event] = []

    async def deliver(event: Event) -> Delivery:
        seen.append(event)
        if len(seen) < 3:
            raise OSError("the disk is full")
        return Delivery.ACCEPTED

    async with receiving(adapter_for(slack, **_http(slack)), deliver):
        slack.events.retry_seconds = 0.2
        await ana.says(KEY)
        await slack.events.settled()
    assert len(seen) == 3
    assert not slack.events.lost
    assert "the disk is full" in caplog.text


async def test_a_port_that_is_taken_is_named(slack: SlackServer) -> None:
    async def deliver(_: Event) -> Delivery:
        return Delivery.ACCEPTED

    settings = _http(slack)
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(slack.events.http_url.split(":")[2].split("/")[0])))
        other.listen()
        async with receiving(adapter_for(slack, **settings), deliver) as run:
            with pytest.raises(AdapterError, match=r"see adapters\.slack\.http"):
                await run
