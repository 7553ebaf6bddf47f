"""`scrubjay run` as a process, with a settings file: it serves Slack, and comes back after it was killed."""

from __future__ import annotations

from pathlib import Path

from bot.configuration.settings import Table
from tests.adapters.processes import scrubjay_run, write_config
from tests.emulators.slack import SlackServer


async def test_a_bot_killed_between_storing_and_replying_replies_once_when_it_is_back(tmp_path: Path) -> None:
    async with SlackServer.open() as slack:
        ana = slack.person("Ana")
        table: Table = {"bot_token": slack.bot_token, "app_token": slack.app_token, "base_url": slack.base_url}
        config = write_config(tmp_path, "slack", ana.account.id, table)
        async with scrubjay_run(config) as bot:
            await ana.says("/remember the tent is torn")
            await ana.sees("I'll remember that")
            slack.break_off("chat.postMessage", times=1000)
            tried = slack.calls["chat.postMessage"]
            await ana.says("/remember the rope is wet")
            await slack.until(lambda: True if slack.calls["chat.postMessage"] > tried else None)
            bot.kill()
            await bot.wait()
        slack.faults.clear()
        await ana.says("/facts")
        async with scrubjay_run(config):
            await ana.sees("I'll remember that")
            facts = await ana.sees("the rope is wet")
            await ana.sees_nothing()
    assert facts.shown.count("the rope is wet") == 1
    assert facts.shown.count("the tent is torn") == 1
    assert len(ana.messages) == 3
