from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import pytest

from bot.errors import PluginError
from bot.hosting.files import MOST_BYTES, read_plugin_file

DICE = '''"""Rolls dice.

More about it.
"""

from bot import Context, Plugin, command


class Dice(Plugin):
    @command("roll", "rolls")
    async def roll(self, context: Context, sides: int = 6) -> str:
        return str(sides)
'''


def written(folder: Path, source: str, name: str = "dice.py") -> Path:
    path = folder / name
    path.write_text(source, encoding="utf-8")
    return path


def test_a_file_is_described_without_being_run(tmp_path: Path) -> None:
    file = read_plugin_file(written(tmp_path, DICE + "\nraise SystemExit('I was run')\n"))
    assert file.name == "dice"
    assert file.summary == "Rolls dice."
    assert file.digest == hashlib.sha256(file.path.read_bytes()).hexdigest()


def test_what_is_run_is_what_was_read(tmp_path: Path) -> None:
    path = written(tmp_path, DICE)
    file = read_plugin_file(path)
    path.write_text("raise SystemExit('changed')", encoding="utf-8")
    assert file.load().__name__ == "Dice"


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("def broken(:", r"dice\.py, line 1 is not Python: invalid syntax"),
        ("a\0b", r"dice\.py.* is not Python"),
        ("(" * 500, r"dice\.py.* is not Python"),
        ("raise RuntimeError('no luck')", r"dice\.py can't be imported: RuntimeError: no luck"),
        ("import sys; sys.exit(3)", r"dice\.py calls sys\.exit\(\) as it is imported"),
        ("import nothing_of_that_name", "ModuleNotFoundError: No module named 'nothing_of_that_name'"),
        ("x = 1", r"it must define one class that derives from bot\.Plugin \(found: none\)"),
        ("from bot import Plugin", r"\(found: none\)"),
        (
            "from bot import Plugin\nclass A(Plugin): pass\nclass B(Plugin): pass",
            r"\(found: A, B\)",
        ),
        (
            "from bot import Plugin, command\nclass A(Plugin):\n  @command('Roll it', '')\n  async def a(self, c): ...",
            "'Roll it' can't be a command's name",
        ),
    ],
)
def test_a_file_that_is_no_plugin_is_refused_with_the_reason(source: str, why: str, tmp_path: Path) -> None:
    known = set(sys.modules)
    with pytest.raises(PluginError, match=why):
        read_plugin_file(written(tmp_path, source)).load()
    assert not {name for name in set(sys.modules) - known if "plugin_file" in name and "bot." not in name}


def test_a_helper_class_with_an_underscore_is_no_second_plugin(tmp_path: Path) -> None:
    source = "from bot import Plugin\nclass _Base(Plugin): pass\nclass A(_Base): pass"
    assert read_plugin_file(written(tmp_path, source)).load().__name__ == "A"


@pytest.mark.parametrize("name", ["Dice.py", "di-ce.py", "1dice.py", "dice.txt", ".dice.py"])
def test_a_file_whose_name_no_plugin_can_have_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(PluginError, match="name it in a-z, 0-9 and _"):
        read_plugin_file(written(tmp_path, DICE, name))


def test_what_is_no_file_too_large_or_gone_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    os.mkfifo(tmp_path / "pipe.py")
    for name in ("folder.py", "pipe.py", "gone.py"):
        with pytest.raises(PluginError, match=f"{name} is not a file"):
            read_plugin_file(tmp_path / name)
    with pytest.raises(PluginError, match="more than 1 MiB; make a package of it"):
        read_plugin_file(written(tmp_path, "#" * (MOST_BYTES + 1)))
