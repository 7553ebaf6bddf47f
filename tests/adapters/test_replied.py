"""Calling the bot in a reply: the message that is answered is part of the question, also one that it has not heard."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.text.plugin import TextPlugin
from tests.adapters import bots, discord_bot, slack_bot, telegram_bot, whatsapp_bot
from tests.emulators.discord import DiscordServer
from tests.emulators.slack import SlackServer
from tests.emulators.telegram import TelegramServer
from tests.emulators.whatsapp import WhatsAppServer

SAID = "the ferry to the island leaves from pier seven at nine"
ASKED = "what did she mean?"
BOILER = b"The boiler is serviced by Kemal every autumn."


@pytest.mark.parametrize("privacy", [True, False])
async def test_on_telegram_a_question_in_a_reply_is_about_that_message(tmp_path: Path, privacy: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    async with TelegramServer.open(privacy=privacy) as server:
        ana, mara = server.user("Ana"), server.user("Mara")
        trip = server.group("Trip", ana, mara)
        ana, mara = ana.in_group(trip), mara.in_group(trip)
        async with telegram_bot.talking(server, tmp_path):
            said = await mara.says(SAID)
            await ana.says(f"@jay_test_bot {ASKED}", reply_to=said)
            shown = await ana.sees("pier seven")
        assert "[1] Mara, " in shown.text


async def test_on_telegram_a_question_can_quote_what_was_said_in_another_chat(tmp_path: Path) -> None:
    async with TelegramServer.open(privacy=True) as server:
        ana = server.user("Ana")
        trip = ana.in_group(server.group("Trip", ana))
        origin = {"type": "hidden_user", "sender_user_name": "Mara", "date": 1_714_770_000}
        async with telegram_bot.talking(server, tmp_path):
            quote = {"text": SAID, "position": 0}
            await trip.says(f"@jay_test_bot {ASKED}", external_reply={"origin": origin}, quote=quote)
            await trip.sees("pier seven")


async def test_on_telegram_the_file_of_the_message_that_is_answered_is_read(tmp_path: Path) -> None:
    async with TelegramServer.open(privacy=True) as server:
        ana, mara = server.user("Ana"), server.user("Mara")
        trip = server.group("Trip", ana, mara)
        ana, mara = ana.in_group(trip), mara.in_group(trip)
        async with telegram_bot.talking(server, tmp_path, plugins=[TextPlugin()]):
            sent = await mara.sends_file("boiler.txt", BOILER, "text/plain")
            await ana.says("@jay_test_bot who services the boiler?", reply_to=sent)
            await ana.sees("Kemal")


async def test_on_telegram_a_command_that_is_answered_is_not_run(tmp_path: Path) -> None:
    async with TelegramServer.open(privacy=True) as server:
        ana, eve = server.user("Ana"), server.user("Eve")
        trip = server.group("Trip", ana, eve)
        ana, eve = ana.in_group(trip), eve.in_group(trip)
        async with telegram_bot.talking(server, tmp_path) as core:
            order = server.post(trip, eve.account, "/remember the moon is a cheese")  # before the bot was there
            await ana.says(f"@jay_test_bot {ASKED}", reply_to=order)
            await server.until(lambda: trip.from_bot or None)
            assert await bots.stored(core.services.memory, "the moon is a cheese") == []


async def test_on_slack_a_question_in_a_thread_is_about_the_message_it_began_with(tmp_path: Path) -> None:
    async with SlackServer.open() as server:
        ana, mara = server.person("Ana"), server.person("Mara")
        trip = server.channel("trip", ana, mara, has_bot=False)
        unheard = await mara.in_channel(trip).says(SAID)
        trip.has_bot = True
        async with slack_bot.talking(server, tmp_path):
            heard = await mara.in_channel(trip).says("the tent is in the attic, behind the skis")
            for root, words in ((unheard, "pier seven"), (heard, "behind the skis")):
                thread = ana.in_channel(trip).in_thread(root)
                await thread.says(f"@jay {ASKED}")
                assert "[1] <" in (await thread.sees(words)).notes


async def test_on_slack_the_file_of_the_message_that_is_answered_is_read(tmp_path: Path) -> None:
    async with SlackServer.open() as server:
        ana, mara = server.person("Ana"), server.person("Mara")
        trip = server.channel("trip", ana, mara, has_bot=False)
        sent = await mara.in_channel(trip).sends_file("boiler.txt", BOILER, "text/plain")
        trip.has_bot = True
        async with slack_bot.talking(server, tmp_path, plugins=[TextPlugin()]):
            thread = ana.in_channel(trip).in_thread(sent)
            await thread.says("@jay who services the boiler?")
            await thread.sees("Kemal")


async def test_on_discord_a_question_in_a_reply_is_about_that_message_and_its_file(tmp_path: Path) -> None:
    async with DiscordServer.open() as server:
        ana, mara = server.person("Ana"), server.person("Mara")
        trip = server.channel(server.guild("Trip"), "general")
        ana, mara = ana.in_channel(trip), mara.in_channel(trip)
        said = server.post(trip, mara.account, SAID)  # before the bot was there
        sent = server.post(trip, mara.account, "")
        sent.files.append(server.keep_file("boiler.txt", BOILER, "text/plain"))
        async with discord_bot.talking(server, tmp_path, plugins=[TextPlugin()]):
            await ana.says(f"@Jay {ASKED}", reply_to=said)
            await ana.sees("[1] Mara")
            await ana.says("@Jay who services the boiler?", reply_to=sent)
            await ana.sees("Kemal")


async def test_on_whatsapp_a_question_in_a_reply_is_about_that_message(tmp_path: Path) -> None:
    async with WhatsAppServer.open() as server:
        ana, mara = server.person("Ana"), server.person("Mara")
        trip = server.group(ana, mara)
        ana, mara = ana.in_group(trip), mara.in_group(trip)
        async with whatsapp_bot.talking(server, tmp_path):
            said = await mara.says(SAID)
            await server.deliveries.settled()
            await ana.says(f"@{server.display_number} {ASKED}", answering=said)
            shown = await ana.sees("pier seven")
        assert "[1] Mara, " in shown.text
