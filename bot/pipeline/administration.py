"""What a page of settings asks of the program around the bot: its health, its models, and what went wrong last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.configuration.findings import Finding


class PullProgress(Protocol):
    """Is told how many bytes of a download are there, and of how many; None where that is not known."""

    def __call__(self, done: int, total: int | None) -> None:
        """Note them."""


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A language model of the list; sizes are in gigabytes. `is_here` says that it is downloaded."""

    name: str
    note: str
    licence: str
    size_gb: float
    memory_gb: float
    is_here: bool
    is_used: bool


class Administration(Protocol):
    """The program around the bot; only its owner may be shown any of it."""

    async def examine(self) -> list[Finding]:
        """Check every part, as `scrubjay doctor` does."""

    async def list_models(self) -> list[ModelLine]:
        """Return the language models that can be downloaded, and which are there."""

    async def describe_model(self) -> str:
        """Say in a sentence which model answers, and how another one is chosen."""

    async def pull_model(self, name: str, progress: PullProgress) -> None:
        """Download a model of the list. Raises ScrubjayError."""

    def describe_embedder(self) -> str:
        """Return the setting that chooses what finds by meaning."""

    def last_errors(self) -> Sequence[str]:
        """Return the last warnings and errors of the log, the latest first."""
