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
from memory.server_conditions import ServerCondition, gettext_noop

FAR_BEHIND = 30.0
"""Seconds; a standby that is further behind would lose more than people forgive when it is promoted."""
_RIGHTS = """
SELECT array_remove(ARRAY[
    CASE WHEN NOT has_database_privilege(current_database(), 'CREATE') AND to_regnamespace('scrubjay') IS NULL
         THEN $1::text END,
    CASE WHEN to_regnamespace('scrubjay') IS NOT NULL AND NOT has_schema_privilege('scrubjay', 'USAGE, CREATE')
         THEN $2::text END,
    CASE WHEN EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'scrubjay'
                      AND NOT pg_has_role(tableowner, 'USAGE'))
         THEN $3::text END], NULL), current_user
"""
_ACTIONS = (
    gettext_noop("create a schema"),
    gettext_noop("make tables in the schema scrubjay"),
    gettext_noop("change the tables of scrubjay"),
)
"""What `_RIGHTS` says may be missing."""
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
        advice = gettext_noop("Scrubjay needs PostgreSQL {oldest} or newer")
        return ServerCondition(
            "server", "{server}", advice, is_broken=True, values={"server": found, "oldest": OLDEST_SERVER}
        )
    return ServerCondition("server", "{server}", values={"server": found})


async def _extension(connection: Connection) -> ServerCondition:
    rows = await connection.fetch(
        "SELECT installed_version, default_version FROM pg_available_extensions WHERE name = 'vector'"
    )
    if not rows:
        advice = gettext_noop("install it beside the server; the package is mostly called {package}")
        values = {"package": f"postgresql-{OLDEST_SERVER}-pgvector"}
        return ServerCondition("pgvector", gettext_noop("not there"), advice, is_broken=True, values=values)
    installed, default = rows[0]
    if installed is None:
        advice = gettext_noop(
            "the first start makes it where the user may; otherwise, as a superuser: CREATE EXTENSION vector"
        )
        found = gettext_noop("{version}, not made in this database yet")
        return ServerCondition("pgvector", found, advice, values={"version": default})
    if tuple(map(int, installed.split(".")[:2])) < OLDEST_PGVECTOR:
        needed = ".".join(map(str, OLDEST_PGVECTOR))
        advice = gettext_noop("Scrubjay needs {needed} or newer: ALTER EXTENSION vector UPDATE")
        return ServerCondition(
            "pgvector", "{version}", advice, is_broken=True, values={"version": installed, "needed": needed}
        )
    return ServerCondition("pgvector", "{version}", values={"version": installed})


async def _privileges(connection: Connection) -> ServerCondition:
    ((missing, user),) = await connection.fetch(_RIGHTS, *_ACTIONS)
    if missing:
        advice = gettext_noop(
            "let the user own the schema scrubjay and its tables, and in an empty database: GRANT CREATE ON DATABASE"
        )
        found = gettext_noop("{user} may not: {missing}")
        return ServerCondition(
            "privileges", found, advice, is_broken=True, values={"user": user, "missing": tuple(missing)}
        )
    return ServerCondition("privileges", gettext_noop("{user} may do all that is needed"), values={"user": user})


async def _layout(connection: Connection) -> ServerCondition:
    known = read_migrations()
    if not await connection.fetch_value(
        "SELECT coalesce(has_schema_privilege(to_regnamespace('scrubjay'), 'USAGE'), true)"
    ):
        return ServerCondition("schema", gettext_noop("can't be read"), gettext_noop("see the privileges"))
    applied = await find_applied(connection)
    if newer := applied - known.keys():
        found = gettext_noop("{newest}, this program knows {known}")
        values = {"newest": max(newer), "known": max(known)}
        return ServerCondition(
            "schema", found, gettext_noop("upgrade Scrubjay on this machine"), is_broken=True, values=values
        )
    if waiting := len(known.keys() - applied):
        found, advice = gettext_noop("migrations that wait: {number}"), gettext_noop("the next start applies them")
        return ServerCondition("schema", found, advice, values={"number": waiting})
    return ServerCondition("schema", gettext_noop("{number}, the newest"), values={"number": max(known)})


async def _scopes(connection: Connection) -> ServerCondition:
    if not await connection.fetch_value(
        "SELECT EXISTS (SELECT 1 FROM pg_policies WHERE schemaname = 'scrubjay' AND tablename = 'passages')"
    ):
        return ServerCondition("scopes", gettext_noop("the next start makes the policies that hold reads to them"))
    if (reader := await find_reader(connection)) is not None:
        found = gettext_noop("the server holds reads to them, in the role {role}")
        return ServerCondition("scopes", found, values={"role": reader})
    statements = "; ".join(await write_statements(connection))
    found = gettext_noop("each query names its own; the server holds reads to none")
    advice = gettext_noop("for row-level security let a superuser run: {statements}")
    return ServerCondition("scopes", found, advice, values={"statements": statements})


async def _vectors(connection: Connection) -> ServerCondition:
    tables = await connection.fetch(
        """SELECT relname FROM pg_class
           WHERE relnamespace = to_regnamespace('scrubjay') AND relname ~ '^signs_[0-9]+$'"""
    )
    models = [int(row[0].removeprefix("signs_")) for row in tables]
    if not models:
        return ServerCondition("vectors", gettext_noop("none yet"))
    count, model = max([(await vector_index.count_vectors(connection, each), each) for each in models])
    if await vector_index.is_worth_making(connection, model):
        found, advice = (
            gettext_noop("about {count}, without an index"),
            gettext_noop("`scrubjay compact` makes one, in minutes"),
        )
        return ServerCondition("vectors", found, advice, values={"count": count})
    indexed, compared = gettext_noop("about {count}, with an index"), gettext_noop("about {count}, all compared")
    has_index = await vector_index.has_index(connection, model)
    return ServerCondition("vectors", indexed if has_index else compared, values={"count": count})


async def _connections(connection: Connection) -> ServerCondition:
    ((used, most, reserved, ours),) = await connection.fetch(
        """SELECT count(*), current_setting('max_connections')::int,
                  current_setting('superuser_reserved_connections')::int + current_setting('reserved_connections')::int,
                  count(*) FILTER (WHERE application_name = 'scrubjay' AND pid <> pg_backend_pid())
           FROM pg_stat_activity WHERE backend_type = 'client backend'"""
    )
    left = most - reserved - used
    found = gettext_noop("{used} of {most} in use, {ours} of them Scrubjay's; a process takes up to {each}")
    values = {"used": used, "most": most, "ours": ours, "each": CONNECTIONS + 1}
    advice = gettext_noop("raise max_connections, or stop other programs") if left < CONNECTIONS + 1 else ""
    return ServerCondition("connections", found, advice, values=values)


async def _replication(connection: Connection) -> ServerCondition:
    ((is_replica, seconds),) = await connection.fetch(
        """SELECT pg_is_in_recovery(), CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
                  ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp()) END::float8"""
    )
    if is_replica:
        found, advice = (
            gettext_noop("this is a standby, {seconds} s behind its primary"),
            gettext_noop("name the primary in [memory] store"),
        )
        return ServerCondition("replication", found, advice, is_broken=True, values={"seconds": round(seconds or 0)})
    ((standbys, lag, synchronous),) = await connection.fetch(_STANDBYS)
    if not standbys:
        seen = gettext_noop("no standby is seen")
        hidden = gettext_noop("no standby is seen; GRANT pg_monitor would let this user see them")
        return ServerCondition("replication", seen if await _may_watch(connection) else hidden)
    found = gettext_noop("standbys: {number}, synchronous: {synchronous}, {lag} s behind at most")
    late = gettext_noop("promoting it now would lose that much; look at its network and disk")
    values = {"number": standbys, "synchronous": synchronous, "lag": round(lag or 0, 1)}
    return ServerCondition("replication", found, late if (lag or 0) > FAR_BEHIND else "", values=values)


async def _may_watch(connection: Connection) -> bool:
    return bool(await connection.fetch_value("SELECT pg_has_role('pg_monitor', 'USAGE')"))
