"""The memory as the rest of Scrubjay sees it: its parts, each by its name, and recall over all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from memory.addresses import StoreAddress
from memory.databases import open_engine
from memory.embedders import Embedder
from memory.embedders.questions import LoadEmbedder, QuestionEmbedder
from memory.embedders.queue import EmbeddingQueue
from memory.engine import Engine
from memory.ledger import Ledger
from memory.receipts import Receipt
from memory.records import Passage, PassageKind, Recollection, Scope, Selection, TimeWindow
from memory.search.request import MAX_QUESTION, RecallQuery

SEARCH_CACHE_MB = 512
"""Enough for seven million passages."""

_TELLING: tuple[PassageKind, ...] = ("message", "fact", "document")
"""What tells of a time: not what was asked of the bot, nor what it answered."""


class Memory:
    """Stores every message, document and fact, finds them again, and forgets them.

    Each part is a facet of the storage engine (`memory.engine` says what each does). Every read names a `Scope`. Every
    write is committed when its call returns. Raises StorageError when the database can't be read or written.
    """

    def __init__(self, engine: Engine, embedder: Embedder, model: int, load: LoadEmbedder | None) -> None:
        self.people = engine.people
        self.conversations = engine.conversations
        self.passages = engine.passages
        self.browsing = engine.browsing
        self.facts = engine.facts
        self.judgements = engine.judgements
        self.documents = engine.documents
        self.delivery = engine.delivery
        self.imports = engine.imports
        self.jobs = engine.jobs
        self.leadership = engine.leadership
        self.ledger = Ledger(engine.access)
        self.upkeep = engine.upkeep
        self.embeddings = EmbeddingQueue(engine.embeddings, embedder, model)
        self._search = engine.search
        self._questions = QuestionEmbedder(engine.embeddings, embedder, model, load)

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        store: Path | StoreAddress,
        embedder: Embedder,
        *,
        load: LoadEmbedder | None = None,
        search_cache_mb: int = SEARCH_CACHE_MB,
    ) -> AsyncIterator[Memory]:
        """Open the database, or create the file. Embedding runs only where `embeddings` is told to.

        Up to `search_cache_mb` megabytes of memory may go into making searches faster; 0 is none.

        When `embedder` is another than the one whose vectors serve, those keep serving, their questions embedded by
        what `load` returns, until `embedder` has embedded everything.
        """
        async with open_engine(store, search_cache_mb=search_cache_mb) as engine:
            # Every vector carries this number, so that those of two models never meet in one ranking.
            model = await engine.embeddings.register(embedder.identity)
            memory = cls(engine, embedder, model, load)
            try:
                yield memory
            finally:
                memory._questions.close()

    @property
    def folder(self) -> Path:
        """The data folder on this machine: what is kept in files lies there."""
        return self.upkeep.folder

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
        conversation_id: int | None = None,
        person: str | None = None,
        kinds: tuple[PassageKind, ...] = (),
    ) -> list[Recollection]:
        """Return the passages that answer the question best, best first.

        A time that the question names ("last March") weighs in, relative to `now`; a given `window` filters, and so
        do a conversation, the name of a `person` who said it, case ignored, and the `kinds` of passages.
        `token_budget` bounds the sum of `count_tokens(text)` over what is returned. `exclude` holds passage ids
        (the question itself, when it was stored before it was asked).
        """
        from memory.search import recall  # noqa: PLC0415 (commands that recall nothing need not wait for it)

        question = question[:MAX_QUESTION]
        request = RecallQuery(
            question=question,
            scope=scope,
            limit=limit,
            window=window,
            named_time=await self._time_named(question, now, scope, conversation_id),
            exclude=exclude,
            conversation_id=conversation_id,
            person=person,
            kinds=kinds,
            embed=self._questions.embed,
            token_budget=token_budget,
            count_tokens=count_tokens,
        )
        return await recall.recall(self._search, request)

    async def _time_named(
        self, question: str, now: datetime, scope: Scope, conversation_id: int | None
    ) -> TimeWindow | None:
        """Return the time that a question names; a day without a year is the last one of which anything is told."""
        from memory.timeline.expressions import question_window  # noqa: PLC0415 (as in `recall`)
        from memory.timeline.years import years_meant  # noqa: PLC0415 (as above)

        named = question_window(question, now)
        meant = list(years_meant(named)) if named is not None and named.start < now else []
        for window in meant if len(meant) > 1 else ():
            told = Selection(conversation_id=conversation_id, since=window.start, until=window.end, kinds=_TELLING)
            if await self.passages.select(scope, told, limit=1):
                return window
        return named

    async def read_history(self, conversation_id: int, scope: Scope, *, limit: int = 20) -> list[Passage]:
        """Return the last messages, questions and answers of a conversation, oldest first: the history of a prompt."""
        selection = Selection(conversation_id=conversation_id, kinds=("message", "question", "answer"))
        # Selected from the newest on, to get the last ones; a prompt reads in the order of time.
        return (await self.passages.select(scope, selection, limit=limit))[::-1]

    async def forget(self, scope: Scope, selection: Selection, *, verify: bool = False) -> Receipt:
        """Remove what fits the selection: text, vectors, full text, all that was made from it, and the bytes on disk.

        With `verify` its words are then looked for in everything that is kept; the receipt says what came of that.
        """
        return await self.passages.forget(scope, selection, verify=verify)
