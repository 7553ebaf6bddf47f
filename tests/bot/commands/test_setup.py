from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.bot.commands.conftest import Cli
from tests.bot.commands.terminal_session import TerminalSession


def settings_of(cli: Cli) -> dict[str, Any]:
    return tomllib.loads((cli.home / ".config" / "scrubjay" / "config.toml").read_text("utf-8"))


def test_with_yes_nothing_is_asked_and_the_first_answer_works(cli: Cli) -> None:
    said = cli.run("setup", "--yes").out
    assert f"Settings: {cli.home}/.config/scrubjay/config.toml" in said
    assert f"Memory and models: {cli.data}" in said
    cli.run("remember", "the spare key is with Inês")
    assert "Inês" in cli.run("ask", "who has the spare key?").out


def test_it_can_be_repeated_and_keeps_what_was_set(cli: Cli) -> None:
    cli.run("setup", "--yes", "--model", "none")
    before = settings_of(cli)
    assert before["model"] == {"engine": "extractive"}
    cli.run("setup", "--yes")
    assert settings_of(cli) == before
    cli.run("setup", "--yes", "--model", "http://127.0.0.1:8080/v1")
    assert settings_of(cli)["model"] == {"engine": "openai", "base_url": "http://127.0.0.1:8080/v1"}


def test_the_folder_of_the_data_goes_into_the_settings(cli: Cli) -> None:
    cli.run("--data", str(cli.home / "elsewhere"), "setup", "--yes")
    assert settings_of(cli)["data"] == {"dir": f"{cli.home}/elsewhere"}
    cli.run("--data", str(cli.home / "moved"), "setup", "--yes")
    assert settings_of(cli)["data"] == {"dir": f"{cli.home}/moved"}


def test_a_token_is_tried_and_what_does_not_work_is_not_kept(cli: Cli, unused_tcp_port: int) -> None:
    cli.env["SCRUBJAY_ADAPTERS__TELEGRAM__BASE_URL"] = f"http://127.0.0.1:{unused_tcp_port}/bot"
    token = "123456789:" + "A" * 35
    said = cli.fails("setup", "--yes", "--token", f"telegram={token}", code=1)
    assert "telegram was not set up" in said
    assert token not in said
    assert "adapters" not in settings_of(cli)


@pytest.mark.parametrize("token", ["irc=1", "slack.secret=1", "telegram", "telegram="])
def test_a_token_for_nothing_is_refused(cli: Cli, token: str) -> None:
    assert "--token takes telegram=…" in cli.fails("setup", "--yes", "--token", token, code=1)


def test_an_unknown_model_is_refused(cli: Cli) -> None:
    assert 'there is no model "gpt-9"' in cli.fails("setup", "--yes", "--model", "gpt-9", code=1)


def test_a_language_is_set_by_its_name_or_code_and_spoken_at_once(cli: Cli) -> None:
    said = cli.run("setup", "--yes", "--language", "Deutsch").out
    assert settings_of(cli)["assistant"] == {"language": "de"}
    assert "Sprache: Deutsch." in said
    assert "Einstellungen:" in said
    assert "Einstellungen:" in cli.run("setup", "--yes").out
    assert "Settings:" in cli.run("setup", "--yes", "--language", "en").out
    cli.run("setup", "--yes", "--language", "auto")
    assert settings_of(cli)["assistant"] == {"language": "auto"}


def test_a_language_that_the_bot_does_not_speak_is_refused_with_those_that_it_speaks(cli: Cli) -> None:
    said = cli.fails("setup", "--yes", "--language", "Klingon", code=1)
    assert "Klingon" in said
    assert "français" in said
    assert "language" not in settings_of(cli).get("assistant", {})


def test_in_a_terminal_each_step_is_asked_once_and_the_rest_in_the_language_that_was_chosen(cli: Cli) -> None:
    with TerminalSession(cli, "setup") as terminal:
        terminal.answer("Language of the bot", "Klingon")
        terminal.answer("Language of the bot", "italiano")
        terminal.answer("Modello", "")
        for platform in ("Telegram", "Discord", "Slack", "WhatsApp"):
            terminal.answer(platform, "")
        assert terminal.ends() == 0
    assert settings_of(cli)["assistant"] == {"language": "it"}
    assert settings_of(cli)["model"] == {"engine": "extractive"}
    with TerminalSession(cli, "setup") as again:
        again.answer("Telegram", "")  # nothing before it, for language and model are set
        for platform in ("Discord", "Slack", "WhatsApp"):
            again.answer(platform, "")
        assert again.ends() == 0
    assert "Lingua" not in again.shown


def test_enter_leaves_the_language_to_what_is_written_and_is_an_answer_too(cli: Cli) -> None:
    cli.run("setup", "--yes", "--model", "none")
    with TerminalSession(cli, "setup") as terminal:
        terminal.answer("Language of the bot", "")
        terminal.answer("Telegram", "")
        for platform in ("Discord", "Slack", "WhatsApp"):
            terminal.answer(platform, "")
        assert terminal.ends() == 0
    assert settings_of(cli)["assistant"] == {"language": "auto"}


def test_without_a_terminal_it_says_how_to_go_on(cli: Cli) -> None:
    assert "add --yes" in cli.run("setup", code=2).err
    assert not (cli.home / ".config").exists()


def test_a_file_of_ones_own_is_set_up_too(cli: Cli) -> None:
    config = Path(cli.home, "mine.toml")
    cli.run("--config", str(config), "setup", "--yes", "--model", "none")
    assert tomllib.loads(config.read_text("utf-8"))["model"] == {"engine": "extractive"}
    assert config.stat().st_mode & 0o077 == 0
