from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from bot.answering.writer import Writer
from bot.hosting.process.plugin import PluginInProcess
from bot.hosting.process.process import ProcessOptions
from bot.models import Sampling
from bot.models.extractive import ExtractiveModel
from bot.pipeline.core import CoreOptions
from tests.emulators.patience import PATIENCE

Make = Callable[..., PluginInProcess]
PATIENT = CoreOptions(grace=1)


@pytest.fixture
def in_process(tmp_path: Path) -> Make:
    """Return how to make a plugin that runs in a process of its own from its source."""

    usual = ProcessOptions()

    def make(
        source: str,
        *,
        name: str = "far",
        settings: Mapping[str, object] | None = None,
        options: ProcessOptions = usual,
    ) -> PluginInProcess:
        text = "from __future__ import annotations\n" + dedent(source)
        target = {"file": str(tmp_path / f"{name}.py"), "source": base64.b64encode(text.encode()).decode()}
        if options.start_seconds == usual.start_seconds:
            options = replace(options, start_seconds=PATIENCE)
        plugin = PluginInProcess(name, target, settings or {}, options)
        plugin.model = Writer(ExtractiveModel(), Sampling())  # what the core gives to each plugin
        plugin.data_dir = tmp_path
        return plugin

    return make
