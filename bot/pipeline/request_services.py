"""The parts of the bot that serve pages and programs: those of `Services` that know no adapter."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.access.policy import AccessPolicy
from bot.access.quotas import Quotas
from bot.answering.answer import Answerer
from bot.hosting.scoped_plugins import ManagesPlugins
from bot.pipeline.histories import PastFilesOf
from bot.pipeline.metrics import Metrics
from bot.pipeline.received import Received
from bot.reading.reading import Reading
from memory import Memory, Recollection

AdjustFor = Callable[[Received, Sequence[Recollection]], Awaitable[list[Recollection]]]
"""Is given who asks what, and what was recalled for it; returns what is to be."""


@dataclass(frozen=True, slots=True)
class RequestServices:
    """What `Requests` and `Caller` work with; an adapter sees of it what these show.

    It is a record of its own because adapters are given `Requests`, while `Services` holds the outbox, which is given
    adapters: `Requests` working on `Services` would close that circle.
    """

    memory: Memory
    access: AccessPolicy
    quotas: Quotas
    answerer: Answerer
    metrics: Metrics
    reading: Reading
    past_files_of: PastFilesOf
    manager: ManagesPlugins | None = None
    adjust: AdjustFor | None = None
    """Has the plugins' say in what is recalled for a question; None where there is none."""
    language: str = "auto"
