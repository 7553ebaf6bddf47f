"""Runs the plugin of the guide to storage and jobs, and compares its numbers with those in force."""

from __future__ import annotations

import re
import textwrap
from datetime import timedelta
from pathlib import Path

from bot.configuration.settings import LimitSettings
from bot.hosting.isolation import FAILURES
from bot.hosting.tasks import PATIENCE
from bot.jobs.run import BACKOFF
from bot.pipeline.core import CoreOptions
from bot.testing import chat
from memory.plugin_records import MAX_KEY, MAX_KEYS, MAX_VALUE

GUIDE = (Path(__file__).parents[2] / "docs" / "plugin-jobs.md").read_text("utf-8")
PLUGIN, SCRIPT = re.findall(r"^```python\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


async def test_the_plugin_of_the_guide_does_what_its_script_says(tmp_path: Path) -> None:
    names = {"tmp_path": tmp_path, "chat": chat, "timedelta": timedelta, "__name__": "guide"}
    exec(PLUGIN, names)  # noqa: S102 (the guide's own code)
    exec(f"async def script():\n{textwrap.indent(SCRIPT, '    ')}", names)  # noqa: S102
    script: object = names["script"]
    assert callable(script)
    await script()


def test_the_numbers_of_the_guide_are_those_in_force() -> None:
    assert (MAX_VALUE, MAX_KEY, MAX_KEYS) == (256 * 1024, 200, 10_000)
    assert [delay / timedelta(minutes=1) for delay in BACKOFF] == [1, 5]
    assert FAILURES == 3
    assert LimitSettings().handler_deadline == 5 * 60
    assert CoreOptions().block_seconds == 5
    assert PATIENCE == 1
