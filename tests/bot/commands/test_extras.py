from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.configuration.extras import EXTRAS, install_command, is_installed, requirements_of
from tests.bot.commands.conftest import Cli


def test_the_list_names_each_extra_with_its_size_and_whether_it_is_there(tmp_path: Path) -> None:
    listed = json.loads(Cli(tmp_path).run("extras", "list", "--json").out)
    assert [record["name"] for record in listed] == [extra.name for extra in EXTRAS]
    assert all(record["megabytes"] > 0 and isinstance(record["installed"], bool) for record in listed)
    told = Cli(tmp_path).run("extras", "list").out
    assert "voice notes" in told
    assert "scrubjay extras add NAME" in told


def test_adding_installs_into_this_environment_what_the_package_itself_requires(tmp_path: Path) -> None:
    done = Cli(tmp_path).run("extras", "add", "telegram", "web", "--dry-run")
    assert done.code == 0
    assert '"python-telegram-bot[rate-limiter]>=' in done.out
    assert "trafilatura>=" in done.out
    assert "extra ==" not in done.out


def test_an_extra_that_there_is_not_is_refused_with_those_there_are(tmp_path: Path) -> None:
    assert 'there is no extra "voice"; there are telegram, ' in Cli(tmp_path).fails("extras", "add", "voice", code=1)


def test_broken_settings_do_not_keep_an_extra_from_being_listed(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("nonsense = [")
    assert Cli(tmp_path).run("--config", str(tmp_path / "config.toml"), "extras", "list").code == 0


@pytest.mark.parametrize("extra", [extra.name for extra in EXTRAS])
def test_each_extra_requires_something_without_a_mark_of_its_own(extra: str) -> None:
    assert requirements_of(extra)
    assert not [requirement for requirement in requirements_of(extra) if "extra" in requirement]


def test_the_command_of_a_refusal_is_one_that_there_is() -> None:
    assert install_command("audio") == "scrubjay extras add audio"


def test_what_nobody_requires_is_never_called_installed() -> None:
    assert is_installed("discord")  # the tests' environment has every extra that is tested
    assert requirements_of("no-such-extra") == []
