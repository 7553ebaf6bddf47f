"""Whom an owner mentions in /allow is let in, whatever their name: people with the same name, or with spaces in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.configuration.settings import AccessSettings
from tests.adapters import bots, discord_bot, slack_bot, telegram_bot
from tests.emulators.discord import DiscordServer
from tests.emulators.slack import SlackServer
from tests.emulators.telegram import TelegramServer


def owned_by(account: str) -> AccessSettings:
    return AccessSettings(owners=(account,))


async def test_on_slack_a_mention_means_an_account(tmp_path: Path) -> None:
    async with SlackServer.open() as slack:
        ana, eve, other = slack.person("Ana"), slack.person("Eve Lee"), slack.person("Eve Lee")
        settings = bots.settings_of(tmp_path, owned_by(f"slack:{ana.account.id}"), {"slack": slack_bot.table(slack)})
        async with bots.running(settings):
            await ana.uses("/scrubjay", f"allow <@{eve.account.id}|eve> guest")
            await ana.sees(f"Eve Lee (slack:{eve.account.id}) is a guest now.")
            ana.writes(f"/allow <@{eve.account.id}>")
            await ana.sees(f"Eve Lee (slack:{eve.account.id}) is a member now.")
            await eve.says("/role")
            await eve.sees("You are a member.")
            await other.says("/role")
            await other.sees("I only talk with people my owner lets in")


@pytest.mark.parametrize("resolved", [True, False])
async def test_on_discord_a_mention_means_an_account(tmp_path: Path, resolved: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    async with DiscordServer.open() as discord:
        ana, eve = discord.person("Ana"), discord.person("Eve Lee")
        settings = bots.settings_of(
            tmp_path, owned_by(f"discord:{ana.account.id}"), {"discord": discord_bot.table(discord)}
        )
        discord.resolves_mentions = resolved
        async with discord_bot.running(discord, settings):
            await ana.uses("allow", who=f"<@{eve.account.id}>", role="guest")
            await ana.sees("is a guest now.")
            await ana.says(f"/allow <@{eve.account.id}>", mentions=[eve.account])
            await ana.sees(f"Eve Lee (discord:{eve.account.id}) is a member now.")
            await eve.says("/role")
            await eve.sees("You are a member.")


async def test_on_telegram_a_username_means_an_account_once_that_has_written(tmp_path: Path) -> None:
    async with TelegramServer.open() as telegram:
        ana, eve = telegram.user("Ana"), telegram.user("Eve")
        account = f"telegram:{ana.account.id}"
        settings = bots.settings_of(tmp_path, owned_by(account), {"telegram": telegram_bot.table(telegram)})
        async with bots.running(settings):
            await ana.says("/allow @eve")
            await ana.sees("I know nobody called eve")
            await eve.says("Hello?")
            await ana.says("/allow @eve")
            await ana.sees(f"Eve (telegram:{eve.account.id}) is a member now.")
