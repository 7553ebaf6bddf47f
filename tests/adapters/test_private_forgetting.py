"""Forgetting in a group: its list, its question and its receipt are for the asker alone; and "/forget" as a reply."""

from __future__ import annotations

from pathlib import Path

from tests.adapters import bots, discord_bot, slack_bot, telegram_bot, whatsapp_bot
from tests.adapters.seats import keeps
from tests.emulators.discord import DiscordServer
from tests.emulators.slack import SlackServer
from tests.emulators.telegram import TelegramServer
from tests.emulators.whatsapp import WhatsAppServer

KEYS = ("the spare key is under the blue flowerpot", "the shed key hangs behind the blue flowerpot")
CODE = "the alarm code of the cabin is 4711"
TENT = "the tent is in the attic"


async def test_on_telegram_the_question_and_the_receipt_come_as_direct_messages(tmp_path: Path) -> None:
    async with TelegramServer.open() as server:
        ana = server.user("Ana")
        trip = server.group("Trip", ana)
        async with telegram_bot.talking(server, tmp_path) as core:
            for key in KEYS:
                await ana.in_group(trip).says(key)
            await ana.in_group(trip).says("/forget@jay_test_bot blue flowerpot")
            asked = await ana.sees("Shall I forget these 2?")
            assert KEYS[0] in asked.text
            assert await ana.presses(asked, "Yes") == ""
            await ana.sees("Forgotten: 2 texts")
            await keeps(core.services.memory, "flowerpot", 0)
        assert trip.texts == ["I've sent you that directly."]


async def test_on_telegram_who_is_let_in_through_the_group_alone_can_press_the_buttons(tmp_path: Path) -> None:
    async with TelegramServer.open() as server:
        ana = server.user("Ana")
        trip = server.group("Trip", ana)
        async with bots.running(telegram_bot.settings_for(server, tmp_path, groups=[trip])) as app:
            for key in KEYS:
                await ana.in_group(trip).says(key)
            await ana.in_group(trip).says("/forget@jay_test_bot blue flowerpot")
            assert await ana.presses(await ana.sees("Shall I forget these 2?"), "Yes") == ""
            await ana.sees("Forgotten: 2 texts")
            await keeps(app.memory, "flowerpot", 0)


async def test_on_telegram_who_cannot_be_asked_directly_is_told_so_and_nothing_is_forgotten(tmp_path: Path) -> None:
    async with TelegramServer.open() as server:
        ana = server.user("Ana")
        ana.blocks_bot()
        ana = ana.in_group(server.group("Trip", ana))
        async with telegram_bot.talking(server, tmp_path) as core:
            for key in KEYS:
                await ana.says(key)
            await ana.says("/forget@jay_test_bot blue flowerpot")
            await ana.sees("send me the command in a direct chat")
            await keeps(core.services.memory, "flowerpot", 2)
        assert not any("spare key" in text for text in ana.room.texts)


async def test_on_telegram_a_reply_with_forget_forgets_that_message(tmp_path: Path) -> None:
    async with TelegramServer.open() as server:
        ana = server.user("Ana")
        trip = server.group("Trip", ana)
        async with telegram_bot.talking(server, tmp_path, owner=ana) as core:
            memory = core.services.memory
            await ana.in_group(trip).says(TENT)
            said = await ana.in_group(trip).says(CODE)
            await keeps(memory, CODE, 1)
            await ana.in_group(trip).says("/forget@jay_test_bot", reply_to=said)
            await ana.sees("Forgotten: 1 text")
            await keeps(memory, CODE, 0)
            assert await bots.stored(memory, TENT)
        assert not any("Forgotten" in text for text in trip.texts)


async def test_on_slack_only_the_asker_sees_the_question_and_the_receipt(tmp_path: Path) -> None:
    async with SlackServer.open() as server:
        ana, ben = server.person("Ana"), server.person("Ben")
        trip = server.channel("trip", ana, ben)
        ana, ben = ana.in_channel(trip), ben.in_channel(trip)
        async with slack_bot.talking(server, tmp_path, commands_answer="channel") as core:
            for key in KEYS:
                await ana.says(key)
            await ana.says("@jay /forget blue flowerpot")
            asked = await ana.sees("Shall I forget these 2?")
            assert asked.seen_by == ana.account.id
            assert await ana.presses(asked, "Yes") == ""
            assert (await ana.sees("Forgotten: 2 texts")).seen_by == ana.account.id
            await keeps(core.services.memory, "flowerpot", 0)
        assert ben.messages == []


async def test_on_slack_forget_in_a_thread_forgets_the_message_it_began_with(tmp_path: Path) -> None:
    async with SlackServer.open() as server:
        ana, ben = server.person("Ana"), server.person("Ben")
        trip = server.channel("trip", ana, ben)
        async with slack_bot.talking(server, tmp_path) as core:
            memory = core.services.memory
            await ana.in_channel(trip).says(TENT)
            said = await ana.in_channel(trip).says(CODE)
            thread = ana.in_channel(trip).in_thread(said)
            await thread.says("@jay /forget")
            assert (await thread.sees("Forgotten: 1 text")).seen_by == ana.account.id
            await keeps(memory, CODE, 0)
            assert await bots.stored(memory, TENT)
        assert ben.in_channel(trip).messages == []


async def test_on_discord_a_slash_command_is_asked_back_and_answered_to_its_user_alone(tmp_path: Path) -> None:
    async with DiscordServer.open() as server:
        ana = server.person("Ana")
        trip = server.channel(server.guild("Trip"), "general")
        ana = ana.in_channel(trip)
        async with discord_bot.talking(server, tmp_path) as core:
            for key in KEYS:
                await ana.says(key)
            await keeps(core.services.memory, "flowerpot", 2)
            await ana.uses("forget", what="blue flowerpot")
            asked = await ana.sees("Shall I forget these 2?")
            assert asked.is_ephemeral
            assert await ana.presses(asked, "Yes") == ""
            assert (await ana.sees("Forgotten: 2 texts")).is_ephemeral
            await keeps(core.services.memory, "flowerpot", 0)


async def test_on_discord_a_reply_with_forget_forgets_that_message(tmp_path: Path) -> None:
    async with DiscordServer.open() as server:
        ana = server.person("Ana")
        trip = server.channel(server.guild("Trip"), "general")
        async with discord_bot.talking(server, tmp_path) as core:
            memory = core.services.memory
            await ana.in_channel(trip).says(TENT)
            said = await ana.in_channel(trip).says(CODE)
            await keeps(memory, CODE, 1)
            await ana.in_channel(trip).says("@Jay /forget", reply_to=said)
            await ana.sees("Forgotten: 1 text")
            await keeps(memory, CODE, 0)
            assert await bots.stored(memory, TENT)
        assert [posted.text for posted in trip.by_bot()] == ["I've sent you that directly."]


async def test_on_whatsapp_a_reply_with_forget_forgets_that_message(tmp_path: Path) -> None:
    async with WhatsAppServer.open() as server:
        ana = server.person("Ana")
        async with whatsapp_bot.talking(server, tmp_path) as core:
            memory = core.services.memory
            await ana.says(TENT)
            said = await ana.says(CODE)
            await keeps(memory, CODE, 1)
            await server.until(lambda: True if len(ana.messages) == 2 else None)
            await ana.says("/forget", answering=said)
            await ana.sees("Forgotten: ")
            await keeps(memory, CODE, 0)
            assert await bots.stored(memory, TENT)
