"""Direct chats and channels on Discord, from the settings to what a person sees."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import Context, Plugin, command, ingests
from bot.errors import AdapterError
from bot.events import Attachment
from bot.testing import ScriptedModel
from memory import Scope
from tests.adapters.bots import stored
from tests.adapters.discord_bot import adapter_for, running, settings_for, talking
from tests.emulators.discord import DiscordServer
from tests.emulators.patience import PATIENCE

KEY = "The spare key to the cabin is under the blue flowerpot."
WHERE = "Where is the spare key to the cabin?"


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer.open() as server:
        yield server


async def test_a_person_tells_something_and_asks_for_it_later(discord: DiscordServer, tmp_path: Path) -> None:
    ana = discord.person("Ana")
    async with running(discord, settings_for(discord, tmp_path, people=[ana])):
        said = await ana.says(KEY)
        await ana.sees("remember that")
        await ana.says(WHERE)
        answer = await ana.sees("under the blue flowerpot")
    assert "-# [1] Ana, <t:" in answer.text
    assert f"(<https://discord.com/channels/@me/{ana.room.id}/{said.id}>)" in answer.text
    assert ana.room.typings > 0


async def test_a_stranger_is_not_answered_from_memory_and_not_remembered(
    discord: DiscordServer, tmp_path: Path
) -> None:
    ana, eve = discord.person("Ana"), discord.person("Eve")
    async with running(discord, settings_for(discord, tmp_path, people=[ana])) as app:
        await eve.says("hello there, it is Eve")
        await eve.sees("my owner")
        assert await stored(app.memory, "Eve") == []


async def test_in_a_channel_only_a_mention_is_answered_and_the_rest_is_remembered(
    discord: DiscordServer, tmp_path: Path
) -> None:
    trip = discord.channel(discord.guild("Friends"), "trip")
    ana = discord.person("Ana").in_channel(trip)
    bruno = discord.person("Bruno").in_channel(trip)
    async with running(discord, settings_for(discord, tmp_path, channels=[trip])) as app:
        await ana.says(KEY)
        await bruno.sees_nothing()
        asked = await bruno.says(f"@Jay {WHERE}")
        answer = await bruno.sees("under the blue flowerpot")
        assert await stored(app.memory, "flowerpot") != []
    assert answer.reply_to is asked
    assert "Friends" in answer.text
    assert len(trip.by_bot()) == 1


async def test_a_server_that_is_let_in_as_a_workspace_is_let_in_with_all_its_channels(
    discord: DiscordServer, tmp_path: Path
) -> None:
    friends, strangers = discord.guild("Friends"), discord.guild("Strangers")
    ana = discord.person("Ana").in_channel(discord.channel(friends, "trip"))
    eve = discord.person("Eve").in_channel(discord.channel(strangers, "lobby"))
    async with running(discord, settings_for(discord, tmp_path, guilds=[friends])) as app:
        await eve.says("the moon is made of cheese")
        await ana.says(KEY)
        await ana.says(f"@Jay {WHERE}")
        await ana.sees("under the blue flowerpot")
        assert await stored(app.memory, "cheese") == []


async def test_what_is_said_in_a_direct_chat_cannot_be_had_in_a_channel(discord: DiscordServer, tmp_path: Path) -> None:
    trip = discord.channel(discord.guild("Friends"), "trip")
    ana = discord.person("Ana")
    async with running(discord, settings_for(discord, tmp_path, people=[ana], channels=[trip])):
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.in_channel(trip).says("the ferry leaves at nine")
        await ana.in_channel(trip).says(f"@Jay {WHERE}")
        await discord.until(lambda: trip.by_bot() or None)
        await asyncio.sleep(0.3)
    assert not any("flowerpot" in text for posted in trip.by_bot() for text in posted.versions)


async def test_a_slash_command_is_deferred_and_answered(discord: DiscordServer, tmp_path: Path) -> None:
    ana = discord.person("Ana")
    async with running(discord, settings_for(discord, tmp_path, people=[ana])) as app:
        used = await ana.uses("remember", text="the alarm code is 4711")
        answer = await ana.sees("I'll remember that")
        assert await stored(app.memory, "4711") != []
    assert used.answer is answer
    assert discord.calls["callback"] == 1
    assert answer.versions[0] == ""


async def test_a_stranger_who_uses_a_command_is_told_so_alone(discord: DiscordServer, tmp_path: Path) -> None:
    ana = discord.person("Ana")
    trip = discord.channel(discord.guild("Friends"), "trip")
    eve = discord.person("Eve").in_channel(trip)
    async with running(discord, settings_for(discord, tmp_path, people=[ana])) as app:
        await eve.uses("remember", text="eve was here")
        told = await eve.sees("My owner can let you in")
        assert await stored(app.memory, "eve") == []
    assert told.is_ephemeral


async def test_an_edit_changes_the_memory(discord: DiscordServer, tmp_path: Path) -> None:
    ana = discord.person("Ana")
    async with running(discord, settings_for(discord, tmp_path, people=[ana])):
        said = await ana.says(KEY)
        await ana.sees("remember")
        await ana.edits(said, "The spare key to the cabin is in the shed now.")
        await ana.says(WHERE)
        answer = await ana.sees("in the shed")
    assert "flowerpot" not in answer.text


async def test_what_is_deleted_is_forgotten(discord: DiscordServer, tmp_path: Path) -> None:
    ana = discord.person("Ana")
    async with running(discord, settings_for(discord, tmp_path, people=[ana])) as app:
        said = await ana.says(KEY)
        await ana.sees("remember")
        await ana.deletes(said)
        await ana.says("The ferry leaves at nine.")
        await discord.until(lambda: True if len(ana.room.by_bot()) > 1 else None)
        assert await stored(app.memory, "flowerpot") == []


async def test_a_channel_that_is_deleted_is_forgotten_with_its_threads(discord: DiscordServer, tmp_path: Path) -> None:
    friends, ana = discord.guild("Friends"), discord.person("Ana")
    trip, work = discord.channel(friends, "trip"), discord.channel(friends, "work")
    async with running(discord, settings_for(discord, tmp_path, people=[ana], guilds=[friends])) as app:
        cabin, camp = await discord.thread(trip, "cabin"), await discord.thread(work, "camp")
        for room in (trip, cabin, work, camp):
            await ana.in_channel(room).says(f"This was said in {room.name}.")
        await ana.says("This was said in private.")
        await ana.sees("remember")
        await discord.delete_channel(trip)
        await discord.delete_channel(camp)
        await ana.in_channel(work).says("@Jay hello?")
        await ana.in_channel(work).sees("")
        kept = ["This was said in private.", "This was said in work."]  # in one millisecond: in any order
        async with asyncio.timeout(PATIENCE):
            while sorted(await stored(app.memory, "This was said")) != kept:  # noqa: ASYNC110 (the memory tells nobody)
                await asyncio.sleep(0.01)


async def test_a_message_that_is_told_twice_is_stored_and_answered_once(discord: DiscordServer, tmp_path: Path) -> None:
    ana = discord.person("Ana")
    async with running(discord, settings_for(discord, tmp_path, people=[ana])) as app:
        said = await ana.says(KEY)
        await discord.tell("MESSAGE_CREATE", said)
        await ana.sees("remember")
        await ana.sees_nothing(more_than=1)
        assert len([text for text in await stored(app.memory, "flowerpot") if text == KEY]) == 1


async def test_a_long_answer_comes_in_parts_that_discord_takes(discord: DiscordServer, tmp_path: Path) -> None:
    ana = discord.person("Ana")
    long = "\n\n".join(f"Paragraph {number}: " + "well 😀 said. " * 60 for number in range(8))
    model = ScriptedModel(f"{long}\n\n```python\n" + "print('x')\n" * 300 + "```\n\n" + f"The end: {KEY}")
    async with talking(discord, tmp_path, model=model):
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.says(WHERE)
        last = await ana.sees(f"The end: {KEY} [1]")
    texts = [posted.text for posted in ana.room.by_bot()]
    assert len(texts) > 4
    assert sum(text.count("print('x')") for text in texts) == 300
    assert "-# [1] Ana" in last.text


async def test_an_answer_grows_in_place(discord: DiscordServer, tmp_path: Path) -> None:
    ana = discord.person("Ana")
    model = ScriptedModel("Under the **blue** flowerpot [1].")
    model.hold = asyncio.Event()
    async with talking(discord, tmp_path, model=model):
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.says(WHERE)
        growing = await ana.sees("Under the **blue**")
        model.hold.set()
        await discord.until(lambda: True if "[1] Ana" in growing.text else None)
    assert len(growing.versions) >= 2
    assert len(ana.room.by_bot()) == 2


async def test_a_rate_limit_is_waited_out(discord: DiscordServer, tmp_path: Path) -> None:
    ana = discord.person("Ana")
    async with running(discord, settings_for(discord, tmp_path, people=[ana])):
        discord.storm("create", times=2, retry_after=0.05)
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.sees_nothing(more_than=1)
    assert discord.calls["create"] == 3


async def test_what_was_said_while_the_connection_was_broken_is_told_when_it_is_resumed(
    discord: DiscordServer, tmp_path: Path
) -> None:
    ana = discord.person("Ana")
    async with running(discord, settings_for(discord, tmp_path, people=[ana])):
        await discord.gateway.drop()
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.sees_nothing(more_than=1)
    assert discord.gateway.seen["resume"] == 1
    assert discord.gateway.seen["identify"] == 1


async def test_what_was_said_while_the_session_was_lost_is_caught_up_with(
    discord: DiscordServer, tmp_path: Path
) -> None:
    ana = discord.person("Ana")
    async with running(discord, settings_for(discord, tmp_path, people=[ana])) as app:
        await ana.says(KEY)
        await ana.sees("remember")
        await discord.gateway.drop(forget=True)
        await ana.says("The ferry leaves at nine.")
        await discord.until(lambda: True if len(ana.room.by_bot()) > 1 else None)
        assert await stored(app.memory, "ferry") == ["The ferry leaves at nine."]


class Notes(Plugin):
    """Takes in text files, and says what it got."""

    name = "notes"

    @ingests("text/plain")
    async def take(self, context: Context, attachment: Attachment) -> str:
        data = b"".join([piece async for piece in context.fetch(attachment)])
        return f"{attachment.name} ({attachment.media_type}) has {len(data)} bytes"


async def test_a_file_is_fetched_and_taken_in(discord: DiscordServer, tmp_path: Path) -> None:
    ana = discord.person("Ana")
    async with talking(discord, tmp_path, plugins=[Notes()]):
        await ana.sends_file("packing.txt", b"tent, rope" * 10_000, "text/plain; charset=utf-8")
        await ana.sees("packing.txt (text/plain) has 100000 bytes")


async def test_a_thumb_on_an_answer_is_kept_as_feedback_and_can_be_taken_back(
    discord: DiscordServer, tmp_path: Path
) -> None:
    ana = discord.person("Ana")
    async with running(discord, settings_for(discord, tmp_path, people=[ana])) as app:
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.says(WHERE)
        answer = await ana.sees("under the blue flowerpot")
        await app.core.idle()
        await ana.reacts(answer, "👍")
        await ana.unreacts(answer, "👍")
        await ana.reacts(answer, "👎")
        await ana.says("/facts")
        await ana.sees("no facts")
        assert [each.value for each in await app.memory.judgements.select(Scope.all())] == [-1]


async def test_a_wrong_token_is_refused_with_what_to_do(discord: DiscordServer) -> None:
    with pytest.raises(AdapterError, match=r"refuses the token: copy the bot's token from https://discord"):
        async with adapter_for(discord, token="wrong.TOKEN.here"):  # noqa: S106 (opens nothing)
            pass


async def test_without_the_content_switch_the_bot_still_answers_mentions(
    discord: DiscordServer, tmp_path: Path
) -> None:
    discord.gateway.may_read = False
    trip = discord.channel(discord.guild("Friends"), "trip")
    ana = discord.person("Ana").in_channel(trip)
    async with running(discord, settings_for(discord, tmp_path, channels=[trip])) as app:
        await ana.says(KEY)
        await ana.says("@Jay The ferry leaves at nine.")
        await ana.sees("remember")
        assert await stored(app.memory, "flowerpot") == []


async def test_the_commands_of_all_plugins_are_listed(discord: DiscordServer, tmp_path: Path) -> None:
    async with running(discord, settings_for(discord, tmp_path)):
        listed = discord.commands
    assert {"ask", "remember", "forget", "memories", "why", "help", "stop"} <= set(listed)


class Waiter(Plugin):
    """Asks what one would like, of many things."""

    name = "waiter"

    @command("order", "choose a dish")
    async def order(self, context: Context) -> str:
        """Ask which one."""
        return f"{await context.choose('Which dish?', [f'dish {n}' for n in range(1, 8)])} it is"


async def test_many_options_are_a_menu_whose_choice_stays(discord: DiscordServer, tmp_path: Path) -> None:
    ana = discord.person("Ana")
    async with talking(discord, tmp_path, plugins=[Waiter()]):
        await discord.connected()
        await ana.says("/order")
        asked = await ana.sees("Which dish?")
        (row,) = asked.buttons
        (menu,) = row["components"]
        assert [option["label"] for option in menu["options"]] == [f"dish {n}" for n in range(1, 8)]
        assert await ana.presses(asked, "dish 6") == ""
        await ana.sees("dish 6 it is")
        assert (await ana.sees("✓ dish 6")).buttons == []
