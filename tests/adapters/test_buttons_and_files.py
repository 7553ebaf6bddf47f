"""Buttons and files where platforms differ: groups, repeated presses, slash commands, missing scopes, refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.console.files import save_all
from bot import Context, OutFile, Plugin, Reply, command
from bot.choices import NOT_YOURS, OVER
from tests.adapters import discord_bot, slack_bot, telegram_bot
from tests.emulators.discord import DiscordServer
from tests.emulators.slack import SlackServer
from tests.emulators.telegram import TelegramServer


class Waiter(Plugin):
    """Takes orders."""

    name = "waiter"

    @command("order", "order something")
    async def order(self, context: Context) -> str:
        """Ask what."""
        return f"{await context.choose('What will it be?', ['Tea', 'Coffee'])}, coming up."

    @command("bill", "get the bill")
    async def bill(self, context: Context) -> Reply:  # noqa: ARG002 (a command is called with it)
        """Send the bill."""
        return Reply("Your bill.", files=(OutFile("bill.txt", "text/plain", b"2.50"),))


async def test_in_a_telegram_group_only_the_one_who_was_asked_can_press_and_once(tmp_path: Path) -> None:
    async with TelegramServer.open() as server:
        ana, ben = server.user("Ana"), server.user("Ben")
        club = server.group("club", ana, ben)
        ana, ben = ana.in_group(club), ben.in_group(club)
        async with telegram_bot.talking(server, tmp_path, plugins=[Waiter()]):
            await ana.says("/order@jay_test_bot")
            asked = await ana.sees("What will it be?")
            keyboard = asked.keyboard
            assert await ben.presses(asked, "Tea") == NOT_YOURS
            assert await ana.presses(asked, "Tea", copies=3) == ""
            await ana.sees("Tea, coming up.")
            await server.until(lambda: True if asked.text.endswith("✓ Tea") and not asked.keyboard else None)
            asked.keyboard = keyboard
            assert await ana.presses(asked, "Coffee") == OVER
        assert [text for text in club.texts if "coming up" in text] == ["Tea, coming up."]


async def test_a_telegram_button_from_before_a_restart_says_that_its_question_is_over(tmp_path: Path) -> None:
    async with TelegramServer.open() as server:
        ana = server.user("Ana")
        async with telegram_bot.talking(server, tmp_path, plugins=[Waiter()]):
            await ana.says("/order")
            asked = await ana.sees("What will it be?")
        async with telegram_bot.talking(server, tmp_path, plugins=[Waiter()]):
            assert await ana.presses(asked, "Tea") == OVER
            await server.until(lambda: None if asked.keyboard else True)


async def test_a_button_of_another_program_on_telegram_is_answered_too(tmp_path: Path) -> None:
    async with TelegramServer.open() as server:
        ana = server.user("Ana")
        async with telegram_bot.talking(server, tmp_path):
            foreign = server.post(ana.room, server.bot, "Old menu")
            foreign.keyboard = [[{"text": "Buy", "callback_data": "buy:1"}]]
            assert await ana.presses(foreign, "Buy") == OVER


async def test_in_a_slack_channel_a_slash_command_asks_and_sends_files_to_its_asker_alone(tmp_path: Path) -> None:
    async with SlackServer.open() as server:
        ana = server.person("Ana")
        direct, cafe = ana, ana.in_channel(server.channel("cafe", ana))
        async with slack_bot.talking(server, tmp_path, plugins=[Waiter()]):
            await cafe.uses("/order")
            asked = await cafe.sees("What will it be?")
            assert asked.seen_by == ana.account.id
            assert await cafe.presses(asked, "Coffee") == ""
            assert (await cafe.sees("Coffee, coming up.")).seen_by == ana.account.id
            await cafe.uses("/bill")
            assert (await cafe.sees("Sent to you in our direct chat: bill.txt")).seen_by == ana.account.id
        assert [file["name"] for posted in direct.messages for file in posted.files] == ["bill.txt"]
        assert not any(posted.files for posted in cafe.messages)


async def test_in_a_slack_channel_others_are_told_that_a_button_is_not_theirs(tmp_path: Path) -> None:
    async with SlackServer.open() as server:
        ana, ben = server.person("Ana"), server.person("Ben")
        cafe = server.channel("cafe", ana, ben)
        async with slack_bot.talking(server, tmp_path, plugins=[Waiter()]):
            await ana.in_channel(cafe).says("@jay /order")
            asked = await ana.in_channel(cafe).sees("What will it be?")
            assert await ben.in_channel(cafe).presses(asked, "Tea") == NOT_YOURS
            assert await ana.in_channel(cafe).presses(asked, "Tea") == ""
            await ana.in_channel(cafe).sees("Tea, coming up.")


async def test_without_the_scope_slack_gets_the_words_and_a_sentence_for_the_file(tmp_path: Path) -> None:
    async with SlackServer.open() as server:
        server.scopes.discard("files:write")
        ana = server.person("Ana")
        async with slack_bot.talking(server, tmp_path, plugins=[Waiter()]):
            await ana.says("/bill")
            await ana.sees("Your bill.")
            await ana.sees("the app needs the scope files:write")


async def test_a_file_that_slack_did_not_take_is_sent_later_and_its_words_once(tmp_path: Path) -> None:
    async with SlackServer.open() as server:
        ana = server.person("Ana")
        async with slack_bot.talking(server, tmp_path, plugins=[Waiter()]):
            server.refuse("files.completeUploadExternal", "internal_error")
            await ana.says("/bill")
            await server.until(lambda: next((True for each in ana.messages if each.files), None))
        assert [posted.text for posted in ana.messages if posted.text] == ["Your bill."]


async def test_on_a_discord_server_only_the_one_who_was_asked_can_press(tmp_path: Path) -> None:
    async with DiscordServer.open() as server:
        ana, ben = server.person("Ana"), server.person("Ben")
        cafe = server.channel(server.guild("Town"), "cafe")
        ana, ben = ana.in_channel(cafe), ben.in_channel(cafe)
        async with discord_bot.talking(server, tmp_path, plugins=[Waiter()]):
            await ana.uses("order")
            asked = await ana.sees("What will it be?")
            buttons = asked.buttons
            assert await ben.presses(asked, "Tea") == NOT_YOURS
            assert await ana.presses(asked, "Tea") == ""
            await ana.sees("Tea, coming up.")
            assert (asked.text, asked.buttons) == ("What will it be?\n✓ Tea", [])
            asked.buttons = buttons
            assert await ana.presses(asked, "Coffee") == OVER
            await ana.uses("bill")
            sent = await ana.sees("Your bill.")
            await server.until(lambda: next((True for each in cafe.by_bot() if each.files), None))
            assert sent.buttons == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/passwd", "_.._etc_passwd"), ("..", "file"), ("a\x00b\n.txt", "a_b_.txt"), ("x" * 500, "x" * 120)],
)
def test_a_file_s_name_never_leads_out_of_the_folder(tmp_path: Path, name: str, kept: str) -> None:
    (told,) = save_all([OutFile(name, "x/y", b"1")], tmp_path / "files")
    assert told == f"Saved: {tmp_path / 'files' / kept}"
    assert [path.name for path in (tmp_path / "files").iterdir()] == [kept]


def test_a_file_overwrites_none_and_one_that_cannot_be_saved_is_named(tmp_path: Path) -> None:
    file = OutFile("a.txt", "text/plain", b"1")
    assert save_all([file, file], tmp_path) == [f"Saved: {tmp_path / name}" for name in ("a.txt", "a (2).txt")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a (2).txt", "a.txt"]
    (tmp_path / "blocked").write_text("")
    (told,) = save_all([file], tmp_path / "blocked")
    assert told.startswith(f"a.txt can't be saved in {tmp_path / 'blocked'}: ")
