"""What a job is given: what it was planned with, for whom and for when, and ways to say something there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError

from bot.errors import PluginError
from bot.events import Conversation, Person, Reply
from bot.jobs.planning import PlansJobs

if TYPE_CHECKING:
    from bot.access.scoped_memory import ScopedMemory
    from bot.hosting.store import PluginStore
    from bot.jobs.planning import Planner
    from bot.pipeline.handler_resources import HandlerResources

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class JobContext(PlansJobs):
    """One call of a job.

    `payload` is what it was planned with, `due` when it should have been called, `now` when it is, both in the zone it
    was planned in. What it says is sent when it is done, in one transaction with the note that it is: a crash neither
    loses a reply nor has the job done again after it.

    A job that the plugin declares of itself (`@every`, `@cron`) belongs to nobody: its person, conversation, memory,
    replies and jobs raise PluginError, and it keeps what it needs in `self.store`.
    """

    plugin: str
    name: str
    payload: JsonValue
    due: datetime
    now: datetime
    zone: tzinfo
    resources: HandlerResources | None = None
    replies: list[Reply] = field(default_factory=list)

    @property
    def late_by(self) -> timedelta:
        """How long ago it was due: some time, where the bot was down."""
        return max(self.now - self.due, timedelta())

    def payload_as(self, type: type[T] | TypeAdapter[T]) -> T:  # noqa: A002 (as in `store.get`)
        """Return the payload as a type: `int`, `dict[str, int]`, a dataclass. Raises PluginError when it is none."""
        adapter = type if isinstance(type, TypeAdapter) else TypeAdapter(type)
        try:
            return adapter.validate_python(self.payload)
        except ValidationError as error:
            raise PluginError(f"the payload of {self.name} is of another type: {error.errors()[0]['msg']}") from error

    @property
    def person(self) -> Person:
        """Who planned it."""
        return self._for_somebody().received.message.sender

    @property
    def conversation(self) -> Conversation:
        """Where it was planned, and where its replies go."""
        return self._for_somebody().received.message.conversation

    @property
    def drawn_from(self) -> tuple[int, ...]:
        """The passages that the job was planned from: what it keeps of their words should be forgotten with them."""
        return () if self.resources is None else tuple(sorted(self.resources.sources.told))

    @property
    def memory(self) -> ScopedMemory:
        """The memory as the person may see it there."""
        return self._for_somebody().memory()

    @property
    def store(self) -> PluginStore:
        """What the plugin keeps for the person and the conversation."""
        return self._for_somebody().store(self.plugin)

    @property
    def jobs(self) -> Planner:
        """What the plugin has planned for them."""
        return self._for_somebody().planner(self.plugin)

    async def reply(self, reply: str | Reply) -> None:
        """Say something where the job was planned, once the job is done."""
        self._for_somebody()
        self.replies.append(reply if isinstance(reply, Reply) else Reply(reply))

    def _planner(self) -> Planner:
        return self.jobs

    def _for_somebody(self) -> HandlerResources:
        if self.resources is None:
            raise PluginError(f"{self.name} of {self.plugin} was planned by nobody: plan one with context.later")
        return self.resources
