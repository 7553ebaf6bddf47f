"""Looks at a server before anything is opened on it: what the memory needs, and what may run out or fall behind.

Nothing is changed, and nothing but the connection itself has to work: each line stands for itself.
"""

from __future__ import annotations

from memory.postgres import vector_index
from memory.postgres.connection import Connection
from memory.postgres.errors import explain_errors
from memory.postgres.migrations import read_migrations
from memory.postgres.reader import find_reader, write_statements
from memory.postgres.schema import OLDEST_PGVECTOR, OLDEST_SERVER, find_applied
from memory.postgres.store import CONNECTIONS, connect
from memory.server_conditions import ServerCondition

FAR_BEHIND = 30.0
"""Seconds; a standby that is further behind would lose more than people forgive when it is promoted."""
_RIGHTS = """
SELECT array_remove(ARRAY[
    CASE WHEN NOT has_database_privilege(current_database(), 'CREATE') AND to_regnamespace('scrubjay') IS NULL
         THEN 'create a schema' END,
    CASE WHEN to_regnamespace('scrubjay') IS NOT NULL AND NOT has_schema_privilege('scrubjay', 'USAGE, CREATE')
         THEN 'make tables in the schema scrubjay' END,
    CASE WHEN EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'scrubjay'
                      AND NOT pg_has_role(tableowner, 'USAGE'))
         THEN 'change the tables of scrubjay' END], NULL), current_user
"""
_STANDBYS = """
SELECT count(*), max(extract(epoch FROM replay_lag))::float8, count(*) FILTER (WHERE sync_state IN ('sync', 'quorum'))
FROM pg_stat_replication WHERE state IS NOT NULL
"""


async def inspect(address: str) -> list[ServerCondition]:
    """Return what is found, a line for each thing. Raises StorageError when nothing can be asked."""
    with explain_errors(address):
        raw = await connect(address)
        try:
            connection = Connection(raw)
            looks = (_version, _extension, _privileges, _layout, _scopes, _vectors, _connections, _replication)
            return [await look(connection) for look in looks]
        finally:
            await raw.close()


async def _version(connection: Connection) -> ServerCondition:
    version = connection.raw.get_server_version()
    found = f"PostgreSQL {await connection.fetch_value('SHOW server_version')}"
    if version.major < OLDEST_SERVER:
        return ServerCondition("server", found, f"Scrubjay needs PostgreSQL {OLDEST_SERVER} or newer", is_broken=True)
    return ServerCondition("server", found)


async def _extension(connection: Connection) -> ServerCondition:
    rows = await connection.fetch(
        "SELECT installed_version, default_version FROM pg_available_extensions WHERE name = 'vector'"
    )
    if not rows:
        advice = f"install it beside the server; the package is mostly called postgresql-{OLDEST_SERVER}-pgvector"
        return ServerCondition("pgvector", "not there", advice, is_broken=True)
    installed, default = rows[0]
    if installed is None:
        advice = "the first start makes it where the user may; otherwise, as a superuser: CREATE EXTENSION vector"
        return ServerCondition("pgvector", f"{default}, not made in this database yet", advice)
    if tuple(map(int, installed.split(".")[:2])) < OLDEST_PGVECTOR:
        needed = ".".join(map(str, OLDEST_PGVECTOR))
        advice = f"Scrubjay needs {needed} or newer: ALTER EXTENSION vector UPDATE"
        return ServerCondition("pgvector", installed, advice, is_broken=True)
    return ServerCondition("pgvector", installed)


async def _privileges(connection: Connection) -> ServerCondition:
    ((missing, user),) = await connection.fetch(_RIGHTS)
    if missing:
        advice = (
            "let the user own the schema scrubjay and its tables, and in an empty database: GRANT CREATE ON DATABASE"
        )
        return ServerCondition("privileges", f"{user} may not {', nor '.join(missing)}", advice, is_broken=True)
    return ServerCondition("privileges", f"{user} may do all that is needed")


async def _layout(connection: Connection) -> ServerCondition:
    known = read_migrations()
    if not await connection.fetch_value(
        "SELECT coalesce(has_schema_privilege(to_regnamespace('scrubjay'), 'USAGE'), true)"
    ):
        return ServerCondition("schema", "can't be read", "see the privileges")
    applied = await find_applied(connection)
    if newer := applied - known.keys():
        found = f"{max(newer)}, this program knows {max(known)}"
        return ServerCondition("schema", found, "upgrade Scrubjay on this machine", is_broken=True)
    if waiting := len(known.keys() - applied):
        return ServerCondition("schema", f"{waiting} migrations wait", "the next start applies them")
    return ServerCondition("schema", f"{max(known)}, the newest")


async def _scopes(connection: Connection) -> ServerCondition:
    if not await connection.fetch_value(
        "SELECT EXISTS (SELECT 1 FROM pg_policies WHERE schemaname = 'scrubjay' AND tablename = 'passages')"
    ):
        return ServerCondition("scopes", "the next start makes the policies that hold reads to them")
    if (reader := await find_reader(connection)) is not None:
        return ServerCondition("scopes", f"the server holds reads to them, in the role {reader}")
    statements = "; ".join(await write_statements(connection))
    advice = f"for row-level security let a superuser run: {statements}"
    return ServerCondition("scopes", "each query names its own; the server holds reads to none", advice)


async def _vectors(connection: Connection) -> ServerCondition:
    rows = await connection.fetch(
        """SELECT relname, greatest(reltuples, 0)::bigint FROM pg_class
           WHERE relnamespace = to_regnamespace('scrubjay') AND relname ~ '^signs_[0-9]+$'
           ORDER BY reltuples DESC LIMIT 1"""
    )
    if not rows:
        return ServerCondition("vectors", "none yet")
    ((table, count),) = rows
    model = int(table.removeprefix("signs_"))
    if await vector_index.is_worth_making(connection, model):
        return ServerCondition(
            "vectors", f"about {count:,}, without an index", "`scrubjay compact` makes one, in minutes"
        )
    indexed = "an index" if await vector_index.has_index(connection, model) else "all compared"
    return ServerCondition("vectors", f"about {count:,}, {indexed}")


async def _connections(connection: Connection) -> ServerCondition:
    ((used, most, reserved, ours),) = await connection.fetch(
        """SELECT count(*), current_setting('max_connections')::int,
                  current_setting('superuser_reserved_connections')::int + current_setting('reserved_connections')::int,
                  count(*) FILTER (WHERE application_name = 'scrubjay' AND pid <> pg_backend_pid())
           FROM pg_stat_activity WHERE backend_type = 'client backend'"""
    )
    left = most - reserved - used
    found = f"{used} of {most} in use, {ours} of them Scrubjay's; a process takes up to {CONNECTIONS + 1}"
    if left < CONNECTIONS + 1:
        return ServerCondition("connections", found, "raise max_connections, or stop other programs")
    return ServerCondition("connections", found)


async def _replication(connection: Connection) -> ServerCondition:
    ((is_replica, seconds),) = await connection.fetch(
        """SELECT pg_is_in_recovery(), CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
                  ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp()) END::float8"""
    )
    if is_replica:
        found = f"this is a standby, {seconds or 0:.0f} s behind its primary"
        return ServerCondition("replication", found, "name the primary in [memory] store", is_broken=True)
    ((standbys, lag, synchronous),) = await connection.fetch(_STANDBYS)
    if not standbys:
        hidden = "" if await _may_watch(connection) else "; GRANT pg_monitor would let this user see them"
        return ServerCondition("replication", f"no standby is seen{hidden}")
    found = f"standbys: {standbys}, synchronous: {synchronous}, {lag or 0:.1f} s behind at most"
    if (lag or 0) > FAR_BEHIND:
        return ServerCondition(
            "replication", found, "promoting it now would lose that much; look at its network and disk"
        )
    return ServerCondition("replication", found)


async def _may_watch(connection: Connection) -> bool:
    return bool(await connection.fetch_value("SELECT pg_has_role('pg_monitor', 'USAGE')"))
