"""The memory as the rest of Scrubjay sees it: one object that stores, recalls and forgets."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path

from memory import guarded
from memory.embedders import Embedder, EmbedderIdentity, Vectors
from memory.errors import EmbedderError
from memory.records import (
    Conversation,
    ConversationKind,
    ConversationSummary,
    Document,
    DocumentChange,
    DocumentSummary,
    Entry,
    Fact,
    Judgement,
    Outgoing,
    Passage,
    Person,
    Receipt,
    Recollection,
    Scope,
    Selection,
    Stored,
    TimeWindow,
    Waiting,
)
from memory.search import recall
from memory.sqlite import (
    check,
    delivery,
    documents,
    edit,
    facts,
    finding,
    forget,
    identities,
    imports,
    judgements,
    vectors,
)
from memory.sqlite import moves as moving
from memory.sqlite.backup import back_up
from memory.sqlite.claims import Claims
from memory.sqlite.documents import Upload
from memory.sqlite.embedding import EmbeddingQueue
from memory.sqlite.jobs import Jobs
from memory.sqlite.ledger import Ledger
from memory.sqlite.moves import Move
from memory.sqlite.presence import Presence
from memory.sqlite.rows import PASSAGE_SELECT, in_scope, in_selection, passage_of
from memory.sqlite.store import Store
from memory.timeline.expressions import question_window

_log = logging.getLogger(__name__)

LoadEmbedder = Callable[[EmbedderIdentity], Embedder | None]
"""Loads the embedder that made vectors earlier, or None where it can't be had."""


class Memory:
    """Stores every message, document and fact, finds them again, and forgets them.

    Every read names a `Scope`. Every write is committed when the call returns. Raises StorageError when the
    database can't be read or written.
    """

    def __init__(
        self, store: Store, presence: Presence, embedder: Embedder, model: int, load: LoadEmbedder | None
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._model = model
        self._load = load
        self._earlier: dict[EmbedderIdentity, Embedder | None] = {}
        self._queue = EmbeddingQueue(store, embedder, model)
        self._claims = Claims(store, presence)
        self.ledger = Ledger(store)
        self.imports = imports.Imports(store)
        self.jobs = Jobs(store, presence)

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path, embedder: Embedder, *, load: LoadEmbedder | None = None) -> AsyncIterator[Memory]:
        """Open or create the database at `path`. Embedding runs only in `embed_pending` and `embedding`.

        When `embedder` is another than the one whose vectors serve, those keep serving, their questions embedded by
        what `load` returns, until `embedder` has embedded everything.
        """
        async with Store.open(path) as store:
            async with store.reading() as connection:
                model = await vectors.model_id(connection, embedder.identity)
            if model is None:
                model = await store.write(lambda connection: vectors.register(connection, embedder.identity))
            with Presence(path) as presence:
                yield cls(store, presence, embedder, model, load)

    @property
    def path(self) -> Path:
        """The database's file."""
        return self._store.path

    def embedding(self) -> AbstractAsyncContextManager[None]:
        """Embed what is stored, in the background, while the block runs."""
        return self._queue.working()

    async def embed_pending(self, progress: Callable[[int], None] | None = None) -> int:
        """Embed everything that waits, now; return how many passages that were. `progress` gets each batch's size."""
        return await self._queue.drain(progress)

    async def pending(self) -> int:
        """Return how many passages wait for their vector."""
        return await self._queue.pending()

    # who and where

    async def person(self, platform: str, external_id: str, name: str) -> Person:
        """Return the person with this account, created if new, renamed if the name has changed."""
        async with self._store.reading() as connection:
            found = await identities.find_person(connection, platform, external_id)
        if found is not None and found.name == name:
            return found
        return await self._store.write(lambda c: identities.person(c, platform, external_id, name))

    async def find_person(self, platform: str, external_id: str) -> Person | None:
        """Return the person with this account, if anything is remembered of them."""
        async with self._store.reading() as connection:
            return await identities.find_person(connection, platform, external_id)

    async def conversation(
        self,
        platform: str,
        external_id: str,
        *,
        title: str = "",
        kind: ConversationKind = "direct",
        owner_id: int | None = None,
        audience: str | None = None,
    ) -> Conversation:
        """Return the conversation with this identity, created if new; a new title or audience is kept.

        The owner is part of the identity: two people who import the same chat have it each for themselves.
        """
        async with self._store.reading() as connection:
            found = await identities.find_conversation(connection, platform, external_id, owner_id)
        if found is not None and title in ("", found.title) and audience in (None, found.audience):
            return found
        return await self._store.write(
            lambda c: identities.conversation(c, platform, external_id, title, kind, owner_id, audience)
        )

    async def forget_group(self, platform: str, external_id: str) -> Receipt:
        """Forget all of a group with its threads, or of one thread: it is gone from its platform."""
        async with self._store.reading() as connection:
            places = await identities.with_threads(connection, platform, external_id)
        return await self.forget(Scope.of_conversation(*(place for place, _ in places)), Selection(everything=True))

    async def move(self, change: Move) -> bool:
        """Bring a group, and all that is kept and decided about it, under another id; False when it is not known."""
        moved = await self._store.write(lambda c: moving.move(c, change))
        self._queue.wake()
        return moved

    async def find_conversation(
        self, platform: str, external_id: str, *, owner_id: int | None = None
    ) -> Conversation | None:
        """Return the conversation with this identity, if anything is remembered of it."""
        async with self._store.reading() as connection:
            return await identities.find_conversation(connection, platform, external_id, owner_id)

    async def conversations(self, scope: Scope) -> list[ConversationSummary]:
        """Return what is remembered within the scope, the latest conversation first."""
        async with self._store.snapshot() as connection:
            served = await vectors.serving(connection)
            return await identities.summaries(connection, scope, served[0] if served else self._model)

    # storing

    async def add(
        self, conversation: Conversation, entries: Sequence[Entry], *, import_id: int | None = None
    ) -> list[Stored]:
        """Store entries in one transaction; an event that is known already adds nothing.

        `import_id` is the import that brings them, as `imports.begin` gave it.
        """
        stored = await self._store.write(lambda c: imports.insert(c, conversation.id, entries, import_id))
        self._queue.wake()
        return stored

    async def add_document(
        self, conversation: Conversation, name: str, media_type: str, sha256: str, entries: Sequence[Entry]
    ) -> Document:
        """Store a document and its passages in one transaction; the same bytes in the same conversation add nothing."""
        return (await self.put_document(conversation, Upload(name, media_type, sha256), entries)).document

    async def put_document(
        self, conversation: Conversation, upload: Upload, entries: Sequence[Entry], *, again: bool = False
    ) -> DocumentChange:
        """Store a document whole, or bring the one of the same source up to date, in one transaction.

        What has not changed keeps its passages and vectors. The same bytes from elsewhere in the same conversation add
        nothing, and neither do those of the same source unless `again` is set.
        """
        change = await self._store.write(lambda c: documents.put(c, conversation.id, upload, entries, again=again))
        if change.removed:
            await self._store.checkpoint()
        self._queue.wake()
        return change

    async def known_document(self, conversation: Conversation, upload: Upload) -> DocumentChange | None:
        """Return the document that has these bytes here already, as storing it would; None when they are new."""
        known = await self.find_document(conversation, sha256=upload.sha256)
        if known is None or known.source == upload.source:
            async with self._store.reading() as connection:
                return await documents.settle(connection, conversation.id, upload)
        return await self._store.write(lambda c: documents.settle(c, conversation.id, upload))

    async def find_document(
        self, conversation: Conversation, *, sha256: str | None = None, source: str | None = None
    ) -> Document | None:
        """Return the document here that has these bytes, or is from this source."""
        async with self._store.reading() as connection:
            return await documents.find(connection, conversation.id, sha256=sha256, source=source)

    async def documents(self, scope: Scope) -> list[DocumentSummary]:
        """Return the documents within the scope, the latest first."""
        async with self._store.reading() as connection:
            return await documents.summaries(connection, scope)

    async def documents_from(self, conversation: Conversation, prefix: str) -> list[Document]:
        """Return the documents of a conversation whose sources begin with this: those of a folder, by their names."""
        async with self._store.reading() as connection:
            return await documents.from_sources(connection, conversation.id, prefix)

    async def rename_document(self, document_id: int, name: str, source: str) -> None:
        """Say that a document is now called and found otherwise; its passages stay."""
        await self._store.write(lambda c: documents.rename(c, document_id, name, source))
        self._queue.wake()

    async def add_fact(self, conversation: Conversation, entry: Entry, *, key: str | None = None) -> Fact:
        """Store a fact; an older open one with the same key here is closed at `entry.said_at`.

        `entry.drawn_from` is its evidence.
        """
        fact = await self._store.write(lambda c: facts.add(c, conversation.id, entry, key))
        self._queue.wake()
        return fact

    async def edit(self, conversation: Conversation, event_id: str, text: str) -> bool:
        """Replace the text of a message, and all that was derived from it; False when there is no such message."""
        changed = await self._store.write(lambda c: edit.edit(c, conversation.id, event_id, text))
        await self._store.checkpoint()
        self._queue.wake()
        return changed

    # the durable way of a message through the bot

    async def receive(self, conversation: Conversation, entry: Entry, payload: str) -> Stored:
        """Store a message and note that it waits to be handled, in one transaction."""
        me = self._claims.sign()
        stored = await self._store.write(lambda c: delivery.receive(c, conversation.id, entry, payload, me))
        self._queue.wake()
        return stored

    async def waiting(self) -> list[Waiting]:
        """Return the messages that were received but not handled, oldest first."""
        async with self._store.reading() as connection:
            return await delivery.waiting(connection)

    async def still_waiting(self, passage_id: int) -> Waiting | None:
        """Return a message that was received but not handled."""
        async with self._store.reading() as connection:
            return next(iter(await delivery.waiting(connection, passage_id)), None)

    async def claim_waiting(self, platforms: Collection[str]) -> list[Waiting]:
        """Return the waiting messages of these platforms that no living process handles; from now on this one does."""
        return await self._claims.waiting(platforms)

    async def handled(self, passage_id: int) -> None:
        """Note that a received message needs nothing more."""
        await self._store.write(lambda c: delivery.handled(c, passage_id))

    async def queue_reply(self, conversation: Conversation, in_reply_to: int | None, payload: str) -> Outgoing:
        """Keep a reply until it is known to be sent; the message it answers counts as handled from here on."""
        me = self._claims.sign()
        return await self._store.write(lambda c: delivery.queue_reply(c, conversation.id, in_reply_to, payload, me))

    async def reply_sent(self, outgoing: Outgoing, entry: Entry, more_ids: Sequence[str] = ()) -> Stored:
        """Store the reply as a passage and drop it from the outbox, in one transaction.

        `more_ids` are the event ids of its further parts, where it was too long for one.
        """
        return await self._store.write(lambda c: delivery.reply_sent(c, outgoing, entry, more_ids))

    async def unsent(self, conversation_id: int | None = None) -> list[Outgoing]:
        """Return the replies that may not have been sent, oldest first: all of them, or those to one conversation."""
        async with self._store.reading() as connection:
            return await delivery.unsent(connection, conversation_id)

    async def claim_unsent(self, platforms: Collection[str]) -> list[Outgoing]:
        """Return the unsent replies to these platforms that no living process sends; from now on this one does."""
        return await self._claims.unsent(platforms)

    async def of_event(self, platform: str, event_id: str) -> list[Passage]:
        """Return the passages that a platform knows by this id, in every conversation: for what it reports itself."""
        async with self._store.reading() as connection:
            return await delivery.of_event(connection, platform, event_id)

    # reading

    async def recall(
        self,
        question: str,
        scope: Scope,
        *,
        now: datetime,
        limit: int = 10,
        window: TimeWindow | None = None,
        token_budget: int | None = None,
        count_tokens: Callable[[str], int] | None = None,
        exclude: frozenset[int] = frozenset(),
    ) -> list[Recollection]:
        """Return the passages that answer the question best, best first.

        A time that the question names ("last March") weighs in, relative to `now`; a given `window` filters.
        `token_budget` bounds the sum of `count_tokens(text)` over what is returned. `exclude` holds passage ids
        (the question itself, when it was stored before it was asked).
        """
        question = question[: finding.MAX_QUESTION]
        request = finding.Request(
            question=question,
            scope=scope,
            limit=limit,
            window=window,
            named_time=question_window(question, now),
            exclude=exclude,
            embed=lambda: self._question_vector(question),
            token_budget=token_budget,
            count_tokens=count_tokens,
        )
        return await recall.recall(self._store, request)

    async def passages(
        self, scope: Scope, selection: Selection, *, limit: int = 50, newest_first: bool = True
    ) -> list[Passage]:
        """Return the passages that fit a selection, by event time."""
        scoped, scope_values = in_scope(scope)
        selected, values = in_selection(selection)
        order = "DESC" if newest_first else "ASC"
        rows = await self._store.read(
            f"{PASSAGE_SELECT} WHERE {scoped} AND {selected} ORDER BY p.said_at {order}, p.id {order} LIMIT ?",
            [*scope_values, *values, limit],
        )
        return [passage_of(row) for row in rows]

    async def recent(self, conversation_id: int, scope: Scope, *, limit: int = 20) -> list[Passage]:
        """Return the last messages, questions and answers of a conversation, oldest first: the history of a prompt."""
        selection = Selection(conversation_id=conversation_id, kinds=("message", "question", "answer"))
        return (await self.passages(scope, selection, limit=limit))[::-1]

    async def facts(self, scope: Scope, *, include_closed: bool = False) -> list[Fact]:
        """Return the facts within the scope, the newest first; closed ones only on request."""
        async with self._store.reading() as connection:
            return await facts.facts(connection, scope, include_closed=include_closed)

    # forgetting

    async def judgements(self, scope: Scope) -> list[Judgement]:
        """Return what people within the scope thought of answers, the oldest first."""
        async with self._store.reading() as connection:
            return await judgements.judgements(connection, scope)

    async def forget(self, scope: Scope, selection: Selection) -> Receipt:
        """Remove what fits the selection: text, vectors, full text, what was drawn from it, and the bytes on disk."""
        receipt = await self._store.write(lambda c: forget.forget(c, scope, selection))
        await self._store.checkpoint()
        self._queue.wake()
        return receipt

    async def retract(self, scope: Scope, fact_ids: Sequence[int]) -> Receipt:
        """Forget facts, by their passages, as if they had never been kept: what they closed holds again."""
        selection = Selection(passage_ids=tuple(fact_ids), kinds=("fact",))
        seen = [passage.id for passage in await self.passages(scope, selection, limit=len(fact_ids))]
        receipt = await self._store.write(lambda c: facts.retract(c, seen))
        await self._store.checkpoint()
        self._queue.wake()
        return receipt

    # care

    async def check(self) -> list[str]:
        """Return what is wrong with the store, one line each: integrity, and text, words and vectors that disagree."""
        # A connection of its own: FTS5's integrity check trusts what a connection has cached, stale or not.
        async with self._store.fresh() as connection:
            return await check.check(connection)

    async def backup(self, path: Path) -> None:
        """Write a consistent copy of the database to `path`, while it is in use. Raises StorageError."""
        await asyncio.to_thread(back_up, self._store.path, path)

    async def _question_vector(self, question: str) -> tuple[int, Vectors] | None:
        """Return the question's vector, by the model whose vectors serve; None where that can't be had."""
        async with self._store.reading() as connection:
            served = await vectors.serving(connection)
        if served is None:
            return None
        model, identity = served
        embedder = self._embedder if model == self._model else await self._earlier_embedder(identity)
        if embedder is None:
            return None
        try:
            return model, await asyncio.to_thread(guarded.embed_query, embedder, question)
        except EmbedderError as error:
            _log.warning("the question is searched for by its words alone: %s", error)
            return None

    async def _earlier_embedder(self, identity: EmbedderIdentity) -> Embedder | None:
        if identity not in self._earlier:
            self._earlier[identity] = None
            if self._load is not None:
                with contextlib.suppress(EmbedderError):
                    self._earlier[identity] = await asyncio.to_thread(self._load, identity)
        return self._earlier[identity]
