"""What is for one person alone is not shown to a group, on any platform."""

from __future__ import annotations

from pathlib import Path

from plugins.access import AccessPlugin
from tests.adapters import discord_bot, slack_bot, telegram_bot, whatsapp_bot
from tests.emulators.discord import DiscordServer
from tests.emulators.slack import SlackServer
from tests.emulators.telegram import TelegramServer
from tests.emulators.whatsapp import WhatsAppServer

KEY = "the spare key to the cabin is under the blue flowerpot"


async def test_on_telegram_it_comes_as_a_direct_message_and_the_group_gets_a_word(tmp_path: Path) -> None:
    async with TelegramServer.open() as server:
        ana = server.user("Ana")
        trip = server.group("Trip", ana)
        async with telegram_bot.talking(server, tmp_path, plugins=[AccessPlugin()], owner=ana):
            await ana.in_group(trip).says(KEY)
            for command in ("/memories", "/members", "/role", "/why", "/invite"):
                await ana.in_group(trip).says(f"{command}@jay_test_bot")
            await ana.sees("blue flowerpot")
            await ana.sees("You are an owner")
            await ana.sees("becomes a member")
            await server.until(lambda: True if len(trip.from_bot) == 5 else None)
        assert set(trip.texts) == {"I've sent you that directly."}


async def test_on_telegram_somebody_whom_the_bot_may_not_write_to_is_told_so(tmp_path: Path) -> None:
    async with TelegramServer.open() as server:
        ana = server.user("Ana")
        ana.blocks_bot()
        ana = ana.in_group(server.group("Trip", ana))
        async with telegram_bot.talking(server, tmp_path, plugins=[AccessPlugin()]):
            await ana.says("/role@jay_test_bot")
            await ana.sees("send me the command in a direct chat")


async def test_on_slack_only_the_asker_sees_it_however_it_is_asked(tmp_path: Path) -> None:
    async with SlackServer.open() as server:
        ana, ben = server.person("Ana"), server.person("Ben")
        trip = server.channel("trip", ana, ben)
        async with slack_bot.talking(server, tmp_path, plugins=[AccessPlugin()], commands_answer="channel"):
            await ana.in_channel(trip).says(KEY)
            await ana.in_channel(trip).says("@jay /memories")
            assert (await ana.in_channel(trip).sees("blue flowerpot")).seen_by == ana.account.id
            await ana.in_channel(trip).uses("/role")
            assert (await ana.in_channel(trip).sees("You are a member")).seen_by == ana.account.id
        assert ben.in_channel(trip).messages == []


async def test_on_discord_a_slash_command_is_answered_to_its_user_alone_and_a_typed_one_directly(
    tmp_path: Path,
) -> None:
    async with DiscordServer.open() as server:
        ana = server.person("Ana")
        trip = server.channel(server.guild("Trip"), "general")
        async with discord_bot.talking(server, tmp_path, plugins=[AccessPlugin()]):
            await ana.in_channel(trip).says(KEY)
            await ana.in_channel(trip).uses("memories")
            assert (await ana.in_channel(trip).sees("blue flowerpot")).is_ephemeral
            await ana.in_channel(trip).says("@Jay /role")
            await ana.sees("You are a member")
            await ana.in_channel(trip).sees("I've sent you that directly.")
        assert not any("You are a member" in posted.text for posted in trip.by_bot())


async def test_on_whatsapp_it_comes_as_a_direct_message_to_who_has_written_directly(tmp_path: Path) -> None:
    async with WhatsAppServer.open() as server:
        ana = server.person("Ana")
        trip = server.group(ana)
        async with whatsapp_bot.talking(server, tmp_path, plugins=[AccessPlugin()]):
            await ana.in_group(trip).says(f"@{server.display_number} /role")
            await ana.in_group(trip).sees("direct chat")
            await ana.says("/help")
            await ana.sees("/ask")
            await ana.in_group(trip).says(f"@{server.display_number} /role")
            await ana.sees("You are a member")
            await server.until(lambda: True if len(trip.from_bot) == 2 else None)
        assert not any("You are a member" in posted.text for posted in trip.from_bot)
