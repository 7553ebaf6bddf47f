"""The facets of what the program keeps for itself: persistent buttons, files that wait, owners' chats."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import aiosqlite

from memory.sqlite import provenance
from memory.sqlite.kept_files import kept_folder
from memory.sqlite.store import Store


class SqlitePersistentButtons:
    """Keeps a row for each reply with buttons; see `memory.engine.PersistentButtonStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def keep(
        self, conversation_id: int, key: str, payload: str, *, most: int, drawn_from: Collection[int] = ()
    ) -> None:
        """Insert a row, and delete those that are too many."""

        async def write(connection: aiosqlite.Connection) -> None:
            rows: Iterable[Any] = await connection.execute_fetchall(
                """INSERT OR REPLACE INTO persistent_buttons (conversation_id, key, payload) VALUES (?, ?, ?)
                   RETURNING id""",
                [conversation_id, key, payload],
            )
            await provenance.bind(connection, "buttons_id", next(int(row[0]) for row in rows), drawn_from)
            await connection.execute(
                """DELETE FROM persistent_buttons WHERE conversation_id = ?1 AND id NOT IN (
                       SELECT id FROM persistent_buttons WHERE conversation_id = ?1 ORDER BY id DESC LIMIT ?2)""",
                [conversation_id, most],
            )

        await self._store.write(write)

    async def find(self, conversation_id: int, key: str) -> str | None:
        """Return the payload of one row."""
        rows = await self._store.read(
            "SELECT payload FROM persistent_buttons WHERE conversation_id = ? AND key = ?", [conversation_id, key]
        )
        return str(rows[0][0]) if rows else None

    async def delete(self, conversation_id: int, key: str) -> None:
        """Delete one row."""
        await self._store.write(
            lambda connection: connection.execute_fetchall(
                "DELETE FROM persistent_buttons WHERE conversation_id = ? AND key = ?", [conversation_id, key]
            )
        )


class SqliteKeptFiles:
    """Keeps a row for each file; see `memory.engine.KeptFileStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def folder(self) -> Path:
        """The folder `kept` beside the database."""
        return kept_folder(self._store.path)

    async def keep(self, name: str, conversation_id: int, payload: str, drawn_from: Collection[int] = ()) -> None:
        """Insert or replace a row."""

        async def write(connection: aiosqlite.Connection) -> None:
            await connection.execute(
                "INSERT OR REPLACE INTO kept_files (name, conversation_id, payload) VALUES (?, ?, ?)",
                [name, conversation_id, payload],
            )
            await provenance.bind(connection, "file_name", name, drawn_from)

        await self._store.write(write)

    async def read_all(self) -> dict[str, str]:
        """Return every row's payload."""
        return dict(await self._store.read("SELECT name, payload FROM kept_files ORDER BY name"))

    async def delete(self, name: str) -> None:
        """Delete one row."""
        await self._store.write(
            lambda connection: connection.execute_fetchall("DELETE FROM kept_files WHERE name = ?", [name])
        )


class SqliteOwnerChats:
    """Keeps a row for each owner; see `memory.engine.OwnerChatStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def keep(self, person_id: int, payload: str) -> None:
        """Insert or replace a row."""
        await self._store.write(
            lambda connection: connection.execute_fetchall(
                "INSERT OR REPLACE INTO owner_chats (person_id, payload) VALUES (?, ?)", [person_id, payload]
            )
        )

    async def read_all(self) -> dict[int, str]:
        """Return every row's payload."""
        return dict(await self._store.read("SELECT person_id, payload FROM owner_chats ORDER BY person_id"))
