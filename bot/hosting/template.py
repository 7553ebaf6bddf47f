"""The plugin that `scrubjay plugins new` begins with, and its test: one file to run as it is, or to install."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path

from bot.configuration.loader import PLUGINS, list_installed
from bot.errors import CommandError
from bot.hosting.files import NAME
from bot.translation import gettext

_PLUGIN = '''"""Says hello, and counts how often it has."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from bot import Context, Plugin, command


class {class_name}(Plugin):
    """Says hello, and counts how often it has."""

    name = "{name}"

    class Settings(BaseModel):
        """What can be set, in [plugins.settings.{name}] or with /plugins set {name}."""

        greeting: str = Field("Hello", description="what to say")

    settings: Settings

    @command("{name}", "say hello")
    async def hello(self, context: Context, who: Annotated[str, "whom to greet"] = "") -> str:
        """Greet somebody, and count it for this conversation."""
        count = await context.store.here.get("count", 0, type=int) + 1
        await context.store.here.set("count", count)
        return f"{{self.settings.greeting}}, {{who or context.message.sender.name}}! (no. {{count}})"
'''

_TEST = """from __future__ import annotations

from pathlib import Path

from {name} import {class_name}

from bot.testing import chat


async def test_it_greets_and_counts(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[{class_name}()]) as ann:
        assert await ann.says("/{name}") == ["Hello, Ann! (no. 1)"]
        assert await ann.says("/{name} world") == ["Hello, world! (no. 2)"]


async def test_the_greeting_can_be_set(tmp_path: Path) -> None:
    plugin = {class_name}({class_name}.Settings(greeting="Ahoy"))
    async with chat(tmp_path, plugins=[plugin]) as ann:
        assert await ann.says("/{name}") == ["Ahoy, Ann! (no. 1)"]
"""

_PROJECT = """[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "scrubjay-{dashed}"
version = "0.1.0"
description = "Says hello, and counts how often it has."
requires-python = ">=3.11"
dependencies = ["scrubjay"]

[project.entry-points."scrubjay.plugins"]
{name} = "{name}:{class_name}"

[dependency-groups]
dev = ["pytest", "pytest-asyncio"]

[tool.hatch.build.targets.wheel]
only-include = ["{name}.py"]

[tool.pytest.ini_options]
asyncio_mode = "auto"
pythonpath = ["."]
"""


def render_files(name: str) -> Mapping[str, str]:
    """Return the files of a new plugin by their names. Raises CommandError for a name that won't do."""
    if not NAME.match(name) or len(name) > 32:
        raise CommandError(
            gettext("\"{name}\" can't be a plugin's name: use a-z, 0-9 and _, starting with a letter", name=name)
        )
    if name in list_installed(PLUGINS):
        raise CommandError(gettext("a plugin called {name} is installed already", name=name))
    if importlib.util.find_spec(name) is not None:
        raise CommandError(
            gettext(
                "a module called {name} is there already, and would be imported instead; take another name", name=name
            )
        )
    words = {
        "name": name,
        "class_name": "".join(word.capitalize() for word in name.split("_")),
        "dashed": name.replace("_", "-"),
    }
    files = {f"{name}.py": _PLUGIN, f"test_{name}.py": _TEST, "pyproject.toml": _PROJECT}
    return {file: text.format(**words) for file, text in files.items()}


def write_plugin(name: str, folder: Path) -> list[Path]:
    """Write a new plugin into a folder that is not there yet; return its files. Raises CommandError."""
    files = render_files(name)
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise CommandError(gettext("{folder} is there already; nothing was written", folder=folder)) from None
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8")
    return [folder / file for file in files]
