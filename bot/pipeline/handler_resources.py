"""What a plugin may use on behalf of one person in one conversation: memory, storage, and jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.access.scoped_memory import ScopedMemory
from bot.access.sources import HandlerSources
from bot.hosting.store import PluginStore
from bot.jobs.planning import JobPlace, JobPlanning, Planner
from bot.pipeline.histories import PastFilesOf
from bot.pipeline.received import Received
from memory import Memory


class HandlerResources(Protocol):
    """Builds these for a message, or for a job that was planned by one."""

    @property
    def received(self) -> Received:
        """The message they are built for."""

    @property
    def keeps(self) -> bool:
        """Whether anything may be stored."""

    @property
    def sources(self) -> HandlerSources:
        """What the handler was told, and what it has read."""

    def memory(self) -> ScopedMemory:
        """Return the memory as the person may see it here."""

    def store(self, plugin: str) -> PluginStore:
        """Return what a plugin keeps for the person and for this conversation."""

    def planner(self, plugin: str) -> Planner:
        """Return what a plugin plans in the person's name here."""


@dataclass(frozen=True, slots=True)
class StoredResources:
    """The resources of a handler in this process. Where not `keeps`, nothing may be stored."""

    whole_memory: Memory
    past_files_of: PastFilesOf
    planning: JobPlanning
    received: Received
    keeps: bool
    sources: HandlerSources

    def memory(self) -> ScopedMemory:
        """Return the memory as the person may see it here."""
        received = self.received
        return ScopedMemory(
            self.whole_memory,
            received.message,
            conversation=received.conversation,
            person=received.person,
            scope=received.scope,
            is_owner=received.is_owner,
            own=received.own,
            keeps=self.keeps,
            sources=self.sources,
            past_files_of=self.past_files_of,
        )

    def store(self, plugin: str) -> PluginStore:
        """Return what a plugin keeps for the person and for this conversation."""
        return PluginStore(
            self.whole_memory.ledger.plugin_values,
            plugin,
            conversation_id=self.received.conversation.id,
            people=self._people,
            keeps=self.keeps,
            sources=self.sources,
        )

    def planner(self, plugin: str) -> Planner:
        """Return what a plugin plans in the person's name here."""
        message = self.received.message
        return Planner(
            self.planning,
            plugin,
            JobPlace(message.conversation, message.sender),
            conversation_id=self.received.conversation.id,
            people=self._people,
            keeps=self.keeps,
            sources=self.sources,
        )

    @property
    def _people(self) -> tuple[int, ...]:
        """The person's linked accounts, the one in use first."""
        own = self.received.person.id
        return (own, *sorted(self.received.accounts - {own}))
