"""What a storage engine must do, in facets: `memory.sqlite` does it in one file, another engine can beside it.

No connection, row arithmetic or SQL condition crosses a facet: ids are opaque numbers, and what is chosen is said with
a `Scope` and a `Selection`. Every write is committed when its call returns. Every call raises StorageError when the
database can't be read or written.
"""

from memory.engine.access import (
    AuditStore,
    CodeStore,
    GrantStore,
    KeyStore,
    LastSeenStore,
    LinkStore,
    PauseStore,
    UsageStore,
)
from memory.engine.bot_state import KeptFileStore, OwnerChatStore, PersistentButtonStore, UnhandledUpdateStore
from memory.engine.browsing import BrowsingStore
from memory.engine.conversations import ConversationStore, PeopleStore
from memory.engine.delivery import DeliveryStore
from memory.engine.documents import DocumentStore
from memory.engine.embeddings import EmbeddingStore
from memory.engine.engine import AccessTables, Engine
from memory.engine.imports import ImportStore
from memory.engine.jobs import JobStore
from memory.engine.leadership import Leadership
from memory.engine.passages import FactStore, JudgementStore, PassageStore
from memory.engine.plugins import PluginStateStore, PluginValueStore
from memory.engine.search import SearchIndex
from memory.engine.upkeep import Upkeep

__all__ = [
    "AccessTables",
    "AuditStore",
    "BrowsingStore",
    "CodeStore",
    "ConversationStore",
    "DeliveryStore",
    "DocumentStore",
    "EmbeddingStore",
    "Engine",
    "FactStore",
    "GrantStore",
    "ImportStore",
    "JobStore",
    "JudgementStore",
    "KeptFileStore",
    "KeyStore",
    "LastSeenStore",
    "Leadership",
    "LinkStore",
    "OwnerChatStore",
    "PassageStore",
    "PauseStore",
    "PeopleStore",
    "PersistentButtonStore",
    "PluginStateStore",
    "PluginValueStore",
    "SearchIndex",
    "UnhandledUpdateStore",
    "Upkeep",
    "UsageStore",
]
