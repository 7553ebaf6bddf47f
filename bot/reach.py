"""What a plugin may reach on behalf of one person in one conversation: memory, storage, and jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.histories import FileReaders
from bot.hosting.store import PluginStore
from bot.intake import Received
from bot.jobs.planning import JobPlace, Planner
from bot.scoped import ScopedMemory

if TYPE_CHECKING:
    from bot.services import Services


@dataclass(frozen=True, slots=True)
class Reach:
    """Builds these for a message, or for a job that was planned by one. Where not `keeps`, nothing may be stored.

    `origin` is the passage of that message: what is planned in its name is forgotten with it.
    """

    services: Services
    received: Received
    keeps: bool
    origin: int | None

    def memory(self) -> ScopedMemory:
        """Return the memory as the person may see it here."""
        received = self.received
        return ScopedMemory(
            self.services.memory,
            received.message,
            conversation=received.conversation,
            person=received.person,
            scope=received.scope,
            is_owner=received.is_owner,
            own=received.own,
            keeps=self.keeps,
            readers=FileReaders(self.services.plugins, self.services.reading),
        )

    def store(self, plugin: str) -> PluginStore:
        """Return what a plugin keeps for the person and for this conversation."""
        return PluginStore(
            self.services.memory.ledger.plugin_values,
            plugin,
            conversation_id=self.received.conversation.id,
            people=self._people,
            keeps=self.keeps,
        )

    def planner(self, plugin: str) -> Planner:
        """Return what a plugin plans in the person's name here."""
        message = self.received.message
        return Planner(
            self.services.desk,
            plugin,
            JobPlace(message.conversation, message.sender, self.origin),
            conversation_id=self.received.conversation.id,
            people=self._people,
            keeps=self.keeps,
        )

    @property
    def _people(self) -> tuple[int, ...]:
        """The person's linked accounts, the one in use first."""
        own = self.received.person.id
        return (own, *sorted(self.received.accounts - {own}))
