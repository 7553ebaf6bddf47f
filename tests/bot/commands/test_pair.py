"""The commands `pair` and `access`, beside a bot that runs and without one."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.access.pairing import Pairing
from memory import Entry, Memory
from memory.access_records import Account
from memory.embedders.hashing import HashingEmbedder
from tests.bot.commands.conftest import ADAPTER, ROOT
from tests.bot.commands.test_running import replies, wait_until, write
from tests.emulators.patience import PATIENCE

if TYPE_CHECKING:
    from tests.bot.commands.conftest import Cli

CODE = re.compile(r"(?:[2-9A-Z]{4}-){2}[2-9A-Z]{4}")


@pytest.fixture
def unowned(cli: Cli) -> Cli:
    """A home in which `run` serves a platform of two files, where nobody may talk to the bot yet."""
    config = cli.home / ".config" / "scrubjay" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'[adapters."{ADAPTER}"]\ninbox = "{cli.home}/in"\noutbox = "{cli.home}/out"\n')
    cli.env["PYTHONPATH"] = str(ROOT)
    return cli


@contextmanager
def running(cli: Cli) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a bot that nobody owns; yield it, and the line that says so."""
    with started(cli) as process:
        assert process.stderr is not None
        yield process, process.stderr.readline()


@contextmanager
def started(cli: Cli) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(  # noqa: S603 (the program under test)
        cli.command("run"), env=cli.env, cwd=cli.home, text=True, stderr=subprocess.PIPE
    )
    try:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Scrubjay runs on file")
        yield process
    finally:
        process.kill()
        process.communicate()


def code_of(said: str) -> str:
    (code,) = CODE.findall(said)
    return str(code)


def test_run_prints_no_code_into_a_log_and_who_sends_one_that_pair_makes_owns_the_bot(unowned: Cli) -> None:
    with running(unowned) as (process, said):
        assert said == "Nobody owns the bot on file yet. `scrubjay pair file` makes a code.\n"
        write(unowned, "hello?")
        wait_until(lambda: len(replies(unowned)) == 1, "the sentence for strangers")
        assert "/allow file:1" in replies(unowned)[0]
        write(unowned, code_of(unowned.run("pair", "file").out))
        wait_until(lambda: len(replies(unowned)) == 2, "the welcome")
        assert "You are my owner here now" in replies(unowned)[1]
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    with started(unowned) as process:
        wait_until(lambda: len(replies(unowned)) == 4, "what is said to lines that are read again, now from an owner")
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=PATIENCE)[1] == "Stopped.\n"


def test_pair_and_access_work_while_the_bot_runs_and_at_once(unowned: Cli) -> None:
    with running(unowned):
        code = code_of(unowned.run("pair", "--role", "member").out)
        write(unowned, f"/pair {code}")
        wait_until(lambda: len(replies(unowned)) == 1, "the welcome")
        assert replies(unowned)[0].startswith("Welcome!")
        (grant,) = unowned.run("access", "list", "--json").json
        assert (grant["platform"], grant["external_id"], grant["role"]) == ("file", "1", "member")
        unowned.run("access", "deny", "file:1")
        write(unowned, "hello?")
        wait_until(lambda: len(replies(unowned)) == 2, "the sentence for strangers")
        assert "/allow file:1" in replies(unowned)[1]
        unowned.run("access", "allow", "file:1", "--role", "owner", "--name", "Mara")
        write(unowned, "/role")
        wait_until(lambda: len(replies(unowned)) == 3, "the role")
        assert replies(unowned)[2] == "You are an owner."
        assert "Mara" in unowned.run("access", "list").out


def test_a_code_is_printed_as_json_and_not_stored_as_it_is(cli: Cli) -> None:
    made = cli.run("pair", "telegram", "--json").json
    assert (made["role"], made["platform"], made["minutes"]) == ("owner", "telegram", 10)
    assert CODE.fullmatch(made["code"])
    content = b"".join(file.read_bytes() for file in cli.data.iterdir() if file.is_file())
    assert made["code"].encode() not in content
    assert made["code"].replace("-", "").encode() not in content


def test_the_command_line_reads_what_its_owner_said_under_linked_accounts(cli: Cli) -> None:
    async def link() -> None:
        async with Memory.open(cli.data / "memory.db", HashingEmbedder()) as memory:
            mara = await memory.people.ensure("telegram", "1", "Mara")
            chat = await memory.conversations.ensure("telegram", "1", owner_id=mara.id)
            await memory.passages.add(chat, [Entry("the parrot is called Kiki", datetime.now(UTC), author_id=mara.id)])
            pairing = Pairing(memory.ledger)
            code = await pairing.link_code(Account("console", "owner"))
            assert await pairing.link(code, Account("telegram", "1")) == Account("console", "owner")

    cli.run("remember", "the boiler is in the cellar")
    asyncio.run(link())
    said = cli.run("memories").out
    assert "Kiki" in said
    assert "boiler" in said


def test_what_can_not_be_is_refused(cli: Cli) -> None:
    assert "no platform is called telegrm; there are: " in cli.fails("pair", "telegrm", code=1)
    assert "write it as platform:id" in cli.fails("access", "allow", "telegram", code=1)
    said = cli.fails("access", "allow", "slack:T1", "--kind", "workspace", "--role", "owner", code=1)
    assert "only a person can own the bot" in said
    cli.env["SCRUBJAY_ACCESS__OWNERS"] = '["telegram:1"]'
    assert "access.owners" in cli.fails("access", "deny", "telegram:1", code=1)
    assert [grant["role"] for grant in cli.run("access", "list", "--json").json] == ["owner"]


def test_a_failure_in_the_chat_is_one_line_and_with_verbose_its_traceback(cli: Cli, tmp_path: Path) -> None:
    plugin = tmp_path / "broken_plugin.py"
    plugin.write_text(
        "from bot import Context, Plugin, command\n"
        "class Broken(Plugin):\n"
        "    @command('crash', 'fail')\n"
        "    async def crash(self, context: Context) -> str:\n"
        "        raise RuntimeError('no parrot\\nhere')\n"
    )
    cli.env |= {"PYTHONPATH": str(tmp_path), "SCRUBJAY_PLUGINS__ENABLED": '["broken_plugin:Broken"]'}
    brief = cli.run("chat", stdin="/crash\n", code=None).err
    assert "the plugin Broken failed on message" in brief
    assert "RuntimeError: no parrot here" in brief
    assert "Traceback" not in brief
    assert "Traceback" in cli.run("-v", "chat", stdin="/crash\n", code=None).err
