from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from bot.plugin_process.plugin import PluginInProcess
from bot.plugin_process.process import ProcessOptions

Make = Callable[..., PluginInProcess]


@pytest.fixture
def in_process(tmp_path: Path) -> Make:
    """Return how to make a plugin that runs in a process of its own from its source."""

    def make(
        source: str,
        *,
        name: str = "far",
        settings: Mapping[str, object] | None = None,
        options: ProcessOptions | None = None,
    ) -> PluginInProcess:
        text = "from __future__ import annotations\n" + dedent(source)
        target = {"file": str(tmp_path / f"{name}.py"), "source": base64.b64encode(text.encode()).decode()}
        return PluginInProcess(name, target, settings or {}, options or ProcessOptions())

    return make
