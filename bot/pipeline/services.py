"""What handling a message needs, gathered once and handed to each."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import partial

from bot.access.gate import AccessGate
from bot.access.policy import AccessPolicy
from bot.access.quotas import Quotas
from bot.answering.answer import Answer, Answerer
from bot.hosting.isolation import Isolation
from bot.hosting.manager import PluginManager
from bot.hosting.running import RunningPlugins
from bot.jobs.planning import JobPlanning
from bot.pipeline.handler_resources import HandlerResources, StoredResources
from bot.pipeline.intake import Received
from bot.pipeline.metrics import Metrics
from bot.pipeline.outbox import Outbox
from bot.pipeline.past_files import PastFileIntake
from bot.pipeline.pending_choices import PendingChoices
from bot.pipeline.persistent_buttons import PersistentButtons
from bot.pipeline.session import Sessions
from bot.reading.reading import Reading
from memory import Memory

_ANSWERS_KEPT = 1000


class LatestAnswers:
    """The latest answer of each conversation, for `/why`, by its lane; the oldest conversations drop out."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, Answer] = OrderedDict()

    def keep(self, lane: str, answer: Answer) -> None:
        """Replace a conversation's answer by a newer one."""
        self._answers[lane] = answer
        self._answers.move_to_end(lane)
        while len(self._answers) > _ANSWERS_KEPT:
            self._answers.popitem(last=False)

    def latest(self, lane: str) -> Answer | None:
        """Return a conversation's latest answer."""
        return self._answers.get(lane)


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that work on a message or a job, each a long-lived object."""

    memory: Memory
    answerer: Answerer
    access: AccessPolicy
    quotas: Quotas
    gate: AccessGate
    outbox: Outbox
    metrics: Metrics
    plugins: RunningPlugins
    planning: JobPlanning
    isolation: Isolation
    reading: Reading
    sessions: Sessions = field(default_factory=Sessions)
    tool_plugins: frozenset[str] = frozenset()
    pending_choices: PendingChoices = field(default_factory=PendingChoices)
    answers: LatestAnswers = field(default_factory=LatestAnswers)
    manager: PluginManager | None = None

    def resources(self, received: Received, *, keeps: bool, origin: int | None) -> HandlerResources:
        """Return what a handler may use for the person who sent this message, or planned this job."""
        past_files = partial(PastFileIntake, self.memory, self.plugins, self.reading)
        return StoredResources(self.memory, past_files, self.planning, received, keeps, origin)

    @property
    def persistent_buttons(self) -> PersistentButtons:
        """The buttons that nobody waits for."""
        return PersistentButtons(self.memory, self.planning.now)
