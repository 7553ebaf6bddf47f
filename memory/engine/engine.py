"""An engine: all of its facets, opened together on one database."""

from __future__ import annotations

from dataclasses import dataclass

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
from memory.engine.imports import ImportStore
from memory.engine.jobs import JobStore
from memory.engine.leadership import Leadership
from memory.engine.passages import FactStore, JudgementStore, PassageStore
from memory.engine.plugins import PluginStateStore, PluginValueStore
from memory.engine.search import SearchIndex
from memory.engine.upkeep import Upkeep


@dataclass(frozen=True, slots=True)
class AccessTables:
    """Who may talk, what plugins keep, and what was decided about them: usable without an embedding model."""

    grants: GrantStore
    audit: AuditStore
    codes: CodeStore
    api_keys: KeyStore
    links: LinkStore
    pauses: PauseStore
    usage: UsageStore
    last_seen: LastSeenStore
    plugin_states: PluginStateStore
    plugin_values: PluginValueStore
    buttons: PersistentButtonStore
    kept_files: KeptFileStore
    owner_chats: OwnerChatStore
    unhandled_updates: UnhandledUpdateStore


@dataclass(frozen=True, slots=True)
class Engine:
    """One database, as its facets."""

    people: PeopleStore
    conversations: ConversationStore
    passages: PassageStore
    browsing: BrowsingStore
    facts: FactStore
    judgements: JudgementStore
    documents: DocumentStore
    search: SearchIndex
    embeddings: EmbeddingStore
    delivery: DeliveryStore
    imports: ImportStore
    jobs: JobStore
    leadership: Leadership
    access: AccessTables
    upkeep: Upkeep
