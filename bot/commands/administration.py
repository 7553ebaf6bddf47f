"""The program around the bot, for the page of settings: what the commands `doctor` and `model` do."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import typer

from bot.adapter import Adapter, Administers, Finding
from bot.commands.diagnosis import examine
from bot.commands.logs import OneLine
from bot.commands.model_choice import ModelChoice
from bot.configuration.config import default_config_file
from bot.configuration.settings import Settings
from bot.models.pull import pull_model
from bot.pipeline.administration import ModelLine, PullProgress
from bot.pipeline.requests import Requests

_ERRORS_KEPT = 50


@contextmanager
def administering(context: typer.Context, adapters: Sequence[Adapter]) -> Iterator[None]:
    """Let the adapters with a page of settings look after the program, while the block runs."""
    config: Path | None = context.parent.params.get("config") if context.parent else None
    administration = ProgramAdministration(context.obj, config or default_config_file())
    for adapter in adapters:
        if isinstance(adapter, Administers):
            adapter.administer(administration)
    with administration.collecting_errors():
        yield


class ProgramAdministration:
    """Implements `bot.pipeline.administration.Administration` with the settings that the program runs with."""

    def __init__(self, settings: Settings, config_file: Path) -> None:
        self._settings = settings
        self._config_file = config_file
        self._errors = _LastErrors()
        self._choice = ModelChoice(settings)

    @contextmanager
    def collecting_errors(self) -> Iterator[None]:
        """Keep the last errors of the log while the block runs."""
        root = logging.getLogger()
        root.addHandler(self._errors)
        try:
            yield
        finally:
            root.removeHandler(self._errors)

    async def examine(self) -> list[Finding]:
        """Run every check of `scrubjay doctor`."""
        return await examine(self._settings, self._config_file)

    async def list_models(self) -> list[ModelLine]:
        """Return the models that can be downloaded, and those that are there."""
        return await self._choice.list_models()

    async def use_model(self, name: str, requests: Requests) -> None:
        """Have a model that is there write from the next answer on."""
        await self._choice.use(name, requests)

    async def describe_model(self) -> str:
        """Say which model answers."""
        return self._choice.describe()

    async def pull_model(self, name: str, progress: PullProgress) -> None:
        """Download it to the models folder."""
        await pull_model(name, self._settings.model.hub, self._settings.models_dir, progress)

    def describe_embedder(self) -> str:
        """Return the setting `memory.embedder`."""
        return self._settings.memory.embedder

    def last_errors(self) -> Sequence[str]:
        """Return what was logged as a warning or worse."""
        return list(reversed(self._errors.lines))


class _LastErrors(logging.Handler):
    """Keeps the last lines of a log."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: deque[str] = deque(maxlen=_ERRORS_KEPT)
        self.setFormatter(OneLine("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record as a line."""
        self.lines.append(self.format(record))
