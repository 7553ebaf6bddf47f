"""Several bots of one platform in one process: the same people talk to each, and what is said to one stays with it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.commands.diagnosis import examine
from bot.configuration.adapters_setup import make_adapters
from bot.configuration.settings import AccessSettings, Settings
from bot.errors import ConfigError
from tests.adapters import discord_bot, slack_bot, telegram_bot, whatsapp_bot
from tests.adapters.bots import running, settings_of
from tests.emulators.discord import DiscordServer
from tests.emulators.patience import PATIENCE
from tests.emulators.slack import SlackServer
from tests.emulators.telegram import TelegramServer
from tests.emulators.telegram_script import Seat
from tests.emulators.whatsapp import WhatsAppServer

HOME = "The key to the house is under the mat."
WORK = "The key to the office is with Bo."


def settings_for(folder: Path, home: TelegramServer, work: TelegramServer, access: AccessSettings) -> Settings:
    """Return settings with two bots. People and chats have the same numbers on both servers."""
    further = telegram_bot.table(work)
    return settings_of(folder, access, {"telegram": {**telegram_bot.table(home), "bots": {"work": further}}})


async def introduce(home: TelegramServer, work: TelegramServer) -> tuple[Seat, Seat]:
    at_home, at_work = home.user("Ana"), work.user("Ana")
    assert at_home.account.id == at_work.account.id
    return at_home, at_work


async def test_each_bot_answers_where_it_was_asked(telegram: TelegramServer, tmp_path: Path) -> None:
    async with TelegramServer.open() as work:
        at_home, at_work = await introduce(telegram, work)
        access = AccessSettings(people=(f"telegram:{at_home.account.id}",))
        async with running(settings_for(tmp_path, telegram, work, access)):
            await at_home.says(HOME)
            await at_home.sees("remember that")
            await at_work.says(WORK)
            await at_work.sees("remember that")
            await at_work.says("where is the key to the office?")
            answer = await at_work.sees("with Bo")
            assert "(Telegram work)" in answer.text
            # What one says to both bots is one's own on each.
            await at_home.says("where is the key to the office?")
            await at_home.sees("with Bo")
            await at_work.sees_nothing()


async def test_what_groups_of_two_bots_say_stays_apart(telegram: TelegramServer, tmp_path: Path) -> None:
    async with TelegramServer.open() as work:
        at_home, at_work = await introduce(telegram, work)
        flat, office = telegram.group("Flat", at_home), work.group("Office", at_work)
        assert flat.id == office.id
        access = AccessSettings(conversations=(f"telegram:{flat.id}", f"telegram.work:{office.id}"))
        async with running(settings_for(tmp_path, telegram, work, access)):
            in_flat, in_office = at_home.in_group(flat), at_work.in_group(office)
            await in_flat.says(HOME)
            await in_office.says(WORK)
            await in_office.says("@jay_test_bot where is the key to the house?")
            answer = await in_office.sees("key")
            assert "mat" not in answer.text
            await in_flat.says("@jay_test_bot where is the key to the house?")
            await in_flat.sees("under the mat")


async def test_a_group_is_let_in_to_the_bot_that_is_named(telegram: TelegramServer, tmp_path: Path) -> None:
    async with TelegramServer.open() as work:
        _, at_work = await introduce(telegram, work)
        office = work.group("Office", at_work)
        access = AccessSettings(conversations=(f"telegram:{office.id}",))
        async with running(settings_for(tmp_path, telegram, work, access)) as app:
            await at_work.in_group(office).says("@jay_test_bot where is the key?")
            await at_work.sees_nothing()
            await app.core.idle()
            assert work.calls["sendMessage"] == 0


async def test_who_is_paired_with_one_bot_owns_all_of_its_platform(telegram: TelegramServer, tmp_path: Path) -> None:
    async with TelegramServer.open() as work:
        at_home, at_work = await introduce(telegram, work)
        access = AccessSettings(owners=(f"telegram:{at_home.account.id}",))
        bo = work.user("Bo")
        async with running(settings_for(tmp_path, telegram, work, access)):
            await at_work.says("/invite")
            code = (await at_work.sees("Who sends me")).text.split()[3]
            await bo.says(f"/pair {code}")
            await bo.sees("Welcome")
            office = work.group("Office", at_work, bo)
            await at_work.in_group(office).says("/allow here")
            await at_work.in_group(office).sees("may talk with me now")
            await at_work.says("/members")
            await at_work.sees(f"telegram.work:{office.id}")
            await bo.in_group(office).says(f"@jay_test_bot remember that {WORK}")
            await bo.in_group(office).sees("remember that")


async def test_a_second_bot_may_be_the_only_one(telegram: TelegramServer, tmp_path: Path) -> None:
    ana = telegram.user("Ana")
    access = AccessSettings(people=(f"telegram:{ana.account.id}",))
    tables = {"telegram": {"bots": {"family": telegram_bot.table(telegram)}}}
    async with running(settings_of(tmp_path, access, tables)):
        await ana.says(HOME)
        await ana.sees("remember that")


async def test_the_log_and_the_doctor_say_which_bot_is_meant(
    telegram: TelegramServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with TelegramServer.open() as work:
        settings = settings_for(tmp_path, telegram, work, AccessSettings())
        names = [finding.name for finding in await examine(settings, tmp_path / "config.toml")]
        assert {"telegram", "telegram.work"} <= set(names)
        work.is_down = True
        async with running(settings):
            async with asyncio.timeout(PATIENCE):
                while "Telegram (work): " not in caplog.text:  # noqa: ASYNC110 (the log tells nobody)
                    await asyncio.sleep(0.01)


async def test_what_was_left_unanswered_is_answered_by_its_bot_after_a_restart(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    async with TelegramServer.open() as work:
        at_home, at_work = await introduce(telegram, work)
        access = AccessSettings(people=(f"telegram:{at_home.account.id}",))
        settings = settings_for(tmp_path, telegram, work, access)
        async with running(settings):
            await at_work.says(WORK)
            await at_work.sees("remember that")
            work.is_down = True
        work.is_down = False
        await at_work.says("where is the key to the office?")
        async with running(settings):
            await at_work.sees("with Bo")
            await at_home.sees_nothing()


async def test_bots_of_every_platform_can_have_companions() -> None:
    async with (
        SlackServer.open() as slack,
        DiscordServer.open() as discord,
        WhatsAppServer.open() as whatsapp,
    ):
        tables = {
            "slack": {"bots": {"work": slack_bot.table(slack)}},
            "discord": {"bots": {"work": discord_bot.table(discord)}},
            "whatsapp": {"bots": {"work": whatsapp_bot.table(whatsapp)}},
        }
        assert [adapter.name for adapter in make_adapters(tables)] == ["slack.work", "discord.work", "whatsapp.work"]


TOKEN = "4321:jay-TEST_token"  # noqa: S105 (opens nothing)


@pytest.mark.parametrize(
    ("tables", "problem"),
    [
        (
            {"telegram": {"token": TOKEN, "bots": {"work": {}}}},
            r"adapters\.telegram\.bots\.work\.token is missing",
        ),
        ({"telegram": {"token": TOKEN, "bots": {"Work!": {"token": TOKEN}}}}, "small letters"),
        ({"telegram": {"token": TOKEN, "bots": "work"}}, r"such as \[adapters\.telegram\.bots\.work\]"),
        ({"telegram": {"token": TOKEN, "bots": {"work": TOKEN}}}, r"such as \[adapters\.telegram\.bots\.work\]"),
        ({"telegram": {"token": TOKEN, "bots": {"work": {"token": TOKEN, "bots": {}}}}}, "bots is not a setting"),
        ({"http": {"bots": {"work": {}}}}, "there can be only one"),
        (
            {"telegram": {"token": TOKEN}, "adapters.telegram:TelegramAdapter": {"token": TOKEN}},
            "several tables of .adapters. make the bot telegram",
        ),
    ],
)
def test_tables_that_make_no_bot_are_refused_by_name(tables: dict[str, dict[str, object]], problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        make_adapters(tables)
