from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot import Plugin
from bot.errors import ConfigError, PluginError
from bot.loader import PLUGINS, installed, load, load_plugins
from plugins.help import HelpPlugin
from plugins.memory import MemoryPlugin


class Dice(Plugin):
    class Settings(BaseModel):
        sides: int = 6

    settings: Settings


def test_the_built_in_plugins_are_found_by_their_entry_points() -> None:
    assert {"memory", "help"} <= set(installed(PLUGINS))
    assert load(PLUGINS, "memory") is MemoryPlugin
    assert any(isinstance(plugin, HelpPlugin) for plugin in load_plugins(None, (), {}))


def test_a_dotted_name_is_found_without_an_entry_point() -> None:
    assert load(PLUGINS, "plugins.help:HelpPlugin") is HelpPlugin


def test_a_name_that_is_not_installed_is_refused_with_those_that_are() -> None:
    with pytest.raises(PluginError, match=r'nothing called "nonsense".*memory'):
        load(PLUGINS, "nonsense")


def test_settings_are_validated_by_the_plugins_own_model() -> None:
    (plugin,) = load_plugins(["memory"], (), {"memory": {"listed": 3}})
    assert isinstance(plugin, MemoryPlugin)
    assert plugin.settings.listed == 3
    with pytest.raises(ConfigError, match="memory are wrong: listed: Input should be less than"):
        load_plugins(["memory"], (), {"memory": {"listed": 1000}})
    with pytest.raises(ConfigError, match="lsited: Extra"):
        load_plugins(["memory"], (), {"memory": {"lsited": 1}})
    with pytest.raises(ConfigError, match="help are wrong"):
        load_plugins(["help"], (), {"help": {"anything": 1}})


def test_settings_for_a_plugin_that_is_not_there_are_a_mistake() -> None:
    with pytest.raises(ConfigError, match="not installed: memroy"):
        load_plugins(None, (), {"memroy": {}})


def test_a_plugin_that_is_disabled_is_not_loaded() -> None:
    assert not any(isinstance(plugin, HelpPlugin) for plugin in load_plugins(None, ["help"], {}))


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("raise RuntimeError('no luck')", "RuntimeError: no luck"),
        ("import nothing_of_that_name", "ModuleNotFoundError"),
        ("Broken = 3", "no class that derives from bot.Plugin"),
        ("x = 1", "AttributeError"),
        ("def broken(:", "SyntaxError"),
    ],
)
def test_a_plugin_that_can_not_be_imported_is_named_and_left_out(
    source: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    module = f"broken_{abs(hash(source))}"
    (tmp_path / f"{module}.py").write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))
    loaded = load_plugins([f"{module}:Broken", "help"], (), {})
    assert [type(plugin) for plugin in loaded] == [HelpPlugin]
    assert module in caplog.text
    assert why in caplog.text
    sys.modules.pop(module, None)
