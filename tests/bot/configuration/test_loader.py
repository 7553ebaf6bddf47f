from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from bot.configuration.loader import PLUGINS, list_installed, load, make_plugin
from bot.errors import ConfigError, PluginError
from plugins.help import HelpPlugin
from plugins.memory import MemoryPlugin


def test_the_built_in_plugins_are_found_by_their_entry_points() -> None:
    assert {"memory", "help"} <= set(list_installed(PLUGINS))
    # Its class of now: a test of `/plugins reload memory` may have made a new one since this file was imported.
    assert load(PLUGINS, "memory") is sys.modules["plugins.memory"].MemoryPlugin


def test_a_package_that_is_installed_or_removed_meanwhile_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    before = list_installed(PLUGINS)
    described = tmp_path / "dice-1.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: dice\nVersion: 1.0\n")
    (described / "entry_points.txt").write_text(f"[{PLUGINS}]\ndice = plugins.help:HelpPlugin\n")
    os.utime(tmp_path, ns=(1, 1))  # (whatever the clock of the file system can tell apart)
    assert list_installed(PLUGINS) == sorted([*before, "dice"])
    assert load(PLUGINS, "dice") is HelpPlugin
    shutil.rmtree(described)
    os.utime(tmp_path, ns=(2, 2))
    assert list_installed(PLUGINS) == before


def test_a_dotted_name_is_found_without_an_entry_point() -> None:
    assert load(PLUGINS, "plugins.help:HelpPlugin") is HelpPlugin


def test_a_name_that_is_not_installed_is_refused_with_those_that_are() -> None:
    with pytest.raises(PluginError, match=r'nothing called "nonsense".*memory'):
        load(PLUGINS, "nonsense")


def test_settings_are_validated_by_the_plugins_own_model() -> None:
    plugin = make_plugin(MemoryPlugin, "memory", {"listed": 3})
    assert isinstance(plugin, MemoryPlugin)
    assert plugin.settings.listed == 3
    with pytest.raises(ConfigError, match="memory are wrong: listed: Input should be less than"):
        make_plugin(MemoryPlugin, "memory", {"listed": 1000})
    with pytest.raises(ConfigError, match="lsited: Extra"):
        make_plugin(MemoryPlugin, "memory", {"lsited": 1})
    with pytest.raises(ConfigError, match="help are wrong"):
        make_plugin(HelpPlugin, "help", {"anything": 1})


def test_a_module_is_run_again_when_it_is_wanted_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "reloaded_module.py").write_text("VALUE = 1")
    assert load(PLUGINS, "reloaded_module:VALUE") == 1
    (tmp_path / "reloaded_module.py").write_text("VALUE = 22")
    assert load(PLUGINS, "reloaded_module:VALUE") == 1
    assert load(PLUGINS, "reloaded_module:VALUE", reimport=True) == 22
    sys.modules.pop("reloaded_module")
