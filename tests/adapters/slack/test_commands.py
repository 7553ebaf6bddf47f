"""Slash commands on Slack: acknowledged in time, answered to the asker or to the channel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.slack.settings import SlackSettings
from adapters.slack.slash import type_out
from bot import Context, Plugin, Reply, command
from bot.adapter import Delivery
from bot.events import Event, Message
from bot.pipeline.core import CoreOptions
from bot.testing import ScriptedModel
from tests.adapters.bots import receiving, running, stored
from tests.adapters.slack_bot import adapter_for, settings_for, talking
from tests.emulators.slack import SlackServer

KEY = "The spare key to the cabin is under the blue flowerpot."


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer.open() as server:
        yield server


async def test_commands_in_a_channel_are_answered_to_their_asker_alone(slack: SlackServer, tmp_path: Path) -> None:
    ana, bruno = slack.person("Ana"), slack.person("Bruno")
    trip = slack.channel("trip", ana, bruno)
    async with running(settings_for(slack, tmp_path, channels=[trip])):
        ana, bruno = ana.in_channel(trip), bruno.in_channel(trip)
        await ana.uses("/remember", "the alarm code is 4711")
        shown = await ana.sees("I'll remember that")
        assert shown.seen_by == ana.account.id
        await bruno.uses("/ask", "what is the alarm code?")
        assert (await bruno.sees("4711")).seen_by == bruno.account.id
        await ana.uses("/memories")
        await ana.sees("4711")
        await ana.uses("/why")
        await ana.sees("alarm code")
        await ana.uses("/remember", "the alarm code of the boat is 1234")
        await ana.sees("I'll remember that")
        await ana.uses("/forget", "the alarm code")
        await ana.sees("Shall I forget")
        await ana.says("yes")
        await ana.sees("Forgotten:")
        await bruno.uses("/memories")
        await bruno.sees("I remember nothing yet.")
    assert not slack.events.lost


async def test_commands_are_answered_to_the_channel_where_the_settings_say_so(
    slack: SlackServer, tmp_path: Path
) -> None:
    ana, bruno = slack.person("Ana"), slack.person("Bruno")
    trip = slack.channel("trip", ana, bruno)
    async with running(settings_for(slack, tmp_path, channels=[trip], commands_answer="channel")):
        await ana.in_channel(trip).uses("/remember", "the alarm code is 4711")
        await bruno.in_channel(trip).sees("I'll remember that")


async def test_a_command_in_the_direct_chat_with_the_bot_stays_there_as_a_message(
    slack: SlackServer, tmp_path: Path
) -> None:
    ana = slack.person("Ana")
    async with talking(slack, tmp_path, model=ScriptedModel("It is 4711 [1].")):
        await ana.uses("/remember", "the alarm code is 4711")
        assert (await ana.sees("I'll remember that")).seen_by is None
        await ana.uses("/ask", "what is the alarm code?")
        assert "[1] Ana" in (await ana.sees("It is 4711\nAna: ")).notes


async def test_what_a_command_says_in_a_chat_of_two_people_is_seen_by_its_asker_alone(
    slack: SlackServer, tmp_path: Path
) -> None:
    ana, bruno = slack.person("Ana"), slack.person("Bruno")
    async with talking(slack, tmp_path):
        await ana.says("/remember my locker code is 9981")
        await ana.sees("I'll remember that")
        theirs = slack.private_chat(ana, bruno)
        await theirs.uses("/ask", "what is my locker code?")
        assert (await theirs.sees("9981")).seen_by == ana.account.id


async def test_the_bots_own_name_is_a_command_that_takes_all_others(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    async with talking(slack, tmp_path, command_prefix="jay-"):
        await ana.uses("/scrubjay", "remember the alarm code is 4711")
        await ana.sees("I'll remember that")
        await ana.uses("/jay-memories")
        await ana.sees("4711")
        await ana.uses("/scrubjay", "what is the alarm code?")
        await ana.sees("4711")
        await ana.uses("/scrubjay")
        await ana.sees("Ask me anything")


@pytest.mark.parametrize(
    ("used", "text", "expected"),
    [
        ("/ask", " why? ", "/ask why?"),
        ("/jay-ask", "why?", "/ask why?"),
        ("/Help", "", "/help"),
        ("/scrubjay", "/help ask", "/help ask"),
        ("/scrubjay", "askew pictures?", "/ask askew pictures?"),
        ("/scrubjay", "", "/help"),
    ],
)
def test_a_slash_command_is_read_as_the_core_knows_it(used: str, text: str, expected: str) -> None:
    assert type_out(used, text, {"ask", "help"}, "jay-") == expected


async def test_a_stranger_is_told_so_and_nothing_of_theirs_is_stored(slack: SlackServer, tmp_path: Path) -> None:
    ana, eve = slack.person("Ana"), slack.person("Eve")
    async with running(settings_for(slack, tmp_path, people=[ana])) as app:
        await eve.uses("/remember", "eve was here")
        await eve.sees("I only talk with people my owner lets in")
        await slack.events.settled()
        await eve.sees_nothing()
        assert await stored(app.memory, "eve was here") == []


class Talkative(Plugin):
    """Says more than an address takes."""

    name = "talkative"

    @command("count", "count to seven")
    async def count(self, context: Context) -> None:
        for number in range(1, 8):
            await context.reply(Reply(f"number {number}"))


async def test_more_answers_than_an_address_takes_still_reach_the_asker_alone(
    slack: SlackServer, tmp_path: Path
) -> None:
    ana, bruno = slack.person("Ana"), slack.person("Bruno")
    trip = slack.channel("trip", ana)
    elsewhere = slack.channel("elsewhere", ana, has_bot=False)
    theirs = slack.private_chat(ana, bruno)
    async with talking(slack, tmp_path, plugins=[Talkative()]):
        await ana.in_channel(trip).uses("/count")
        for number in range(1, 8):
            assert (await ana.in_channel(trip).sees(f"number {number}")).seen_by == ana.account.id
        await ana.in_channel(elsewhere).uses("/count")
        await ana.sees("number 7")
        assert [each.shown for each in ana.messages] == ["number 6", "number 7"]
        await theirs.uses("/count")
        await ana.sees("number 7")


async def test_an_answer_after_a_restart_still_reaches_the_asker_alone(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    trip = slack.channel("trip", ana)
    async with talking(slack, tmp_path, options=CoreOptions(resend_seconds=60)):
        ana = ana.in_channel(trip)
        slack.commands.clear()
        slack.refuse("chat.postEphemeral", "fatal_error", times=5)
        await ana.uses("/remember", "the alarm code is 4711")
        slack.commands.clear()
        await slack.until(lambda: True if slack.calls["chat.postEphemeral"] else None)
    slack.faults.clear()
    async with talking(slack, tmp_path):
        assert (await ana.sees("I'll remember that")).seen_by == ana.account.id


async def test_a_command_that_is_not_stored_in_time_is_answered_honestly(
    slack: SlackServer, caplog: pytest.LogCaptureFixture
) -> None:
    ana = slack.person("Ana")
    stored_at_last = asyncio.Event()

    async def deliver(event: Event) -> Delivery:
        assert isinstance(event, Message)
        if "fail" in event.text:
            raise OSError("the disk is full")
        await stored_at_last.wait()
        return Delivery.ACCEPTED

    async with receiving(adapter_for(slack), deliver):
        await ana.uses("/remember", "fail")
        await ana.sees("I could not take that")
        await ana.uses("/remember", "slowly")
        await ana.sees("If no answer comes, please try again")
        assert not stored_at_last.is_set()
        stored_at_last.set()
    assert "A slash command could not be taken" in caplog.text
    assert not slack.events.lost


def test_settings_that_cannot_work_are_refused_with_what_to_do() -> None:
    for table, advice in (
        ({"bot_token": "xoxb-1"}, "app_token for Socket Mode"),
        ({"bot_token": "xapp-1", "app_token": "xapp-1"}, "Bot User OAuth Token"),
        ({"bot_token": "xoxb-1", "app_token": "xoxb-1"}, "connections:write"),
        ({"bot_token": "xoxb-1", "http": {"signing_secret": " "}}, "Signing Secret"),
        ({"bot_token": "xoxb-1", "app_token": "xapp-1", "base_url": "slack"}, "web address"),
    ):
        with pytest.raises(ValueError, match=advice) as refused:
            SlackSettings.model_validate(table)
        assert "xoxb-1" not in str(refused.value)
