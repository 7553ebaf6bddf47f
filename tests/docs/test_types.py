"""What the guides tell plugin and adapter authors to write passes `mypy --strict`, as their own checks would run it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUIDES = ("adapters.md", "plugins.md", "plugin-jobs.md", "plugin-replies.md")
EXAMPLES = ROOT / "docs" / "examples"
SOURCES = (EXAMPLES / "dice", EXAMPLES / "birthdays" / "src")


def test_the_examples_of_the_guides_pass_the_strictest_type_check(tmp_path: Path) -> None:
    written = [path for guide in GUIDES for path in _write_blocks(guide, tmp_path)]
    assert len(written) >= 7
    given = [*written, EXAMPLES / "dice", EXAMPLES / "birthdays"]
    checked = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", *map(str, given)],
        cwd=ROOT,
        env={**os.environ, "MYPYPATH": os.pathsep.join(map(str, [ROOT, *SOURCES, tmp_path]))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.stdout + checked.stderr == ""


def _write_blocks(guide: str, folder: Path) -> Iterator[Path]:
    """Write each block that defines a class as a module, with the tests that follow it."""
    text = (ROOT / "docs" / guide).read_text("utf-8")
    stem = guide.removesuffix(".md").replace("-", "_")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    tests = "".join(block for block in blocks if "async def test_" in block)
    plugins = [block for block in blocks if "\nclass " in block and block not in tests]
    for number, block in enumerate(plugins):
        path = folder / f"{stem}_{number}.py"
        path.write_text(block + (tests if number == 0 else ""), encoding="utf-8")
        yield path
