"""Small questions that are asked at the same time, answered together.

To cross to a connection's thread and back costs several times as much as a row that an index finds. A busy bot asks
four such questions for each message, of many chats at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite

from memory.errors import StorageError
from memory.sqlite.connection import Connection
from memory.sqlite.database import explain

Rows = list[tuple[Any, ...]]
_TOGETHER = 256
"""The most questions of one crossing: about two milliseconds."""


@dataclass(frozen=True, slots=True)
class _Question:
    sql: str
    parameters: Sequence[Any]
    done: asyncio.Future[Rows]


class LookUps:
    """Collects questions while others are answered; each has an answer, or an error, of its own.

    A question sees all that was committed before it was asked.
    """

    def __init__(self, path: Path, reading: Callable[[], AbstractAsyncContextManager[Connection]]) -> None:
        self._path = path
        self._reading = reading
        self._asked: list[_Question] = []
        self._task: asyncio.Task[None] | None = None

    async def ask(self, sql: str, parameters: Sequence[Any]) -> Rows:
        """Return the rows of a query that finds few by an index. Raises StorageError."""
        done: asyncio.Future[Rows] = asyncio.get_running_loop().create_future()
        self._asked.append(_Question(sql, parameters, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._answer_all(), name="memory-look-ups")
        return await done

    async def finish(self) -> None:
        """Wait until nothing is asked any more."""
        if self._task is not None:
            await self._task

    async def _answer_all(self) -> None:
        questions: list[_Question] = []
        try:
            while self._asked:
                questions, self._asked = self._asked[:_TOGETHER], self._asked[_TOGETHER:]
                await self._answer(questions)
        finally:
            # However this ends, nobody waits for ever.
            for each in (*questions, *self._asked):
                _settle(each, StorageError(f"{self._path} was closed before this was read"))
            self._asked = []

    async def _answer(self, questions: Sequence[_Question]) -> None:
        outcomes: Sequence[Rows | Exception]
        try:
            async with self._reading() as connection:
                outcomes = await connection.run(partial(_look_up, questions))
        except Exception as error:  # noqa: BLE001 (each of the callers is told)
            outcomes = [error] * len(questions)
        for question, outcome in zip(questions, outcomes, strict=True):
            _settle(question, explain(outcome, self._path) if isinstance(outcome, Exception) else outcome)


async def _look_up(questions: Sequence[_Question], connection: aiosqlite.Connection) -> list[Rows | Exception]:
    outcomes: list[Rows | Exception] = []
    for each in questions:
        try:
            outcomes.append([tuple(row) for row in await connection.execute_fetchall(each.sql, each.parameters)])
        except Exception as error:  # noqa: BLE001 (only who asked this is told)
            outcomes.append(error)
    return outcomes


def _settle(question: _Question, outcome: Rows | Exception) -> None:
    if question.done.done():
        return
    if isinstance(outcome, Exception):
        question.done.set_exception(outcome)
    else:
        question.done.set_result(outcome)
