"""What one request may read of the memory: every call is bound to the scope of the person who asks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.access.replied import find_replied
from bot.access.sources import HandlerSources
from bot.events import Message
from memory import Memory
from memory.document_records import DocumentSummary
from memory.records import (
    RECALLABLE,
    ConversationRecord,
    ConversationSummary,
    Fact,
    Passage,
    PassageKind,
    PersonRecord,
    Recollection,
    Scope,
    Selection,
)


class ScopedReading:
    """What a handler may recall and list on behalf of one message's sender; `sources` notes what it has read."""

    def __init__(
        self,
        memory: Memory,
        message: Message,
        *,
        conversation: ConversationRecord,
        person: PersonRecord,
        scope: Scope,
        own: frozenset[int] = frozenset(),
        sources: HandlerSources | None = None,
    ) -> None:
        self._memory = memory
        self._message = message
        self._conversation = conversation
        self._person = person
        self._scope = scope
        self._own = own
        self._sources = sources or HandlerSources.of(own)

    async def recall(self, question: str, *, limit: int = 10) -> list[Recollection]:
        """Return what answers a question best, best first; the message being handled is left out."""
        now = datetime.now(UTC)
        found = await self._memory.recall(question, self._scope, now=now, limit=limit, exclude=self._own)
        self._sources.read.update(each.passage.id for each in found)
        return found

    async def find(
        self,
        *,
        ids: Iterable[int] = (),
        matching: str | None = None,
        everything: bool = False,
        asked: bool = False,
        limit: int = 50,
    ) -> list[Passage]:
        """Return what is remembered, the newest first: by id, by a text it contains, or everything.

        Where `asked` is set, what people have asked and commanded instead, which is no memory, but kept as history.
        """
        kinds: tuple[PassageKind, ...] = ("question", "command") if asked else RECALLABLE
        selection = Selection(passage_ids=tuple(ids), matching=matching, kinds=kinds, everything=everything)
        if not selection.passage_ids and matching is None and not everything:
            return []
        found = await self._memory.passages.select(self._scope, selection, limit=limit)
        theirs = [passage for passage in found if not asked or passage.author_id is not None]
        return self._note([passage for passage in theirs if passage.id not in self._own])

    async def find_replied(self) -> Passage | None:
        """Return what the message being handled replies to, if it is remembered."""
        found = await find_replied(self._memory, self._message, self._conversation)
        return None if found is None else next(iter(self._note([found])), None)

    async def list_said_here(
        self, *, since: datetime, until: datetime | None = None, limit: int = 1000, earliest: bool = False
    ) -> list[Passage]:
        """Return what people said in this conversation, the oldest first; of more than `limit` the latest.

        Where `earliest` is set, the earliest of them.

        Neither commands nor the bot's answers nor files are among it, nor the message being handled.
        """
        chosen = Selection(conversation_id=self._conversation.id, since=since, until=until, kinds=("message", "system"))
        here = Scope.of_conversation(self._conversation.id)
        found = await self._memory.passages.select(here, chosen, limit=limit, newest_first=not earliest)
        return self._note(
            [passage for passage in (found if earliest else reversed(found)) if passage.id not in self._own]
        )

    async def last_said_here(self) -> datetime | None:
        """Return when the sender last said something in this conversation, the message being handled left out."""
        kinds: tuple[PassageKind, ...] = ("message", "question")
        chosen = Selection(conversation_id=self._conversation.id, person=self._person.external_id, kinds=kinds)
        here = Scope.of_conversation(self._conversation.id)
        found = await self._memory.passages.select(here, chosen, limit=1 + len(self._own))
        return next((passage.said_at for passage in found if passage.id not in self._own), None)

    async def conversations(self) -> list[ConversationSummary]:
        """Return what may be read here in numbers, conversation by conversation, the latest first."""
        return await self._memory.conversations.summarize(self._scope)

    async def documents(self) -> list[DocumentSummary]:
        """Return the files that were read, the latest first."""
        found = await self._memory.documents.summarize(self._scope)
        self._sources.read.update(each.first_id for each in found if each.first_id is not None)
        return found

    async def facts(self, *, include_closed: bool = False) -> list[Fact]:
        """Return the facts that hold, the newest first; on request those that no longer do as well."""
        found = await self._memory.facts.select(self._scope, include_closed=include_closed)
        self._sources.read.update(fact.passage_id for fact in found)
        return found

    async def learnt_here(self, *, limit: int) -> list[Passage]:
        """Return the facts that were drawn from messages of this conversation with `learn`, the newest first."""
        here = Scope.of_conversation(self._conversation.id)
        known = await self._memory.facts.select(here, include_closed=True)
        learnt = tuple(fact.passage_id for fact in known if fact.learnt)
        if not learnt:
            return []
        return self._note(await self._memory.passages.select(here, Selection(passage_ids=learnt), limit=limit))

    @property
    def person(self) -> PersonRecord:
        """The sender, as the memory knows them."""
        return self._person

    def _note(self, passages: list[Passage]) -> list[Passage]:
        self._sources.read.update(passage.id for passage in passages)
        return passages
