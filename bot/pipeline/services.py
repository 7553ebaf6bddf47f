"""What handling a message needs, gathered once and handed to each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from bot.access.direct_chats import DirectChats
from bot.access.gate import AccessGate
from bot.access.policy import AccessPolicy
from bot.access.quotas import Quotas
from bot.access.sources import HandlerSources
from bot.answering.answer import Answerer
from bot.answering.records import Answer
from bot.hosting.isolation import Isolation
from bot.hosting.manager import PluginManager
from bot.hosting.running import RunningPlugins
from bot.jobs.planning import JobPlanning
from bot.models.speech import SpeechServer
from bot.pipeline.acknowledgements import Acknowledgements
from bot.pipeline.albums import Albums
from bot.pipeline.answer_queue import AnswerQueue
from bot.pipeline.conversation_languages import ConversationLanguages
from bot.pipeline.handler_resources import HandlerResources, StoredResources
from bot.pipeline.histories import PastFilesOf
from bot.pipeline.lru_cache import Recent
from bot.pipeline.metrics import Metrics
from bot.pipeline.outbox import Outbox
from bot.pipeline.past_files import PastFileIntake
from bot.pipeline.pending_choices import PendingChoices
from bot.pipeline.persistent_buttons import PersistentButtons
from bot.pipeline.question_grounds import QuestionGrounds
from bot.pipeline.received import Received
from bot.pipeline.request_services import RequestServices
from bot.pipeline.session import Sessions
from bot.reading.reading import Reading
from memory import Memory


@dataclass(frozen=True, slots=True)
class Answering:
    """What answers are made with and counted by. `latest` holds each conversation's latest one, by its lane.

    `queue` lets them be made in a fair order. The language model may call the tools of the plugins in `tool_plugins`.
    `speech` speaks them where that is wanted.
    """

    answerer: Answerer
    quotas: Quotas
    tool_plugins: frozenset[str]
    latest: Recent[str, Answer]
    queue: AnswerQueue
    speech: SpeechServer | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """Who may talk and read what, who is admitted, and where the bot can reach its owners."""

    policy: AccessPolicy
    gate: AccessGate
    direct_chats: DirectChats


@dataclass(frozen=True, slots=True)
class Hosting:
    """The plugins that run, what keeps their faults from others, and what switches them, if they can be switched."""

    running: RunningPlugins
    isolation: Isolation
    manager: PluginManager | None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What the bot has asked: of handlers that wait for words or a press, and with buttons that outlive a restart.

    `grounds` ends a question when the message that led to it is gone.
    `latest` holds the event id of the last message of each conversation that was heard of lately, by its lane. `albums`
    are those whose messages are still coming in; `languages` tells in which language to speak where.
    """

    sessions: Sessions
    grounds: QuestionGrounds
    pending_choices: PendingChoices
    buttons: PersistentButtons
    latest: Recent[str, str]
    albums: Albums
    languages: ConversationLanguages


@dataclass(frozen=True, slots=True)
class Services:
    """The long-lived parts that work on a message or a job; `bot.app` builds them."""

    memory: Memory
    access: Access
    outbox: Outbox
    metrics: Metrics
    hosting: Hosting
    planning: JobPlanning
    reading: Reading
    dialogue: Dialogue
    answering: Answering
    acknowledgements: Acknowledgements

    def resources(self, received: Received, *, keeps: bool, sources: HandlerSources) -> HandlerResources:
        """Return what a handler may use for the person who sent this message, or planned this job."""
        return StoredResources(self.memory, self._past_files_of, self.planning, received, keeps, sources)

    def for_requests(self) -> RequestServices:
        """Return those of the parts that serve pages and programs."""
        return RequestServices(
            memory=self.memory,
            access=self.access.policy,
            quotas=self.answering.quotas,
            answerer=self.answering.answerer,
            metrics=self.metrics,
            reading=self.reading,
            manager=self.hosting.manager,
            past_files_of=self._past_files_of,
            language=self.dialogue.languages.setting,
        )

    @property
    def _past_files_of(self) -> PastFilesOf:
        """What takes in the files of the histories of the person that it is given."""
        return partial(PastFileIntake, self.memory, self.hosting.running, self.reading)
