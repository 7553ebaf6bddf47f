from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.bot.commands.conftest import ADAPTER
from tests.emulators.patience import PATIENCE

if TYPE_CHECKING:
    from tests.bot.commands.conftest import Cli


def wait_until(holds: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"{what} did not happen"
        time.sleep(0.05)


@contextmanager
def running(cli: Cli) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(  # noqa: S603 (the program under test)
        cli.command("run"), env=cli.env, cwd=cli.home, text=True, stderr=subprocess.PIPE
    )
    try:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Scrubjay runs on file with the model extractive.")
        yield process
    finally:
        process.kill()
        process.communicate()


def replies(cli: Cli) -> list[str]:
    out = cli.home / "out"
    return out.read_text("utf-8").splitlines() if out.exists() else []


def write(cli: Cli, line: str) -> None:
    with (cli.home / "in").open("a", encoding="utf-8") as inbox:
        inbox.write(line + "\n")


def test_the_command_line_works_while_the_bot_runs(bot: Cli) -> None:
    with running(bot):
        write(bot, "The wifi password is tortoise42")
        wait_until(lambda: len(replies(bot)) == 1, "the reply to the statement")
        write(bot, "what is the wifi password?")
        wait_until(lambda: len(replies(bot)) == 2, "the reply to the question")
        assert "tortoise42" in replies(bot)[1]
        bot.run("remember", "Said beside the running bot")
        everything = bot.run("memories", "--scope", "all", "--json").json
        assert {"Said beside the running bot", "The wifi password is tortoise42"} <= {
            each["text"] for each in everything
        }
        assert "tortoise42" in bot.run("ask", "the wifi password?", "--scope", "all").out
        backup = bot.home / "kept.db"
        bot.run("backup", str(backup))
        assert "is in use; stop Scrubjay first" in bot.fails("restore", str(backup), "--yes", code=5)
        assert bot.run("forget", "--matching", "tortoise42", "--scope", "all", "--yes").out.startswith("Forgotten: ")
        write(bot, "what is the wifi password?")
        wait_until(lambda: len(replies(bot)) == 3, "the reply after forgetting")
        assert "tortoise42" not in replies(bot)[2]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_bot_in_order(bot: Cli, number: signal.Signals) -> None:
    with running(bot) as process:
        write(bot, "The boat is blue")
        wait_until(lambda: len(replies(bot)) == 1, "a reply")
        process.send_signal(number)
        _, said = process.communicate(timeout=PATIENCE)
        assert (process.returncode, said) == (0, "Stopped.\n")
    assert "The boat is blue" in bot.run("memories", "--scope", "all").out


def test_a_hangup_reads_the_settings_again_and_keeps_the_old_ones_while_the_new_are_wrong(bot: Cli) -> None:
    config = bot.home / ".config" / "scrubjay" / "config.toml"
    good = config.read_text()
    with running(bot) as process:
        assert process.stderr is not None
        config.write_text(good + "[assistant]\nnaem = 'Jay'\n")
        process.send_signal(signal.SIGHUP)
        assert "so the old ones hold: " in process.stderr.readline()
        assert process.stderr.readline().startswith("Scrubjay runs on file")
        config.write_text(good + f"[backup]\nfolder = '{bot.home}/copies'\n")
        process.send_signal(signal.SIGHUP)
        assert process.stderr.readline().startswith("Scrubjay runs on file")
        wait_until(lambda: any((bot.home / "copies").glob("scrubjay-*.db")), "the backup of the new settings")
        write(bot, "The boat is blue")
        wait_until(lambda: len(replies(bot)) == 1, "a reply")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == 0


def test_run_without_a_platform_says_how_to_set_one_up(cli: Cli) -> None:
    assert "no chat platform is set up" in cli.fails("run", code=2)


def test_an_unknown_platform_and_a_wrong_setting_of_one_are_refused(bot: Cli) -> None:
    bot.env["SCRUBJAY_ADAPTERS__NOWHERE__KEY"] = "secret-token"
    assert '"nowhere" is installed' in bot.fails("run", code=1)
    del bot.env["SCRUBJAY_ADAPTERS__NOWHERE__KEY"]
    config = bot.home / ".config" / "scrubjay" / "config.toml"
    config.write_text(f'[adapters."{ADAPTER}"]\ninbox = "a"\noutbox = "b"\ntoken = "secret-token"\n')
    said = bot.fails("run", code=2)
    assert said.startswith(f"scrubjay: adapters.{ADAPTER}.token is not a setting")
    assert "secret-token" not in said
