"""The facets of what the program keeps for itself: persistent buttons, files that wait, owners' chats."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection
from pathlib import Path
from uuid import uuid4

from memory.postgres import provenance
from memory.postgres.connection import Connection
from memory.postgres.locks import share_memory
from memory.postgres.store import Store
from memory.private_files import private_opener


class PostgresPersistentButtons:
    """Keeps a row for each reply with buttons; see `memory.engine.PersistentButtonStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def keep(
        self, conversation_id: int, key: str, payload: str, *, most: int, drawn_from: Collection[int] = ()
    ) -> None:
        """Insert a row, and delete those that are too many."""

        async def write(connection: Connection) -> None:
            await share_memory(connection)
            await connection.execute(
                "DELETE FROM persistent_buttons WHERE conversation_id = $1 AND key = $2", conversation_id, key
            )
            number = await connection.fetch_value(
                "INSERT INTO persistent_buttons (conversation_id, key, payload) VALUES ($1, $2, $3) RETURNING id",
                conversation_id,
                key,
                payload,
            )
            await provenance.bind(connection, "buttons_id", int(number), drawn_from)
            await connection.execute(
                """DELETE FROM persistent_buttons WHERE conversation_id = $1 AND id NOT IN (
                       SELECT id FROM persistent_buttons WHERE conversation_id = $1 ORDER BY id DESC LIMIT $2)""",
                conversation_id,
                most,
            )

        await self._store.write(write)

    async def find(self, conversation_id: int, key: str) -> str | None:
        """Return the payload of one row."""
        rows = await self._store.read(
            "SELECT payload FROM persistent_buttons WHERE conversation_id = $1 AND key = $2", conversation_id, key
        )
        return str(rows[0][0]) if rows else None

    async def delete(self, conversation_id: int, key: str) -> None:
        """Delete one row."""
        await self._store.write(
            lambda connection: connection.execute(
                "DELETE FROM persistent_buttons WHERE conversation_id = $1 AND key = $2", conversation_id, key
            )
        )


class PostgresKeptFiles:
    """Keeps a row for each file; see `memory.engine.KeptFileStore`.

    A file lies on the machine that kept it, which alone reads it, and removes it once its row is gone.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def folder(self) -> Path:
        """The folder `kept` in this machine's data folder."""
        return self._store.folder / "kept"

    async def keep(self, name: str, conversation_id: int, payload: str, drawn_from: Collection[int] = ()) -> None:
        """Insert or replace a row."""
        home = await self._name_folder()

        async def write(connection: Connection) -> None:
            await share_memory(connection)
            await connection.execute("DELETE FROM kept_files WHERE name = $1", name)
            await connection.execute(
                "INSERT INTO kept_files (name, home, conversation_id, payload) VALUES ($1, $2, $3, $4)",
                name,
                home,
                conversation_id,
                payload,
            )
            await provenance.bind(connection, "file_name", name, drawn_from)

        await self._store.write(write)

    async def read_all(self) -> dict[str, str]:
        """Return the payload of every row whose file lies on this machine."""
        rows = await self._store.read(
            "SELECT name, payload FROM kept_files WHERE home = $1 ORDER BY name", await self._name_folder()
        )
        return {str(row[0]): str(row[1]) for row in rows}

    async def delete(self, name: str) -> None:
        """Delete one row."""
        await self._store.write(lambda connection: connection.execute("DELETE FROM kept_files WHERE name = $1", name))

    async def _name_folder(self) -> str:
        """Return the name of this machine's data folder, which is made up once and kept there."""
        return await asyncio.to_thread(name_folder, self._store.folder)


def name_folder(folder: Path) -> str:
    """Return the name of a data folder, made up if need be, by one of several processes at once. Blocking."""
    path = folder / "folder-name"
    if not path.exists():
        part = path.with_name(f".{path.name}-{uuid4().hex}")
        with open(part, "x", encoding="ascii", opener=private_opener) as file:
            file.write(uuid4().hex)
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(part)
        part.unlink()
    return path.read_text("ascii")


class PostgresOwnerChats:
    """Keeps a row for each owner; see `memory.engine.OwnerChatStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def keep(self, person_id: int, payload: str) -> None:
        """Insert or replace a row."""
        await self._store.write(
            lambda connection: connection.execute(
                """INSERT INTO owner_chats (person_id, payload) VALUES ($1, $2)
                   ON CONFLICT (person_id) DO UPDATE SET payload = excluded.payload""",
                person_id,
                payload,
            )
        )

    async def read_all(self) -> dict[int, str]:
        """Return every row's payload."""
        rows = await self._store.read("SELECT person_id, payload FROM owner_chats ORDER BY person_id")
        return {int(row[0]): str(row[1]) for row in rows}
