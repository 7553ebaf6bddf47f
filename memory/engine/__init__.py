"""What a storage engine must do, in facets: `memory.sqlite` does it in one file, another engine can beside it.

No connection, row arithmetic or SQL condition crosses a facet: ids are opaque numbers, and what is chosen is said with
a `Scope` and a `Selection`. Every write is committed when its call returns. Every call raises StorageError when the
database can't be read or written.
"""

from memory.engine.access import Codes, Grants, LastSeen, Links, Pauses, Usage
from memory.engine.bot_state import KeptFileStore, OwnerChatStore, PersistentButtonStore
from memory.engine.conversations import Conversations, People
from memory.engine.delivery import Delivery
from memory.engine.documents import Documents
from memory.engine.embeddings import Embeddings
from memory.engine.engine import AccessTables, Engine
from memory.engine.imports import Imports
from memory.engine.jobs import Jobs
from memory.engine.passages import Facts, Judgements, Passages
from memory.engine.plugins import PluginStates, PluginValues
from memory.engine.search import Search
from memory.engine.upkeep import Upkeep

__all__ = [
    "AccessTables",
    "Codes",
    "Conversations",
    "Delivery",
    "Documents",
    "Embeddings",
    "Engine",
    "Facts",
    "Grants",
    "Imports",
    "Jobs",
    "Judgements",
    "KeptFileStore",
    "LastSeen",
    "Links",
    "OwnerChatStore",
    "Passages",
    "Pauses",
    "People",
    "PersistentButtonStore",
    "PluginStates",
    "PluginValues",
    "Search",
    "Upkeep",
    "Usage",
]
