"""Who decided what is kept, and what was said is not."""

from __future__ import annotations

from pathlib import Path

from bot.testing import chat
from plugins.access import AccessPlugin
from plugins.memory import MemoryPlugin
from tests.bot.commands.conftest import Cli


async def test_owners_see_who_decided_and_who_forgot_how_much_without_a_word_of_it(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[AccessPlugin(), MemoryPlugin()]) as ann:
        assert await ann.says("/audit") == ["Nobody has decided anything yet."]
        await ann.says("/allow telegram:55")
        await ann.says("/deny telegram:55")
        await ann.says("/remember the parrot is called Kafka")
        await ann.says("/forget Kafka")
        (told,) = await ann.says("/audit")
        forgot, denied, allowed = told.splitlines()
        assert "forgot: " in forgot
        assert "decided: telegram:55 (person): denied" in denied
        assert "decided: telegram:55 (person): member" in allowed
        assert "Kafka" not in told


def test_the_command_line_decides_as_the_owner_of_the_machine(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    assert cli.run("audit", "--json").json == []
    cli.run("access", "allow", "telegram:7")
    cli.run("pair", "telegram")
    cli.run("remember", "the parrot is called Kafka")
    cli.run("forget", "--matching", "parrot", "--yes")
    entries = cli.run("audit", "--json").json
    assert [(each["actor"], each["action"]) for each in entries] == [
        ("console:owner", "forgot"),
        ("console:owner", "invited"),
        ("console:owner", "decided"),
    ]
    assert entries[-1]["subject"] == "person telegram:7 is member"
    assert "Kafka" not in cli.run("audit").out
    assert len(cli.run("audit", "--limit", "1", "--json").json) == 1
