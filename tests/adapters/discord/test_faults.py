"""What goes wrong on the way to Discord, what the doctor says of it, and where it is said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.discord import DiscordAdapter
from adapters.discord.settings import DiscordSettings
from bot.adapter import Delivery
from bot.app import open_app
from bot.configuration.adapters_setup import make_adapters
from bot.configuration.settings import AccessSettings
from bot.errors import AdapterError
from bot.events import Event
from bot.testing import ScriptedModel
from tests.adapters.bots import serving, stored
from tests.adapters.discord_bot import adapter_for, running, settings_for, talking
from tests.emulators.discord import DiscordServer
from tests.emulators.discord_places import VIEW
from tests.emulators.discord_rates import Rates
from tests.emulators.discord_rest import Refusal
from tests.emulators.patience import PATIENCE
from tests.emulators.ports import choose_port

KEY = "The spare key to the cabin is under the blue flowerpot."
WHERE = "Where is the spare key to the cabin?"


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer.open() as server:
        yield server


async def test_a_token_that_is_reset_while_the_bot_runs_ends_it_with_what_to_do(discord: DiscordServer) -> None:
    async def deliver(event: Event) -> Delivery:
        raise AssertionError(event)

    async with adapter_for(discord) as adapter:
        task = asyncio.create_task(adapter.run(deliver))
        await discord.connected()
        discord.token = "reset.TEST.token"  # noqa: S105 (opens nothing)
        await discord.gateway.drop()
        with pytest.raises(AdapterError, match="refuses the token"):
            await asyncio.wait_for(task, PATIENCE)


async def test_a_reply_that_discord_does_not_take_is_sent_later(discord: DiscordServer, tmp_path: Path) -> None:
    ana = discord.person("Ana")
    async with talking(discord, tmp_path, model=ScriptedModel("Under the flowerpot [1].")):
        discord.refuse("create", Refusal(403, "Not now", 40333))
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.sees_nothing(more_than=1)


async def test_a_message_whose_receipt_got_lost_is_not_shown_twice(discord: DiscordServer, tmp_path: Path) -> None:
    ana = discord.person("Ana")
    async with talking(discord, tmp_path):
        discord.swallow("create")
        await ana.says("/remember the tent is torn")
        await ana.sees("I'll remember that")
        await discord.until(lambda: True if discord.calls["create"] == 2 else None)
        await ana.sees_nothing(more_than=1)


async def test_an_answer_that_mentions_everybody_notifies_nobody(discord: DiscordServer, tmp_path: Path) -> None:
    trip = discord.channel(discord.guild("Friends"), "trip")
    ana = discord.person("Ana").in_channel(trip)
    async with talking(
        discord, tmp_path, model=ScriptedModel(f"@everyone <@{ana.account.id}> {' '.join(map(str, range(200)))} {KEY}")
    ):
        await ana.says(KEY)
        await ana.says(f"@Jay {WHERE}")
        answer = await ana.sees("@everyone")
        await ana.sees("[1] Ana")
    assert not answer.pings


async def test_a_channel_without_the_permission_to_write_is_named_in_the_log(
    discord: DiscordServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    friends = discord.guild("Friends")
    friends.permissions = str(VIEW)
    ana = discord.person("Ana")
    muted = ana.in_channel(discord.channel(friends, "trip"))
    async with talking(discord, tmp_path) as core:
        await muted.says("@Jay hello?")
        await ana.says(KEY)
        await ana.sees("remember")
        await discord.until(lambda: True if "create" in discord.calls else None)
        await core.idle()
        await muted.sees_nothing()
        tried = discord.calls["create"]
    assert caplog.text.count("the bot lacks a permission in that channel") <= 2  # the growing and the whole answer
    assert discord.calls["create"] == tried


async def test_many_replies_keep_within_the_rates(discord: DiscordServer, tmp_path: Path) -> None:
    discord.rates = Rates(calls=3, seconds=0.3)
    ana = discord.person("Ana")
    async with talking(discord, tmp_path):
        for number in range(7):
            await ana.says(f"/remember the number of the tent is {number}")
        await discord.until(lambda: True if len(ana.room.by_bot()) == 7 else None)
    assert discord.rates.refused == 0


async def test_an_answer_that_somebody_deletes_while_it_grows_is_shown_whole(
    discord: DiscordServer, tmp_path: Path
) -> None:
    ana = discord.person("Ana")
    model = ScriptedModel("Under the **blue** flowerpot [1].")
    model.hold = asyncio.Event()
    async with talking(discord, tmp_path, model=model):
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.says(WHERE)
        growing = await ana.sees("Under the **blue**")
        await ana.deletes(growing)
        model.hold.set()
        whole = await ana.sees("[1] Ana")
    assert whole is not growing


@pytest.mark.parametrize("private", [False, True])
async def test_what_is_said_in_a_thread_is_known_in_its_channel_unless_it_is_a_private_one(
    discord: DiscordServer,
    tmp_path: Path,
    private: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    trip = discord.channel(discord.guild("Friends"), "trip")
    ana = discord.person("Ana")
    async with running(discord, settings_for(discord, tmp_path, channels=[trip])) as app:
        cabin = ana.in_channel(await discord.thread(trip, "cabin", private=private))
        await cabin.says(KEY)
        await cabin.says(f"@Jay {WHERE}")
        await cabin.sees("under the blue flowerpot")
        await ana.in_channel(trip).says(f"@Jay {WHERE}")
        await discord.until(lambda: trip.by_bot() or None)
        await app.core.idle()
        assert await stored(app.memory, "flowerpot") != []
    shown = any("flowerpot" in text for posted in trip.by_bot() for text in posted.versions)
    assert shown is not private


async def test_a_slash_command_in_a_channel_is_answered_there(discord: DiscordServer, tmp_path: Path) -> None:
    friends = discord.guild("Friends")
    trip = discord.channel(friends, "trip")
    ana = discord.person("Ana").in_channel(trip)
    async with running(discord, settings_for(discord, tmp_path, guilds=[friends])):
        await ana.says(KEY)
        used = await ana.uses("ask", question=WHERE)
        answer = await ana.sees("under the blue flowerpot")
    assert used.answer is answer
    assert trip.by_bot() == [answer]


async def test_the_doctor_finds_a_good_bot_good(discord: DiscordServer) -> None:
    discord.guild("Friends")
    findings = await adapter_for(discord).check()
    assert {finding.state for finding in findings} == {"ok"}
    assert "Friends" in str(findings)


async def test_the_doctor_names_what_is_missing_and_how_to_mend_it(discord: DiscordServer) -> None:
    discord.gateway.may_read = False
    discord.guild("Friends").permissions = str(1 << 10)
    told = str(await adapter_for(discord).check())
    assert "switch on “Message Content Intent”" in told
    assert "Friends: the bot lacks add reactions, send messages" in told
    assert f"client_id={discord.bot.id}" in told


async def test_the_doctor_says_that_a_token_is_refused_without_showing_it(discord: DiscordServer) -> None:
    findings = await adapter_for(discord, token="wrong.TOKEN.here").check()  # noqa: S106 (opens nothing)
    assert [finding.state for finding in findings] == ["broken"]
    assert "wrong.TOKEN" not in str(findings)


async def test_where_discord_is_out_of_reach_the_doctor_says_so() -> None:
    settings = DiscordSettings.model_validate({"token": "a.b.c", "base_url": "http://127.0.0.1:9"})
    told = str(await DiscordAdapter(settings).check())
    assert "out of reach" in told


async def test_a_bot_that_starts_while_discord_is_down_serves_when_it_is_back(tmp_path: Path) -> None:
    port = choose_port()
    async with DiscordServer.open(port) as gone:
        settings = settings_for(gone, tmp_path)
        ana = gone.person("Ana")
    settings = settings.model_copy(update={"access": AccessSettings(people=(f"discord:{ana.account.id}",))})
    async with open_app(settings) as app, serving(app.core, make_adapters(settings.adapters)):
        await asyncio.sleep(0.3)
        async with DiscordServer.open(port) as back:
            back.rooms[ana.room.id] = ana.room
            await back.connected()
            again = replace(ana, server=back)
            await again.says(KEY)
            await again.sees("remember")


async def test_two_hundred_messages_at_once_are_stored_once_each_and_in_order(
    discord: DiscordServer, tmp_path: Path
) -> None:
    trip = discord.channel(discord.guild("Friends"), "trip")
    ana = discord.person("Ana").in_channel(trip)
    wanted = [f"note number {number}" for number in range(200)]
    async with running(discord, settings_for(discord, tmp_path, channels=[trip])) as app:
        for text in wanted:
            await ana.says(text)
        await ana.says("@Jay hello")
        await discord.until(lambda: trip.by_bot() or None)
        found = await stored(app.memory, "note number")  # perhaps the answer as well, which quotes some
        assert [text for text in found if text.startswith("note number")] == wanted


async def test_a_stopped_answer_says_so(discord: DiscordServer, tmp_path: Path) -> None:
    ana = discord.person("Ana")
    model = ScriptedModel("Under the blue flowerpot [1].")
    model.hold = asyncio.Event()
    async with talking(discord, tmp_path, model=model):
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.says(WHERE)
        growing = await ana.sees("Under the blue")
        await ana.uses("stop")
        await discord.until(lambda: True if "Stopped." in growing.text else None)


@pytest.mark.parametrize("command", ["ask", "memories", "facts", "history"])
async def test_no_command_shows_what_was_said_elsewhere(discord: DiscordServer, tmp_path: Path, command: str) -> None:
    friends = discord.guild("Friends")
    trip, work = discord.channel(friends, "trip"), discord.channel(friends, "work")
    ana, bruno = discord.person("Ana"), discord.person("Bruno")
    async with running(discord, settings_for(discord, tmp_path, people=[ana, bruno], channels=[trip, work])):
        await ana.says(KEY)
        await ana.says("/remember the flowerpot is blue")
        await ana.sees("I'll remember that")
        await ana.in_channel(trip).says("our flowerpot is under the stairs")
        for place in (ana.in_channel(work), bruno, bruno.in_channel(work)):
            seen = len(place.room.by_bot())
            await place.says(f"@Jay /{command} flowerpot")
            await place.sees_more_than(seen)
        await asyncio.sleep(0.2)
    shown = [text for room in (work, bruno.room) for posted in room.by_bot() for text in posted.versions]
    assert shown
    assert not any("blue" in text or "stairs" in text for text in shown)
