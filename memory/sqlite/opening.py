"""Opens a SQLite file as the engine's facets."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from memory.engine import AccessTables, Engine
from memory.sqlite.api_keys import SqliteApiKeys
from memory.sqlite.audit import SqliteAudit
from memory.sqlite.bot_state import SqliteKeptFiles, SqliteOwnerChats, SqlitePersistentButtons
from memory.sqlite.browsing import SqliteBrowsing
from memory.sqlite.claims import Claims
from memory.sqlite.codes import SqliteCodes
from memory.sqlite.conversations import SqliteConversations, SqlitePeople
from memory.sqlite.database import connect, explain_errors, version
from memory.sqlite.delivery import SqliteDelivery
from memory.sqlite.documents import SqliteDocuments
from memory.sqlite.embeddings import SqliteEmbeddings
from memory.sqlite.facts import SqliteFacts
from memory.sqlite.grants import SqliteGrants
from memory.sqlite.imports import SqliteImports
from memory.sqlite.jobs import SqliteJobs
from memory.sqlite.judgements import SqliteJudgements
from memory.sqlite.last_seen import SqliteLastSeen
from memory.sqlite.leadership import SqliteLeadership
from memory.sqlite.links import SqliteLinks
from memory.sqlite.passages import SqlitePassages
from memory.sqlite.pauses import SqlitePauses
from memory.sqlite.plugin_states import SqlitePluginStates
from memory.sqlite.plugin_values import SqlitePluginValues
from memory.sqlite.presence import Presence
from memory.sqlite.search import SqliteSearch
from memory.sqlite.sign_cache import SignCache
from memory.sqlite.store import Store
from memory.sqlite.unhandled_updates import SqliteUnhandledUpdates
from memory.sqlite.upkeep import SqliteUpkeep
from memory.sqlite.usage import SqliteUsage
from memory.sqlite.word_filling import fill_in_background


@asynccontextmanager
async def open_engine(path: Path, search_cache_mb: int) -> AsyncIterator[Engine]:
    """Open or create the database, migrated to the newest version. Raises StorageError."""
    async with (
        Store.open(path) as store,
        SignCache.open(store, search_cache_mb << 20) as signs,
        fill_in_background(store),
    ):
        with Presence(path) as presence:
            yield _engine(store, signs, presence)


@asynccontextmanager
async def open_access_tables(path: Path) -> AsyncIterator[AccessTables]:
    """Open what can be used without an embedding model. Raises StorageError."""
    async with Store.open(path) as store:
        yield _access_tables(store)


def describe_library() -> str:
    """Try full-text and vector search in a database of their own; return the versions. Raises StorageError."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "try.db"
        with explain_errors(path):
            connection = connect(path)
            try:
                connection.execute("CREATE VIRTUAL TABLE words USING fts5(text)")
                connection.execute("CREATE VIRTUAL TABLE vectors USING vec0(bits bit[8])")
                vectors = connection.execute("SELECT vec_version()").fetchone()[0]
            finally:
                connection.close()
    return f"{version()} with full-text search and sqlite-vec {vectors}"


def _engine(store: Store, signs: SignCache, presence: Presence) -> Engine:
    return Engine(
        people=SqlitePeople(store),
        conversations=SqliteConversations(store),
        passages=SqlitePassages(store),
        browsing=SqliteBrowsing(store),
        facts=SqliteFacts(store),
        judgements=SqliteJudgements(store),
        documents=SqliteDocuments(store),
        search=SqliteSearch(store, signs),
        embeddings=SqliteEmbeddings(store),
        delivery=SqliteDelivery(store, Claims(store, presence)),
        imports=SqliteImports(store),
        jobs=SqliteJobs(store, presence),
        leadership=SqliteLeadership(store.path),
        access=_access_tables(store),
        upkeep=SqliteUpkeep(store),
    )


def _access_tables(store: Store) -> AccessTables:
    return AccessTables(
        grants=SqliteGrants(store),
        audit=SqliteAudit(store),
        codes=SqliteCodes(store),
        api_keys=SqliteApiKeys(store),
        links=SqliteLinks(store),
        pauses=SqlitePauses(store),
        usage=SqliteUsage(store),
        last_seen=SqliteLastSeen(store),
        plugin_states=SqlitePluginStates(store),
        plugin_values=SqlitePluginValues(store),
        buttons=SqlitePersistentButtons(store),
        kept_files=SqliteKeptFiles(store),
        owner_chats=SqliteOwnerChats(store),
        unhandled_updates=SqliteUnhandledUpdates(store),
    )
