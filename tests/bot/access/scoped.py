"""A group with two people in a real memory, and what one of them may read, keep and forget there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import events
from bot.access.scoped_memory import ScopedMemory
from memory import ConversationRecord, Memory, Scope
from memory.embedders.hashing import HashingEmbedder
from memory.records import PersonRecord
from tests.memory.sayings import add, at, said

PLACE = events.Conversation("test", "group-Trip", "Trip", "group")


@dataclass
class Group:
    """The group that both are in. Bob is the sender, unless it is said otherwise."""

    memory: Memory
    home: ConversationRecord
    ann: PersonRecord
    bob: PersonRecord

    async def says(self, text: str, minute: float, *, by: PersonRecord | None = None, **more: Any) -> int:
        """Let somebody, Bob if it is not said who, say something; return its id."""
        author = by or self.bob
        (number,) = await add(
            self.memory, self.home, said(text, minute, author.name, **({"author_id": author.id} | more))
        )
        return number

    def memory_of(self, sender: PersonRecord | None = None, text: str = "hello", **more: Any) -> ScopedMemory:
        """Return the memory as this sender, Bob if it is not said who, may see it from the group."""
        person = sender or self.bob
        account = events.Person(person.platform, person.external_id, person.name)
        message = events.Message("now", PLACE, account, text, at(500))
        scope = Scope.of_conversation(self.home.id)
        given: dict[str, Any] = {"conversation": self.home, "person": person, "scope": scope, "is_owner": False}
        return ScopedMemory(self.memory, message, **(given | more))


@asynccontextmanager
async def open_group(folder: Path) -> AsyncIterator[Group]:
    async with Memory.open(folder / "memory.db", HashingEmbedder()) as memory:
        home = await memory.conversations.ensure("test", "group-Trip", title="Trip", kind="group")
        ann, bob = [await memory.people.ensure("test", name.casefold(), name) for name in ("Ann", "Bob")]
        yield Group(memory, home, ann, bob)
