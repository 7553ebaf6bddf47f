"""The page about replies: each block of it is a plugin that does what the page says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot import Plugin
from bot.answering.tools import MOST_CALLS
from bot.events import MOST_FILE_BYTES, MOST_FILES
from bot.pipeline.core import CoreOptions
from bot.testing import ScriptedModel, chat
from plugins.memory import MemoryPlugin

PAGE = (Path(__file__).parents[2] / "docs" / "plugin-replies.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def plugin(name: str) -> Plugin:
    """Return the plugin of the block that declares it."""
    (block,) = [each for each in BLOCKS if f"class {name}(" in each]
    names: dict[str, object] = {}
    exec(compile(block, f"docs/plugin-replies.md {name}", "exec", dont_inherit=True), names)  # noqa: S102 (the page's own)
    made = names[name]
    assert isinstance(made, type)
    assert issubclass(made, Plugin)
    return made()


def test_every_block_is_used_here() -> None:
    assert [re.findall(r"class (\w+)\(Plugin\)", block) for block in BLOCKS] == [
        ["Kitchen"],
        ["Report"],
        ["Lamp"],
        ["Discreet"],
    ]


def test_the_limits_are_what_the_page_says() -> None:
    assert (MOST_FILES, MOST_FILE_BYTES, MOST_CALLS) == (10, 8_000_000, 4)


async def test_the_kitchen_lets_one_choose(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[plugin("Kitchen")]) as ann:
        await ann.says("/dinner")
        assert await ann.presses("Risotto") == ["Risotto it is."]


async def test_the_report_comes_as_a_file(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[plugin("Report"), MemoryPlugin()]) as ann:
        await ann.says("/remember the lamp is red")
        await ann.says("/report")
        (file,) = ann.last.files
        assert (file.name, file.data) == ("facts.csv", b"fact\nthe lamp is red\n")


@pytest.mark.parametrize("allowed", [True, False])
async def test_the_lamp_is_dimmed_by_the_model_where_the_settings_let_it(tmp_path: Path, allowed: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    lamp = plugin("Lamp")
    wanted = json.dumps({"calls": [{"tool": "dim", "arguments": {"percent": 30}}]})
    options = CoreOptions(tools=frozenset({"lamp"}) if allowed else frozenset())
    model = ScriptedModel(*([wanted, '{"calls": []}'] if allowed else []), "It is done.")
    async with chat(tmp_path, plugins=[lamp], model=model, options=options) as ann:
        await ann.says("Dim the lamp to 30, please")
    assert getattr(lamp, "percent", None) == (30 if allowed else 0)


async def test_discretion_keeps_what_is_private_out_of_answers(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[plugin("Discreet")]) as ann:
        await ann.says("The lamp in the attic was stolen #private")
        await ann.says("The lamp in the hall is red")
        (answer,) = await ann.says("What about the lamp?")
        assert "hall" in answer
        assert "stolen" not in answer
