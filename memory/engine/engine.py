"""An engine: all of its facets, opened together on one database."""

from __future__ import annotations

from dataclasses import dataclass

from memory.engine.access import Codes, Grants, LastSeen, Links, Pauses, Usage
from memory.engine.bot_state import KeptFileStore, OwnerChatStore, PersistentButtonStore
from memory.engine.conversations import Conversations, People
from memory.engine.delivery import Delivery
from memory.engine.documents import Documents
from memory.engine.embeddings import Embeddings
from memory.engine.imports import Imports
from memory.engine.jobs import Jobs
from memory.engine.passages import Facts, Judgements, Passages
from memory.engine.plugins import PluginStates, PluginValues
from memory.engine.search import Search
from memory.engine.upkeep import Upkeep


@dataclass(frozen=True, slots=True)
class AccessTables:
    """Who may talk, what plugins keep, and what was decided about them: usable without an embedding model."""

    grants: Grants
    codes: Codes
    links: Links
    pauses: Pauses
    usage: Usage
    last_seen: LastSeen
    plugin_states: PluginStates
    plugin_values: PluginValues
    buttons: PersistentButtonStore
    kept_files: KeptFileStore
    owner_chats: OwnerChatStore


@dataclass(frozen=True, slots=True)
class Engine:
    """One database, as its facets."""

    people: People
    conversations: Conversations
    passages: Passages
    facts: Facts
    judgements: Judgements
    documents: Documents
    search: Search
    embeddings: Embeddings
    delivery: Delivery
    imports: Imports
    jobs: Jobs
    access: AccessTables
    upkeep: Upkeep
