"""What handling a message needs, gathered once and handed to each."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from bot.access.door import Door
from bot.access.policy import AccessPolicy
from bot.access.quotas import Quotas
from bot.answer import Answer, Answerer
from bot.hosting.isolation import Isolation
from bot.hosting.manager import PluginManager
from bot.hosting.running import RunningPlugins
from bot.jobs.planning import JobDesk
from bot.metrics import Metrics
from bot.offers import Offers
from bot.outbox import Outbox
from bot.reading.reading import Reading
from bot.session import Sessions
from bot.standing import StandingOffers
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
    door: Door
    outbox: Outbox
    metrics: Metrics
    plugins: RunningPlugins
    desk: JobDesk
    isolation: Isolation
    reading: Reading
    sessions: Sessions = field(default_factory=Sessions)
    tool_plugins: frozenset[str] = frozenset()
    offers: Offers = field(default_factory=Offers)
    answers: LatestAnswers = field(default_factory=LatestAnswers)
    manager: PluginManager | None = None

    @property
    def standing(self) -> StandingOffers:
        """The buttons that nobody waits for."""
        return StandingOffers(self.memory, self.desk.now)
