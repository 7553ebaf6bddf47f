from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

import pytest

from bot.configuration.settings import PluginSettings
from bot.hosting.files import read_plugin_file
from bot.hosting.registry import PluginRegistry
from bot.pipeline.core import CoreOptions
from bot.testing import Chat, chat
from plugins.help import HelpPlugin
from plugins.plugins import PluginsPlugin

DICE = '''"""Rolls dice."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, SecretStr

from bot import Context, Plugin, command


class Dice(Plugin):
    class Settings(BaseModel):
        sides: int = Field(6, ge=2, description="how many sides a die has")
        colour: Literal["red", "blue"] = "red"
        tags: list[str] = []
        note: str = ""
        token: SecretStr = SecretStr("hush")

    settings: Settings

    @command("roll", "rolls a die")
    async def roll(self, context: Context) -> str:
        return f"{self.settings.sides} {self.settings.colour} {self.settings.tags} {self.settings.note}"
'''

PATIENT = CoreOptions(grace=1)
"""Processes start slowly on a busy machine."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    (plugins / "dice.py").write_text(DICE, encoding="utf-8")
    return plugins


def registry(folder: Path, **settings: Any) -> PluginRegistry:
    """Return a registry on which nothing but /plugins and the single files is on."""
    return PluginRegistry(folder, PluginSettings.model_validate({"enabled": ["plugins", "help"], **settings}))


async def enabled(ann: Chat, name: str = "dice") -> str:
    assert "Run it as it is now?" in (await ann.says(f"/plugins enable {name}"))[0]
    return (await ann.says("yes"))[0]


async def test_an_owner_enables_a_file_once_they_have_seen_its_digest(tmp_path: Path, folder: Path) -> None:
    digest = read_plugin_file(folder / "dice.py").digest
    async with chat(tmp_path, options=PATIENT, registry=registry(folder)) as ann:
        assert "**dice** off: Rolls dice. (it was never enabled" in (await ann.says("/plugins"))[0]
        assert digest in (await ann.says("/plugins info dice"))[0]
        (asked,) = await ann.says("/plugins enable dice")
        assert f"sha256 {digest[:12]}…" in asked
        assert await ann.says("no") == ["dice stays off."]
        assert "no command /roll" in (await ann.says("/roll"))[0]
        assert await enabled(ann) == "dice is on."
        assert await ann.says("/roll") == ["6 red [] "]
        assert "- **dice** on: Rolls dice." in (await ann.says("/plugins"))[0]
        assert "/roll" in (await ann.says("/help"))[0]
    async with chat(tmp_path, options=PATIENT, registry=registry(folder), first_minute=100) as ann:
        assert await ann.says("/roll") == ["6 red [] "]


async def test_a_changed_file_is_not_run_until_it_is_enabled_again(tmp_path: Path, folder: Path) -> None:
    async with chat(tmp_path, options=PATIENT, registry=registry(folder)) as ann:
        await enabled(ann)
        (folder / "dice.py").write_text(DICE.replace("= Field(6", "= Field(20"), encoding="utf-8")
        assert await ann.says("/roll") == ["6 red [] "]
        (told,) = await ann.says("/plugins reload dice")
        assert told.startswith("dice is off: it has changed since it was enabled")
        assert await enabled(ann) == "dice is on."
        assert await ann.says("/roll") == ["20 red [] "]
    (folder / "dice.py").write_text("raise SystemExit", encoding="utf-8")
    async with chat(tmp_path, options=PATIENT, registry=registry(folder), first_minute=100) as ann:
        assert "(it has changed since it was enabled" in (await ann.says("/plugins"))[0]
        assert "no command /roll" in (await ann.says("/roll"))[0]


async def test_a_file_that_changes_between_question_and_answer_is_not_run(tmp_path: Path, folder: Path) -> None:
    async with chat(tmp_path, options=PATIENT, registry=registry(folder)) as ann:
        await ann.says("/plugins enable dice")
        (folder / "dice.py").write_text(DICE + "\nraise SystemExit", encoding="utf-8")
        assert await ann.says("yes") == ["dice has just been changed; look at it, and enable it again."]


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("def (", "line 1 is not Python"),
        ("raise RuntimeError('no luck')", "dice stays as it was: dice.py can't be imported: RuntimeError: no luck"),
        ("import sys; sys.exit()", "dice stays as it was: dice.py calls sys.exit() as it is imported"),
        ("x = 1", "it must define one class that derives from bot.Plugin"),
        (DICE + "\n    async def __aenter__(self):\n        raise OSError('no dice')", "OSError: no dice"),
        (
            DICE.replace("sides: int = Field(6,", "sides: int = Field("),
            "the settings of the plugin dice are wrong: sides",
        ),
    ],
)
async def test_a_file_that_can_not_run_is_not_enabled(source: str, why: str, tmp_path: Path, folder: Path) -> None:
    (folder / "dice.py").write_text(source, encoding="utf-8")
    async with chat(tmp_path, options=PATIENT, registry=registry(folder)) as ann:
        assert why in await enabled(ann)
        assert (await ann.memory.ledger.plugin_states.find("dice")).enabled is None
        assert await ann.says("/plugins disable dice") == ["dice is off."]


async def test_names_that_are_none_are_refused_with_what_was_perhaps_meant(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "outside.py").write_text(DICE, encoding="utf-8")
    async with chat(tmp_path, options=PATIENT, registry=registry(folder)) as ann:
        assert await ann.says("/plugins enable dcie") == ["There is no plugin “dcie”. Did you mean dice?"]
        for name in ("../outside", "outside.py", "/etc/passwd"):
            assert "There is no plugin" in (await ann.says(f"/plugins enable {name}"))[0]
        assert "Usage: `/plugins" in (await ann.says("/plugins explode dice"))[0]
        assert "Say which plugin" in (await ann.says("/plugins enable"))[0]


async def test_only_owners_may_decide_about_plugins(tmp_path: Path, folder: Path) -> None:
    async with chat(tmp_path, options=PATIENT, registry=registry(folder)) as ann:
        assert await ann.as_person("Bo").says("/plugins") == ["Only my owner may use /plugins."]


async def test_an_installed_plugin_is_switched_and_stays_so(tmp_path: Path, folder: Path) -> None:
    async with chat(tmp_path, options=PATIENT, registry=registry(folder)) as ann:
        assert await ann.says("/plugins enable memory") == ["memory is on."]
        assert await ann.says("/remember the boat is blue") == ["I'll remember that (no. 4)."]
        assert await ann.says("/plugins disable help") == ["help is off."]
        assert await ann.says("/plugins reload memory") == ["memory is reloaded."]
        assert "could not tell me to switch it on" in (await ann.says("/plugins disable plugins"))[0]
    async with chat(tmp_path, options=PATIENT, registry=registry(folder), first_minute=100) as ann:
        assert "no command /help" in (await ann.says("/help"))[0]
        assert "boat" in (await ann.says("/memories"))[0]


async def test_settings_are_shown_set_and_taken_back(tmp_path: Path, folder: Path) -> None:
    settings = {"dice": {"sides": 8, "token": "from the file"}}
    async with chat(tmp_path, options=PATIENT, registry=registry(folder, settings=settings)) as ann:
        await enabled(ann)
        (shown,) = await ann.says("/plugins settings dice")
        assert "- `sides` = 8 how many sides a die has" in shown
        assert "- `token` = (secret)" in shown
        assert "hush" not in shown
        assert "from the file" not in shown
        assert await ann.says("/plugins set dice sides 12") == ["sides is set, and dice goes on with it."]
        await ann.says('/plugins set dice tags ["a", "b"]')
        await ann.says("/plugins set dice note 100 percent")
        await ann.says("/plugins set dice colour blue")
        assert await ann.says("/roll") == ["12 blue ['a', 'b'] 100 percent"]
        assert "- `sides` = 12 (set in a chat)" in (await ann.says("/plugins settings dice"))[0]
        assert await ann.says("/plugins unset dice sides") == ["sides follows the settings file again."]
        assert (await ann.says("/roll"))[0].startswith("8 blue")
    async with chat(tmp_path, options=PATIENT, registry=registry(folder, settings=settings), first_minute=100) as ann:
        assert await ann.says("/roll") == ["8 blue ['a', 'b'] 100 percent"]


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("sides 1", "the settings of the plugin dice are wrong: sides: Input should be greater than or equal to 2"),
        ("sides many", "sides: Input should be a valid integer"),
        ("colour green", "colour: Input should be 'red' or 'blue'"),
        ("tags red", "tags: Input should be a valid list"),
        ("tags [1", "tags: Input should be a valid list"),
        ("nonsense 1", "There is no setting “nonsense” (there are: sides, colour, tags, note, token)."),
        ("token abc", "token is a secret, and chats are stored: put it in the settings file instead."),
        ("sides", "Say what: `/plugins set dice SETTING VALUE`"),
    ],
)
async def test_a_value_that_will_not_do_changes_nothing(setting: str, why: str, tmp_path: Path, folder: Path) -> None:
    async with chat(tmp_path, options=PATIENT, registry=registry(folder)) as ann:
        await enabled(ann)
        await ann.says("/plugins set dice note kept")
        assert why in (await ann.says(f"/plugins set dice {setting}"))[0]
        assert (await ann.memory.ledger.plugin_states.find("dice")).settings == {"note": "kept"}
        assert await ann.says("/roll") == ["6 red [] kept"]


async def test_settings_of_a_plugin_that_is_off_are_checked_too(tmp_path: Path, folder: Path) -> None:
    async with chat(tmp_path, options=PATIENT, registry=registry(folder)) as ann:
        assert "must be enabled before" in (await ann.says("/plugins set dice sides 12"))[0]
        assert "listed: Input should be" in (await ann.says("/plugins set memory listed 5000"))[0]
        assert await ann.says("/plugins set memory listed 5") == ["listed is set, and memory goes on with it."]
        assert (await ann.memory.ledger.plugin_states.find("memory")).enabled is None


async def test_commands_that_another_plugin_has_are_named_on_enabling(tmp_path: Path, folder: Path) -> None:
    (folder / "dice.py").write_text(DICE.replace('"roll"', '"help"'), encoding="utf-8")
    async with chat(tmp_path, options=PATIENT, registry=registry(folder)) as ann:
        assert await enabled(ann) == "dice is on. /help stays with help."


async def test_what_another_process_decides_is_followed(
    tmp_path: Path, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    digest = read_plugin_file(folder / "dice.py").digest
    async with chat(tmp_path, options=PATIENT, registry=registry(folder)) as ann:
        states = ann.memory.ledger.plugin_states
        manager = ann.core.services.hosting.manager
        assert manager is not None
        await states.switch("dice", enabled=True, digest=digest)
        await manager.catch_up()
        assert await ann.says("/roll") == ["6 red [] "]
        await states.set("dice", {"sides": 3})
        await manager.catch_up()
        assert await ann.says("/roll") == ["3 red [] "]
        await states.switch("dice", enabled=True, digest="another")
        await manager.catch_up()
        assert "no command /roll" in (await ann.says("/roll"))[0]
        with caplog.at_level(logging.ERROR):
            (folder / "dice.py").write_text("x = 1", encoding="utf-8")
            await states.switch("dice", enabled=True, digest=read_plugin_file(folder / "dice.py").digest)
            await manager.catch_up()
        assert "dice stays as it was" in caplog.text
        assert "(dice stays as it was: dice.py: it must define one class" in (await ann.says("/plugins"))[0]


async def test_where_the_plugins_are_fixed_it_says_so(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[PluginsPlugin(), HelpPlugin()]) as ann:
        assert await ann.says("/plugins") == ["The plugins are fixed here."]


async def test_a_plugin_in_a_process_of_its_own_is_switched_set_and_reloaded_alike(
    tmp_path: Path, folder: Path
) -> None:
    source = DICE + '\n    @command("pid", "which process")\n    async def pid(self, _: Context) -> str:\n        '
    (folder / "dice.py").write_text(source + "import os\n        return str(os.getpid())\n", encoding="utf-8")
    async with chat(tmp_path, options=PATIENT, registry=registry(folder, processes={"dice": {}})) as ann:
        assert "must be enabled before" in (await ann.says("/plugins set dice sides 12"))[0]
        await enabled(ann)
        (first,) = await ann.says("/pid")
        assert first not in ("", str(os.getpid()))
        assert "`token` = (secret)" in (await ann.says("/plugins settings dice"))[0]
        assert "sides: Input should be greater than" in (await ann.says("/plugins set dice sides 1"))[0]
        assert await ann.says("/pid") == [first]
        await ann.says("/plugins set dice sides 12")
        assert await ann.says("/roll") == ["12 red [] "]
        (second,) = await ann.says("/pid")
        await ann.says("/plugins reload dice")
        assert len({first, second, *(await ann.says("/pid"))}) == 3
        await ann.says("/plugins disable dice")
        assert "no command /pid" in (await ann.says("/pid"))[0]


async def test_a_plugin_that_the_settings_name_and_nobody_has_is_shown_as_off(tmp_path: Path, folder: Path) -> None:
    async with chat(tmp_path, options=PATIENT, registry=registry(folder, enabled=["plugins", "weather"])) as ann:
        assert "- **weather** off (it could not be started; the log says why)" in (await ann.says("/plugins"))[0]
        assert 'nothing called "weather" is installed' in (await ann.says("/plugins enable weather"))[0]


async def test_a_plugin_that_failed_too_often_is_shown_with_the_reason(tmp_path: Path, folder: Path) -> None:
    async with chat(tmp_path, options=PATIENT, registry=registry(folder)) as ann:
        await enabled(ann)
        digest = read_plugin_file(folder / "dice.py").digest
        states = ann.memory.ledger.plugin_states
        await states.switch("dice", enabled=False, digest=digest, reason="it failed 3 times in a row")
        manager = ann.core.services.hosting.manager
        assert manager is not None
        await manager.catch_up()
        (listed,) = await ann.says("/plugins")
        assert "- **dice** off after failures: Rolls dice. (it failed 3 times in a row)" in listed
        assert await enabled(ann) == "dice is on."
        assert (await states.find("dice")).reason is None
