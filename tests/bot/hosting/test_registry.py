from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.configuration.settings import PluginSettings
from bot.errors import ConfigError, PluginError
from bot.hosting.files import read_plugin_file
from bot.hosting.registry import PluginRegistry, run_within
from memory.plugin_records import PluginState
from plugins.help import HelpPlugin
from tests.bot.hosting.test_files import DICE, written

NOTHING: Mapping[str, PluginState] = {}


def registry(folder: Path, **settings: Any) -> PluginRegistry:
    return PluginRegistry(folder, PluginSettings.model_validate(settings))


def enabled(path: Path) -> dict[str, PluginState]:
    return {path.stem: PluginState(path.stem, enabled=True, digest=read_plugin_file(path).digest)}


def names(registry: PluginRegistry, states: Mapping[str, PluginState] = NOTHING) -> set[str]:
    return {plugin.name for plugin in registry.load(states)}


def test_installed_plugins_are_on_unless_the_settings_or_an_owner_say_otherwise(tmp_path: Path) -> None:
    assert {"memory", "help"} <= names(registry(tmp_path))
    assert names(registry(tmp_path, enabled=["help"])) == {"help"}
    assert "help" not in names(registry(tmp_path, disabled=["help"]))
    on, off = PluginState("help", enabled=True), PluginState("help", enabled=False)
    assert "help" in names(registry(tmp_path, disabled=["help"]), {"help": on})
    assert "help" not in names(registry(tmp_path), {"help": off})
    assert "help" in names(registry(tmp_path), {"help": replace(off, enabled=None)})


def test_a_single_file_runs_only_as_it_was_when_an_owner_enabled_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = written(tmp_path, DICE)
    own = registry(tmp_path, enabled=["dice"])
    (found,) = (each for each in own.find_all().values() if each.name == "dice")
    assert own.status(found, PluginState("dice")).word == "new"
    assert names(own) == set()
    states = enabled(path)
    assert names(own, states) == {"dice"}
    path.write_text(DICE + "\n# one more line\n", encoding="utf-8")
    assert names(own, states) == set()
    assert "The plugin dice does not run: it has changed since it was enabled" in caplog.text


def test_a_file_with_the_name_of_an_installed_plugin_never_runs(tmp_path: Path) -> None:
    path = written(tmp_path, DICE, "help.py")
    found = registry(tmp_path).find_all()
    assert "rename the file" in str(found["help.py"].problem)
    (plugin,) = registry(tmp_path, enabled=["help"]).load(enabled(path))
    assert isinstance(plugin, HelpPlugin)


def test_files_that_are_no_plugins_are_listed_with_what_is_wrong(tmp_path: Path) -> None:
    written(tmp_path, DICE, "Not-A-Name.py")
    written(tmp_path, "def (", "broken.py")
    found = registry(tmp_path).find_all()
    assert "name it in a-z" in str(found["Not-A-Name.py"].problem)
    with pytest.raises(PluginError, match="line 1 is not Python"):
        found["broken"].summary()
    assert "memory" in names(registry(tmp_path))


def test_installed_plugins_are_described_without_being_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    package = tmp_path / "never_imported"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('imported')")
    (package / "dice.py").write_text('class Dice:\n    """Rolls.\n\n    More."""\nraise RuntimeError("imported")')
    found = registry(tmp_path, enabled=["never_imported.dice:Dice", "never_imported.gone:Dice"]).find_all()
    assert found["never_imported.dice:Dice"].summary() == "Rolls."
    assert found["never_imported.gone:Dice"].summary() == ""
    assert found["help"].summary() == (HelpPlugin.__doc__ or "")
    assert found["reminders"].summary().startswith("Reminders: ")  # its package has the class from a module in it
    assert found["help"].where.startswith("scrubjay ")
    assert "never_imported" not in sys.modules


def test_settings_for_a_plugin_that_is_not_there_are_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not installed: memroy"):
        registry(tmp_path, settings={"memroy": {}}).load(NOTHING)


def test_wrong_settings_of_the_file_stop_the_start_and_those_of_a_chat_only_the_plugin(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ConfigError, match="memory are wrong: listed"):
        registry(tmp_path, settings={"memory": {"listed": 1000}}).load(NOTHING)
    loaded = names(registry(tmp_path), {"memory": PluginState("memory", settings={"listed": 1000})})
    assert "memory" not in loaded
    assert "help" in loaded
    assert "/plugins unset takes back what was set" in caplog.text


def test_what_owners_set_goes_before_the_settings_file(tmp_path: Path) -> None:
    own = registry(tmp_path, settings={"memory": {"listed": 3, "confirm_from": 4}})
    assert own.table("memory", PluginState("memory", settings={"listed": 5})) == {"listed": 5, "confirm_from": 4}


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("raise RuntimeError('no luck')", "RuntimeError: no luck"),
        ("import nothing_of_that_name", "ModuleNotFoundError"),
        ("import sys; sys.exit()", "calls sys.exit() as it is imported"),
        ("Broken = 3", "not a class that derives from bot.Plugin"),
        ("x = 1", "AttributeError"),
        ("def broken(:", "SyntaxError"),
        ("from bot import Plugin\nclass Broken(Plugin):\n def __init__(self, s): raise OSError('no')", "OSError: no"),
    ],
)
def test_a_plugin_that_can_not_be_imported_is_named_and_left_out(
    source: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    module = f"broken_{abs(hash(source))}"
    (tmp_path / f"{module}.py").write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))
    loaded = registry(tmp_path / "plugins", enabled=[f"{module}:Broken", "help"]).load(NOTHING)
    assert [type(plugin) for plugin in loaded] == [HelpPlugin]
    assert module in caplog.text
    assert why in caplog.text
    sys.modules.pop(module, None)


def test_one_that_calls_itself_something_else_is_refused(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = written(tmp_path, DICE.replace("Plugin):", 'Plugin):\n    name = "memory"\n'))
    assert "dice" not in names(registry(tmp_path), enabled(path))
    assert "dice calls itself memory; give both the same name" in caplog.text


def test_an_import_that_hangs_is_given_up(tmp_path: Path) -> None:
    path = written(tmp_path, "import threading; threading.Event().wait(60)")
    with pytest.raises(PluginError, match=r"dice was not imported within 0\.05 seconds"):
        run_within(0.05, read_plugin_file(path).load, "dice")
