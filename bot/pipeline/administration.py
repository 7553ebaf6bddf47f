"""What a page of settings asks of the program around the bot: its health, its models, and what went wrong last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.configuration.findings import Finding

if TYPE_CHECKING:
    from bot.pipeline.requests import Requests


class PullProgress(Protocol):
    """Is told how many bytes of a download are there, and of how many; None where that is not known."""

    def __call__(self, done: int, total: int | None) -> None:
        """Note them."""


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A language model that can be downloaded, or that is there; sizes are in gigabytes, 0 where they are not known.

    `is_listed` says that it can be downloaded by its name, `is_here` that it can be used at once.
    """

    name: str
    note: str
    title: str = ""
    """What it is called in the list; empty where that is its name."""
    licence: str = ""
    size_gb: float = 0
    memory_gb: float = 0
    is_listed: bool = False
    is_here: bool = False
    is_used: bool = False


class Administration(Protocol):
    """The program around the bot; only its owner may be shown any of it."""

    async def examine(self) -> list[Finding]:
        """Check every part, as `scrubjay doctor` does."""

    async def list_models(self) -> list[ModelLine]:
        """Return the language models that can be downloaded, those that are there, and what quotes without one."""

    async def use_model(self, name: str, requests: Requests) -> None:
        """Have a model that is there write from the next answer on. Raises ScrubjayError: the one before stays."""

    async def describe_model(self) -> str:
        """Say which model answers, and whether it will after a restart."""

    async def pull_model(self, name: str, progress: PullProgress) -> None:
        """Download a model of the list. Raises ScrubjayError."""

    def describe_embedder(self) -> str:
        """Return the setting that chooses what finds by meaning."""

    def last_errors(self) -> Sequence[str]:
        """Return the last warnings and errors of the log, the latest first."""
