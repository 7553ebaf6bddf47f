"""The role in which reads within a scope run, so that the server shows them no other scope's rows, whatever they ask.

Every query names its scope as a predicate. Behind that, the policies of migration 013 let this role see only what the
setting `scrubjay.scope` names. The role can't log in; it is called after the owner of the schema, since the roles of a
server are common to its databases. Where the user may not make it, reads go on with their predicate alone.
"""

from __future__ import annotations

import contextlib
import json

import asyncpg

from memory.postgres.connection import Connection
from memory.postgres.locks import lock_layout
from memory.records import Scope

_READABLE = (
    "conversations",
    "documents",
    "embedding_models",
    "evidence",
    "facts",
    "import_ranges",
    "judgements",
    "passages",
    "people",
    "postings",
)
"""What reads within a scope need, with the tables of the vectors. Without a policy are those that hold only names of
people, ids of passages and names of models."""
_NAME = "SELECT left(pg_get_userbyid(nspowner), 56) || '_reader' FROM pg_namespace WHERE nspname = 'scrubjay'"
_IS_USABLE = "SELECT coalesce((SELECT pg_has_role(oid, 'SET') FROM pg_roles WHERE rolname = $1), false)"
_MAY_CREATE = "SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user"
_MISSING = """
SELECT format('GRANT USAGE ON SCHEMA scrubjay TO %I', $1::name) WHERE NOT has_schema_privilege($1, 'scrubjay', 'USAGE')
UNION ALL
SELECT format('GRANT SELECT ON scrubjay.%I TO %I', relname, $1) FROM pg_class
WHERE relnamespace = 'scrubjay'::regnamespace AND relkind IN ('r', 'p') AND NOT has_table_privilege($1, oid, 'SELECT')
    AND (relname = ANY($2::text[]) OR relname ~ '^(vectors|signs)_[0-9]+$')
"""
"""Selects the statements that give a role what it needs and does not have."""
_AS_FAR_AS_IT_GOES = (
    asyncpg.DuplicateObjectError,
    asyncpg.UniqueViolationError,
    asyncpg.InsufficientPrivilegeError,
    asyncpg.UndefinedObjectError,
)
"""What is raised where another process makes the role just now, perhaps in another database, or this user may not."""


async def find_reader(connection: Connection) -> str | None:
    """Return the role's name; None where this user may not take it on, or it is shown more than its scope."""
    name = await _read_name(connection)
    try:
        async with connection.raw.transaction():
            await confine(connection, name, Scope())
            confined = await connection.fetch_value("SELECT row_security_active('scrubjay.passages')")
    except (asyncpg.InsufficientPrivilegeError, asyncpg.InvalidParameterValueError):
        return None
    return name if confined else None


async def prepare_reader(connection: Connection) -> str | None:
    """Make the role, where it is not there yet, and let it read; return what `find_reader` does.

    Run outside a transaction.
    """
    if not await connection.fetch_value("SELECT current_setting('transaction_read_only')::boolean"):
        name = await _read_name(connection)
        if not await connection.fetch_value(_IS_USABLE, name) and await connection.fetch_value(_MAY_CREATE):
            await _create(connection)
        async with connection.raw.transaction():
            await grant_reading(connection)
    return await find_reader(connection)


async def grant_reading(connection: Connection) -> None:
    """Let the role, if this user may use it, read the tables that it needs. Run in a transaction."""
    name = await _read_name(connection)
    if not await connection.fetch_value(_IS_USABLE, name) or not await connection.fetch(_MISSING, name, _READABLE):
        return
    await lock_layout(connection)
    for (statement,) in await connection.fetch(_MISSING, name, _READABLE):
        await connection.execute(statement)


async def confine(connection: Connection, reader: str, scope: Scope) -> None:
    """Run the rest of this transaction as the role, which sees only what is within the scope."""
    told = {
        "conversations": sorted(scope.conversation_ids),
        "owners": sorted(scope.owner_ids),
        "audiences": sorted(scope.audiences),
    }
    await connection.execute(
        """SELECT set_config('scrubjay.scope', $1, true), set_config('row_security', 'on', true),
                  set_config('role', $2, true)""",
        json.dumps(told),
        reader,
    )


async def write_statements(connection: Connection) -> list[str]:
    """Return the statements that make the role and let this user take it on."""
    name = await _read_name(connection)
    rows = await connection.fetch("SELECT quote_ident($1), quote_ident(current_user)", name)
    return [each for role, user in rows for each in (f"CREATE ROLE {role} NOLOGIN", f"GRANT {role} TO {user}")]


async def _read_name(connection: Connection) -> str:
    return str(await connection.fetch_value(_NAME))


async def _create(connection: Connection) -> None:
    for statement in await write_statements(connection):
        with contextlib.suppress(*_AS_FAR_AS_IT_GOES):
            await connection.execute(statement)
