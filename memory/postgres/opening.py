"""Opens a PostgreSQL database as the engine's facets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from memory.engine import AccessTables, Engine
from memory.postgres.api_keys import PostgresApiKeys
from memory.postgres.audit import PostgresAudit
from memory.postgres.bot_state import PostgresKeptFiles, PostgresOwnerChats, PostgresPersistentButtons
from memory.postgres.browsing import PostgresBrowsing
from memory.postgres.claims import Claims
from memory.postgres.codes import PostgresCodes
from memory.postgres.conversations import PostgresConversations, PostgresPeople
from memory.postgres.delivery import PostgresDelivery
from memory.postgres.documents import PostgresDocuments
from memory.postgres.embeddings import PostgresEmbeddings
from memory.postgres.facts import PostgresFacts
from memory.postgres.grants import PostgresGrants
from memory.postgres.imports import PostgresImports
from memory.postgres.jobs import PostgresJobs
from memory.postgres.judgements import PostgresJudgements
from memory.postgres.last_seen import PostgresLastSeen
from memory.postgres.leadership import PostgresLeadership
from memory.postgres.links import PostgresLinks
from memory.postgres.passages import PostgresPassages
from memory.postgres.pauses import PostgresPauses
from memory.postgres.plugin_states import PostgresPluginStates
from memory.postgres.plugin_values import PostgresPluginValues
from memory.postgres.presence import Presence
from memory.postgres.search import PostgresSearch
from memory.postgres.store import Store
from memory.postgres.unhandled_updates import PostgresUnhandledUpdates
from memory.postgres.upkeep import PostgresUpkeep
from memory.postgres.usage import PostgresUsage


@asynccontextmanager
async def open_engine(address: str, folder: Path) -> AsyncIterator[Engine]:
    """Connect to the database at `address`, migrated to the newest version; files lie in `folder`.

    Raises StorageError.
    """
    async with Store.open(address, folder) as store, Presence.open(store) as presence:
        yield _engine(store, presence)


@asynccontextmanager
async def open_access_tables(address: str, folder: Path) -> AsyncIterator[AccessTables]:
    """Open what can be used without an embedding model. Raises StorageError."""
    async with Store.open(address, folder) as store:
        yield _access_tables(store)


def _engine(store: Store, presence: Presence) -> Engine:
    claims = Claims(store, presence)
    return Engine(
        people=PostgresPeople(store),
        conversations=PostgresConversations(store),
        passages=PostgresPassages(store),
        browsing=PostgresBrowsing(store),
        facts=PostgresFacts(store),
        judgements=PostgresJudgements(store),
        documents=PostgresDocuments(store),
        search=PostgresSearch(store),
        embeddings=PostgresEmbeddings(store),
        delivery=PostgresDelivery(store, claims),
        imports=PostgresImports(store),
        jobs=PostgresJobs(store, presence, claims),
        leadership=PostgresLeadership(presence),
        access=_access_tables(store),
        upkeep=PostgresUpkeep(store),
    )


def _access_tables(store: Store) -> AccessTables:
    return AccessTables(
        grants=PostgresGrants(store),
        audit=PostgresAudit(store),
        codes=PostgresCodes(store),
        api_keys=PostgresApiKeys(store),
        links=PostgresLinks(store),
        pauses=PostgresPauses(store),
        usage=PostgresUsage(store),
        last_seen=PostgresLastSeen(store),
        plugin_states=PostgresPluginStates(store),
        plugin_values=PostgresPluginValues(store),
        buttons=PostgresPersistentButtons(store),
        kept_files=PostgresKeptFiles(store),
        owner_chats=PostgresOwnerChats(store),
        unhandled_updates=PostgresUnhandledUpdates(store),
    )
