"""What the doctor is told of a server."""

from __future__ import annotations

import asyncpg

from memory.databases import inspect_server
from memory.server_conditions import ServerCondition


async def look(address: str) -> dict[str, ServerCondition]:
    return {each.name: each for each in await inspect_server(address)}


def told(condition: ServerCondition) -> str:
    return condition.found.format_map(condition.values)


async def run(address: str, *statements: str) -> None:
    connection = await asyncpg.connect(address)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def test_a_server_in_order_is_told_without_advice(database: str) -> None:
    found = await look(database)
    assert list(found) == [
        "server",
        "pgvector",
        "privileges",
        "schema",
        "scopes",
        "vectors",
        "connections",
        "replication",
    ]
    assert {name for name, each in found.items() if each.advice and name != "connections"} == set()
    assert told(found["server"]).startswith("PostgreSQL 18")
    assert found["schema"].found.endswith(", the newest")
    assert " in use, " in told(found["connections"])
    assert found["replication"].found == "no standby is seen"


async def test_an_empty_database_is_looked_at_and_stays_empty(new_database: str) -> None:
    await run(new_database, "DROP SCHEMA scrubjay CASCADE", "DROP EXTENSION vector")
    found = await look(new_database)
    assert found["schema"].found.startswith("migrations that wait")
    assert "CREATE EXTENSION vector" in found["pgvector"].advice
    again = await look(new_database)
    for each in (found, again):
        del each["connections"]  # those of other tests among them
    assert again == found


async def test_a_newer_layout_and_missing_rights_are_broken(new_database: str) -> None:
    name = new_database.partition("?")[0].rpartition("/")[2]
    await run(new_database, "INSERT INTO scrubjay.migrations (number) VALUES (999)", f"CREATE ROLE looker_{name} LOGIN")
    assert (await look(new_database))["schema"].is_broken
    stranger = (await look(new_database.replace("postgres:@", f"looker_{name}@", 1)))["privileges"]
    await run(new_database, f"DROP ROLE looker_{name}")
    assert stranger.is_broken
    assert "make tables in the schema scrubjay" in told(stranger)
