"""Small questions that come together are answered together, each for itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from memory.errors import StorageError
from memory.sqlite.connection import Connection
from memory.sqlite.look_ups import LookUps
from memory.sqlite.store import Store

NUMBER = "SELECT ? + 1"


async def test_a_wrong_question_fails_alone(tmp_path: Path) -> None:
    async with Store.open(tmp_path / "memory.db") as store:
        found = await asyncio.gather(
            store.look_up(NUMBER, [1]),
            store.look_up("SELECT nothing FROM nowhere", []),
            store.look_up(NUMBER, [1, 2]),
            store.look_up(NUMBER, [2]),
            return_exceptions=True,
        )
    assert (found[0], found[3]) == ([(2,)], [(3,)])
    assert isinstance(found[1], StorageError)
    assert isinstance(found[2], StorageError)


async def test_a_closed_store_answers_nothing(tmp_path: Path) -> None:
    async with Store.open(tmp_path / "memory.db") as store:
        asked = asyncio.create_task(store.look_up(NUMBER, [1]))
        await asyncio.sleep(0)
    (outcome,) = await asyncio.gather(asked, return_exceptions=True)
    assert outcome == [(2,)] or isinstance(outcome, StorageError)
    with pytest.raises(StorageError, match="closed already"):
        await store.look_up(NUMBER, [1])


async def test_who_gives_up_takes_nobody_along(tmp_path: Path) -> None:
    async with Store.open(tmp_path / "memory.db") as store:
        gone, waiting = [asyncio.create_task(store.look_up(NUMBER, [number])) for number in (1, 2)]
        await asyncio.sleep(0)
        gone.cancel()
        assert await waiting == [(3,)]
        with pytest.raises(asyncio.CancelledError):
            await gone
        assert await store.look_up(NUMBER, [3]) == [(4,)]


async def test_questions_that_come_together_cross_to_the_thread_together(tmp_path: Path) -> None:
    crossings = 0
    async with Store.open(tmp_path / "memory.db") as store:

        @asynccontextmanager
        async def reading() -> AsyncIterator[Connection]:
            nonlocal crossings
            crossings += 1
            async with store.reading() as connection:
                yield connection

        look_ups = LookUps(store.path, reading)
        found = await asyncio.gather(*(look_ups.ask(NUMBER, [number]) for number in range(600)))
        await look_ups.finish()
    assert found == [[(number + 1,)] for number in range(600)]
    assert crossings == 3


async def test_what_was_committed_before_is_seen(tmp_path: Path) -> None:
    async with Store.open(tmp_path / "memory.db") as store:
        for number in range(20):
            await store.write(
                lambda c, name=str(number): c.execute_fetchall(  # type: ignore[misc]  # (mypy knows no defaults of a lambda)
                    "INSERT INTO people (platform, external_id, name) VALUES ('fake', ?, ?)", [name, name]
                )
            )
            rows = await asyncio.gather(*(store.look_up("SELECT count(*) FROM people", []) for _ in range(3)))
            assert rows == [[(number + 1,)]] * 3
