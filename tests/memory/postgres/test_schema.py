from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from memory.errors import NewerSchemaError, StorageError
from memory.postgres.migrations import read_migrations
from memory.postgres.store import Store


async def test_an_empty_database_gets_every_migration_once(database: str, tmp_path: Path) -> None:
    async with Store.open(database, tmp_path) as store:
        applied = [row[0] for row in await store.read("SELECT number FROM migrations ORDER BY number")]
    assert applied == list(read_migrations())
    async with Store.open(database, tmp_path) as store:
        assert len(await store.read("SELECT 1 FROM migrations")) == len(applied)


async def test_a_database_of_a_newer_version_is_left_alone(new_database: str, tmp_path: Path) -> None:
    async with Store.open(new_database, tmp_path) as store:
        await store.write(lambda connection: connection.execute("INSERT INTO migrations (number) VALUES (999)"))
    with pytest.raises(NewerSchemaError, match=r"schema 999, this one knows \d+\); upgrade Scrubjay"):
        async with Store.open(new_database, tmp_path):
            pass


async def test_a_server_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"postgresql://jay@127\.0\.0\.1:1/memory does not answer") as caught:
        async with Store.open("postgresql://jay:secret@127.0.0.1:1/memory", tmp_path):
            pass
    assert "secret" not in str(caught.value)


async def test_a_database_that_is_not_there_is_to_be_created(database: str, tmp_path: Path) -> None:
    head, _, query = database.partition("?")
    with pytest.raises(StorageError, match="has no such database; create it with `createdb`"):
        async with Store.open(f"{head}_missing?{query}", tmp_path):
            pass


async def test_a_database_that_can_only_be_read_names_the_primary(new_database: str, tmp_path: Path) -> None:
    connection = await asyncpg.connect(new_database)
    await connection.execute("DROP SCHEMA scrubjay CASCADE")
    name = await connection.fetchval("SELECT current_database()")
    await connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    await connection.close()
    with pytest.raises(StorageError, match="can only be read: it is a replica; name the primary"):
        async with Store.open(new_database, tmp_path):
            pass
