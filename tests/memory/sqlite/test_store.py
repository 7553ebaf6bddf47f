from __future__ import annotations

import asyncio
import gc
import threading
import warnings
from pathlib import Path

import aiosqlite
import pytest

from memory.errors import StorageError
from memory.sqlite.database import connect
from memory.sqlite.store import READERS, Store
from tests.emulators.patience import PATIENCE

INSERT = "INSERT INTO people (platform, external_id, name) VALUES ('test', ?, '')"


async def put(connection: aiosqlite.Connection, name: str) -> None:
    await connection.execute(INSERT, [name])


async def names(store: Store) -> list[str]:
    return [row[0] for row in await store.read("SELECT external_id FROM people ORDER BY id")]


def connections() -> int:
    """How many threads work for a connection."""
    return sum("connection_worker" in thread.name for thread in threading.enumerate())


async def test_a_write_that_fails_undoes_itself_alone(path: Path) -> None:
    async def fails(connection: aiosqlite.Connection) -> None:
        await put(connection, "half")
        raise RuntimeError("no")

    async with Store.open(path) as store:
        calls = [store.write(lambda c, n=n: put(c, str(n))) for n in range(3)]  # type: ignore[misc]  # mypy can't see the default
        outcomes = await asyncio.gather(*calls[:2], store.write(fails), calls[2], return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [type(None), type(None), RuntimeError, type(None)]
        assert await names(store) == ["0", "1", "2"]


async def test_a_write_that_breaks_a_rule_of_the_database_is_a_storage_error(path: Path) -> None:
    async with Store.open(path) as store:
        await store.write(lambda c: put(c, "twin"))
        with pytest.raises(StorageError, match="UNIQUE"):
            await store.write(lambda c: put(c, "twin"))
        await store.write(lambda c: put(c, "other"))
        assert await names(store) == ["twin", "other"]


async def test_many_writes_share_commits_and_keep_their_order(path: Path) -> None:
    async with Store.open(path) as store:
        await asyncio.gather(*(store.write(lambda c, n=n: put(c, f"{n:04}")) for n in range(500)))  # type: ignore[misc]  # as above
        assert await names(store) == [f"{n:04}" for n in range(500)]


async def test_a_write_that_ends_the_transaction_is_told_and_others_go_on(path: Path) -> None:
    async def ends_it(connection: aiosqlite.Connection) -> None:
        await connection.execute("ROLLBACK")

    async with Store.open(path) as store:
        with pytest.raises(StorageError):
            await store.write(ends_it)
        await store.write(lambda c: put(c, "after"))
        assert await names(store) == ["after"]


async def test_when_the_writer_ends_nobody_waits_for_ever(path: Path) -> None:
    """As when the loop is torn down: the writer's task is cancelled in the middle of a write."""
    begun, go_on = threading.Event(), threading.Event()

    async def hangs(connection: aiosqlite.Connection) -> None:
        await put(connection, "never committed")
        begun.set()
        go_on.wait(60)

    async with asyncio.timeout(PATIENCE):
        with pytest.raises(asyncio.CancelledError):  # noqa: PT012 (leaving the block raises it)
            async with Store.open(path) as store:
                writes = [asyncio.ensure_future(store.write(hangs)), asyncio.ensure_future(store.write(hangs))]
                await asyncio.to_thread(begun.wait)
                writes.append(asyncio.ensure_future(store.write(hangs)))
                await asyncio.sleep(0)
                (writer,) = [task for task in asyncio.all_tasks() if task.get_name() == "memory-writer"]
                writer.cancel()
                outcomes = await asyncio.gather(*writes, return_exceptions=True)
                go_on.set()
                assert [type(outcome) for outcome in outcomes] == [StorageError] * 3
                with pytest.raises(StorageError, match="closed"):
                    await store.write(hangs)
    async with Store.open(path) as store:
        assert await names(store) == []


async def test_a_write_that_awaits_something_else_than_its_connection_is_refused_and_undone(path: Path) -> None:
    async def dawdles(connection: aiosqlite.Connection) -> None:
        await put(connection, "half")
        await asyncio.sleep(0)

    async with Store.open(path) as store:
        with pytest.raises(RuntimeError, match="nothing but its connection"):
            await store.write(dawdles)
        await store.write(lambda c: put(c, "after"))
        assert await names(store) == ["after"]


async def test_a_closed_store_says_so(path: Path) -> None:
    async with Store.open(path) as store:
        pass
    with pytest.raises(StorageError, match="closed"):
        await store.write(lambda c: put(c, "late"))
    with pytest.raises(StorageError, match="closed"):
        await names(store)


async def test_more_readers_than_connections_wait_their_turn(path: Path) -> None:
    async with Store.open(path) as store:

        async def hold() -> None:
            async with store.reading() as connection:
                await connection.execute_fetchall("SELECT 1")
                await asyncio.sleep(0.01)

        await asyncio.gather(*(hold() for _ in range(READERS * 5)))
        assert connections() == 1 + READERS


async def test_readers_whose_connection_can_t_be_opened_do_not_keep_others_waiting(path: Path) -> None:
    async with Store.open(path) as store:
        moved = path.rename(path.with_name("moved.db"))  # noqa: ASYNC240 (a moment)
        async with asyncio.timeout(PATIENCE):
            outcomes = await asyncio.gather(*(names(store) for _ in range(READERS * 3)), return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [StorageError] * READERS * 3
        moved.rename(path)
        assert await names(store) == []


async def test_a_cancelled_read_gives_its_connection_back(path: Path) -> None:
    slow = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300000) SELECT count(*) FROM n"
    async with Store.open(path) as store:
        for _ in range(READERS * 2):
            reading = asyncio.create_task(store.read(slow))
            await asyncio.sleep(0.01)
            reading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reading
        async with asyncio.timeout(PATIENCE):
            assert await names(store) == []


async def test_a_read_cancelled_while_its_connection_opens_leaves_the_connection_to_others(path: Path) -> None:
    async with Store.open(path) as store:
        reading = asyncio.create_task(names(store))
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert await names(store) == []
        assert connections() == 2


async def test_a_snapshot_sees_one_state_and_ends(path: Path) -> None:
    async with Store.open(path) as store:
        async with store.snapshot() as connection:
            before = list(await connection.execute_fetchall("SELECT count(*) FROM people"))
            await store.write(lambda c: put(c, "new"))
            assert list(await connection.execute_fetchall("SELECT count(*) FROM people")) == before
        assert await names(store) == ["new"]
        with pytest.raises(RuntimeError, match="inside"):
            async with store.snapshot():
                raise RuntimeError("inside")
        async with store.snapshot() as connection:
            assert list(await connection.execute_fetchall("SELECT count(*) FROM people")) == [(1,)]


async def test_a_checkpoint_empties_the_log_while_others_write(path: Path) -> None:
    async with Store.open(path) as store:
        writes = [asyncio.create_task(store.write(lambda c, n=n: put(c, str(n)))) for n in range(300)]  # type: ignore[misc]  # as above
        for _ in range(10):
            await store.checkpoint()
        await asyncio.gather(*writes)
        await store.checkpoint()
        assert path.with_name("memory.db-wal").stat().st_size == 0


async def test_a_checkpoint_that_another_process_holds_up_is_made_good_after_a_later_write(path: Path) -> None:
    async with Store.open(path) as store:
        await store.write(lambda c: put(c, "one"))
        other = connect(path, read_only=True)
        other.execute("BEGIN")
        other.execute("SELECT * FROM people").fetchall()
        await store.write(lambda c: put(c, "two"))
        async with asyncio.timeout(PATIENCE):
            await store.checkpoint()
        log = path.with_name("memory.db-wal")
        assert log.stat().st_size > 0
        other.close()
        await store.write(lambda c: put(c, "three"))
        async with asyncio.timeout(PATIENCE):
            while log.stat().st_size:  # noqa: ASYNC110 (the log is emptied after the caller was told)
                await asyncio.sleep(0.01)


async def test_nothing_is_left_open(path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        async with Store.open(path) as store:
            await store.write(lambda c: put(c, "x"))
            await asyncio.gather(*(names(store) for _ in range(5)))
            async with store.fresh() as connection:
                await connection.execute_fetchall("SELECT 1")
        del store, connection
        gc.collect()
    assert connections() == 0
    assert {file.name for file in path.parent.iterdir()} == {path.name}
