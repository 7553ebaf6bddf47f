"""The memory as one request may see and change it: every call is bound to the scope of the person who asks."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from bot.access.forgetting import forget_everywhere
from bot.access.repeats import FORGET_AT_ONCE, find_repeats
from bot.access.scoped_reading import ScopedReading
from bot.access.sources import HandlerSources
from bot.errors import NOT_KEPT, CommandError
from bot.events import Message
from bot.pipeline.histories import OwnHistories, PastFilesOf
from bot.translation import gettext
from memory import Memory
from memory.document_records import Document
from memory.receipts import Receipt
from memory.records import (
    ConversationRecord,
    Entry,
    Fact,
    Passage,
    PersonRecord,
    Scope,
    Selection,
)


class ScopedMemory(ScopedReading):
    """What a handler may read, remember and forget on behalf of one message's sender."""

    def __init__(
        self,
        memory: Memory,
        message: Message,
        *,
        conversation: ConversationRecord,
        person: PersonRecord,
        scope: Scope,
        is_owner: bool,
        own: frozenset[int] = frozenset(),
        keeps: bool = True,
        sources: HandlerSources | None = None,
        past_files_of: PastFilesOf | None = None,
    ) -> None:
        super().__init__(
            memory, message, conversation=conversation, person=person, scope=scope, own=own, sources=sources
        )
        self._is_owner = is_owner
        self._keeps = keeps
        self._past_files_of = past_files_of
        self._added = 0
        self._withheld = False

    async def remember(self, text: str, *, key: str | None = None) -> Fact:
        """Keep a statement as a fact, said by the sender; one with the same `key` replaces the older one here.

        A message that is handled twice, after a crash, adds its facts once. Raises CommandError where nothing is kept.
        """
        self._refuse_if_unkept()
        self._added += 1
        entry = replace(
            self._entry(text),
            kind="fact",
            event_id=f"{self._message.event_id}/fact/{self._added}",
            drawn_from=tuple(self._sources.told),
        )
        fact = await self._memory.facts.add(self._conversation, entry, key=key)
        self._sources.read.add(fact.passage_id)
        return fact

    async def learn(self, statement: str, evidence_id: int, *, key: str) -> Fact | None:
        """Keep a statement that was drawn from a message of this conversation, as said by its author at its time.

        One with the same `key` closes the older one here. None when the message is not there any more, or the same is
        known already; it is kept once, however often this is called. Raises CommandError where nothing is kept.
        """
        self._refuse_if_unkept()
        here = Scope.of_conversation(self._conversation.id)
        chosen = Selection(passage_ids=(evidence_id,), kinds=("message",))
        found = await self._memory.passages.select(here, chosen, limit=1)
        known = {(fact.key, fact.statement) for fact in await self._memory.facts.select(here)}
        if not found or (key, statement) in known:
            return None
        evidence = found[0]
        digest = hashlib.sha256(f"{key}\0{statement}".encode()).hexdigest()[:12]
        entry = Entry(
            text=statement,
            said_at=evidence.said_at,
            author=evidence.author,
            author_id=evidence.author_id,
            kind="fact",
            event_id=f"{evidence.event_id or evidence.id}/learnt/{digest}",
            link=evidence.link,
            drawn_from=(evidence.id,),
        )
        fact = await self._memory.facts.add(self._conversation, entry, key=key, learnt=True)
        self._sources.read.add(fact.passage_id)
        return fact

    async def unlearn(self, ids: Iterable[int]) -> list[int]:
        """Take back facts that were kept with `learn`, as far as the sender may; what they closed holds again.

        Returns the numbers of those that are gone.
        """
        chosen = set(ids)
        mine = [each for each in await self.learnt_here(limit=FORGET_AT_ONCE) if each.id in chosen]
        gone = [each.id for each in mine if self.may_forget(each)]
        await self._memory.facts.retract(self._scope, gone)
        self._sources.read.clear()
        return gone

    async def add_document(
        self, name: str, media_type: str, sha256: str, pieces: Sequence[tuple[str, str | None]]
    ) -> Document:
        """Keep a file's text in pieces of (text, locator such as "p. 4"); the same bytes again add nothing.

        Raises CommandError where nothing is kept.
        """
        self._refuse_if_unkept()
        entries = [
            replace(
                self._entry(text), kind="document", author=name, locator=where, drawn_from=tuple(self._sources.told)
            )
            for text, where in pieces
        ]
        return await self._memory.documents.add(self._conversation, name, media_type, sha256, entries)

    async def forget_document(self, document_id: int) -> Receipt:
        """Remove a file that was read, with all its passages and what was drawn from them.

        In a group everybody may forget what they sent themselves, and the owner anything. Raises CommandError when it
        is not theirs to forget, or unknown here.
        """
        selection = Selection(document_ids=(document_id,))
        some = await self._memory.passages.select(self._scope, selection, limit=1)
        if not some:
            raise CommandError(gettext("I know no document {number}; /documents lists them.", number=document_id))
        if not self.may_forget(some[0]):
            raise CommandError(gettext("In a group you can forget only what you sent yourself."))
        return await self._forget(selection)

    async def forget(self, ids: Iterable[int], *, matching: str | None = None) -> Receipt:
        """Remove these passages and all that was made from them; look for their words, and return what was found.

        The questions and commands that repeat one of them whole go too, and so do those that have the text `matching`,
        by which they were chosen. In a group everybody may forget what they said themselves, and the owner anything.
        Raises CommandError when something is not theirs to forget; then nothing is removed.
        """
        chosen = Selection(passage_ids=tuple(ids))
        some = chosen.passage_ids
        passages = await self._memory.passages.select(self._scope, chosen, limit=FORGET_AT_ONCE) if some else []
        if not all(self.may_forget(passage) for passage in passages):
            raise CommandError(gettext("In a group you can forget only what you said yourself."))
        if not passages:
            return Receipt()
        named = [] if matching is None else [matching]
        repeats = await find_repeats(self._memory, self._scope, passages, named, self.may_forget)
        await self.withhold_command()
        doomed = {passage.id: passage for passage in (*passages, *repeats)}
        return await self._forget(Selection(passage_ids=tuple(sorted(doomed.keys() - self._own))), named)

    async def _forget(self, selection: Selection, named: Collection[str] = ()) -> Receipt:
        sender = self._message.sender
        receipt = await forget_everywhere(
            self._memory,
            self._scope,
            selection,
            by=f"{sender.platform}:{sender.id}",
            named=named,
            where=f", asked in conversation {self._conversation.id}",
        )
        self._sources.read.clear()  # what is said of it now has none of its words
        return receipt

    async def withhold_command(self) -> None:
        """Keep of the message being handled only the command's name: the rest names what is to be forgotten."""
        if not self._withheld:
            self._withheld = True
            for passage_id in self._own:
                await self._memory.delivery.withhold(passage_id, self._message.text.split()[0])

    def histories(self) -> OwnHistories:
        """Return what an importer needs to take a chat's history into the sender's own memory.

        Raises CommandError where nothing is kept.
        """
        if not self._keeps:
            raise CommandError(NOT_KEPT)
        return OwnHistories(self._memory, self._person, self._past_files_of)

    def may_forget(self, passage: Passage) -> bool:
        """Say whether the sender may have this passage forgotten."""
        in_group = passage.conversation.kind == "group" and passage.conversation.owner_id is None
        return self._is_owner or not in_group or passage.author_id == self._person.id

    @property
    def keeps(self) -> bool:
        """Whether anything of this message, and of what comes of it, may be stored."""
        return self._keeps

    def _refuse_if_unkept(self) -> None:
        if not self._keeps:
            raise CommandError(NOT_KEPT)

    def _entry(self, text: str) -> Entry:
        message = self._message
        return Entry(text=text, said_at=message.sent_at, author=message.sender.name, author_id=self._person.id)
