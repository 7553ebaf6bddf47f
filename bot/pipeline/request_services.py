"""The parts of the bot that serve requests which are no messages; `bot.app` builds them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.access.gate import AccessGate
from bot.access.policy import AccessPolicy
from bot.access.quotas import Quotas
from bot.answering.answer import Answerer
from bot.hosting.scoped_plugins import ManagesPlugins
from bot.pipeline.histories import PastFilesOf
from bot.pipeline.metrics import Metrics
from bot.reading.reading import Reading
from memory import Memory


@dataclass(frozen=True, slots=True)
class RequestServices:
    """What `Requests` and `Caller` work with; an adapter sees of it what these show."""

    memory: Memory
    access: AccessPolicy
    gate: AccessGate
    quotas: Quotas
    answerer: Answerer
    metrics: Metrics
    reading: Reading
    past_files_of: PastFilesOf
    manager: ManagesPlugins | None = None
