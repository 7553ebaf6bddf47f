"""What keeps writes of several processes apart, each lock held until the transaction's end.

A forgetting, an edit and a move see everything that hangs together as one process alone would: they take the memory for
themselves. What only adds goes on side by side, in each conversation one after another.
"""

from __future__ import annotations

from memory.postgres.connection import Connection

_LAYOUT = 0x5343524A
"""The advisory lock under which migrations run, and rights are given ("SCRJ")."""
_MEMORY = 0x5343524B
"""The advisory lock of the memory as a whole."""


async def lock_layout(connection: Connection) -> None:
    """Wait until nobody else changes the layout; nobody does before this transaction ends."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _LAYOUT)


async def lock_memory(connection: Connection) -> None:
    """Wait until nobody else writes passages, or what is made from them; nobody does before this transaction ends."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _MEMORY)


async def share_memory(connection: Connection) -> None:
    """Wait until nobody has the memory for themselves; nobody takes it before this transaction ends."""
    await connection.execute("SELECT pg_advisory_xact_lock_shared($1)", _MEMORY)


async def lock_conversation(connection: Connection, conversation_id: int) -> None:
    """Share the memory, and wait until nobody else adds to a conversation; nobody does before this transaction ends."""
    await share_memory(connection)
    await connection.execute("SELECT 1 FROM conversations WHERE id = $1 FOR NO KEY UPDATE", conversation_id)
