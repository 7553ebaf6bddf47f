"""Brings a database to the newest layout, one migration after another, whichever of several processes comes first."""

from __future__ import annotations

import asyncpg

from memory.addresses import without_password
from memory.errors import NewerSchemaError, StorageError
from memory.postgres.connection import Connection
from memory.postgres.locks import lock_layout
from memory.postgres.migrations import read_migrations

OLDEST_SERVER = 18
"""The first PostgreSQL with `casefold`, by which names are compared whatever their case."""
OLDEST_PGVECTOR = (0, 7)
"""The first pgvector that compares bits."""


async def migrate(connection: Connection, address: str) -> None:
    """Bring the database to the newest version, all steps in one transaction.

    Raises NewerSchemaError for a database from the future, StorageError for a server that lacks what is needed.
    """
    await _refuse_old_server(connection, address)
    known = read_migrations()
    if await find_applied(connection) == known.keys():
        return
    await _refuse_replica(connection, address)
    async with connection.raw.transaction():
        # Taken before the versions are read: another process may be migrating at this moment.
        await lock_layout(connection)
        await _prepare(connection, address)
        applied = await find_applied(connection)
        if newer := applied - known.keys():
            raise NewerSchemaError(
                f"{without_password(address)} was written by a newer Scrubjay (schema {max(newer)}, this one knows "
                f"{max(known)}); upgrade Scrubjay to open it"
            )
        for number, script in known.items():
            if number not in applied:
                await connection.raw.execute(script)
                await connection.execute("INSERT INTO scrubjay.migrations (number) VALUES ($1)", number)


async def _refuse_old_server(connection: Connection, address: str) -> None:
    version = connection.raw.get_server_version()
    if version.major < OLDEST_SERVER:
        raise StorageError(
            f"{without_password(address)} runs PostgreSQL {version.major}; Scrubjay needs {OLDEST_SERVER} or newer"
        )


async def _refuse_replica(connection: Connection, address: str) -> None:
    if await connection.fetch_value("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean"):
        raise StorageError(
            f"{without_password(address)} can only be read: it is a replica; name the primary in [memory] store"
        )


async def _prepare(connection: Connection, address: str) -> None:
    """Make the schema and the extension, where they are not there yet."""
    available = await connection.fetch(
        "SELECT default_version, installed_version FROM pg_available_extensions WHERE name = 'vector'"
    )
    for default, installed in available:
        if tuple(map(int, (installed or default).split(".")[:2])) < OLDEST_PGVECTOR:
            raise StorageError(
                f"{without_password(address)} has pgvector {installed or default}; Scrubjay needs "
                f"{'.'.join(map(str, OLDEST_PGVECTOR))} or newer: `ALTER EXTENSION vector UPDATE`"
            )
    if not available:
        raise StorageError(
            f"{without_password(address)} has no pgvector; install it beside the server (the package is mostly called "
            f"postgresql-{OLDEST_SERVER}-pgvector), then try again"
        )
    if available[0][1] is None:
        await _create_extension(connection, address)
    await connection.execute("CREATE SCHEMA IF NOT EXISTS scrubjay")
    await connection.execute(
        """CREATE TABLE IF NOT EXISTS scrubjay.migrations (
               number integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"""
    )


async def _create_extension(connection: Connection, address: str) -> None:
    try:
        await connection.execute("CREATE EXTENSION vector SCHEMA public")
    except asyncpg.InsufficientPrivilegeError as error:
        raise StorageError(
            f"{without_password(address)} does not let this user make the extension pgvector; run "
            "`CREATE EXTENSION vector` in this database as a superuser, then try again"
        ) from error


async def find_applied(connection: Connection) -> set[int]:
    """Return the numbers of the migrations that a database has had."""
    if await connection.fetch_value("SELECT to_regclass('scrubjay.migrations')") is None:
        return set()
    return {int(row[0]) for row in await connection.fetch("SELECT number FROM scrubjay.migrations")}
