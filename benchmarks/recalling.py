"""Recall from large memories, against embedding the question and scanning the vectors' signs, and nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from datetime import UTC, datetime
from functools import partial

import numpy as np

from benchmarks.databases import build
from benchmarks.measuring import Row, Setup, Spread, timed
from memory import Memory, Scope
from memory.sqlite.database import connect
from memory.sqlite.finding import NEAREST_CANDIDATES

AT_MOST = 2.0
NOW = datetime(2025, 1, 1, tzinfo=UTC)
WARM_UP = 5
SCANS = (NEAREST_CANDIDATES, 50)
CHAT = 10_000
"""Messages of the chat that is asked about, or as near to that as there is one."""
_ONE_CHAT = """
SELECT conversation_id, count(*) FROM passages GROUP BY conversation_id ORDER BY abs(count(*) - ?), 1 LIMIT 1
"""
_SCAN = "SELECT passage_id FROM bits_1 WHERE signs MATCH vec_bit(?) AND k = ?"


async def measure(setup: Setup) -> list[Row]:
    """Measure at a hundred thousand messages against the target, and at a million."""
    rows = await _measured(setup, setup.size(100_000, 10_000), AT_MOST)
    return rows if setup.quick else rows + await _measured(setup, 1_000_000, None)


async def _measured(setup: Setup, messages: int, at_most: float | None) -> list[Row]:
    path = setup.folder / f"recall-{messages}.db"
    questions = await build(path, messages, setup.embedder)
    async with Memory.open(path, setup.embedder) as memory:
        with contextlib.closing(connect(path, read_only=True)) as bare:
            asked = questions[: setup.size(len(questions), 20)]
            seconds = [await _one(setup, memory, bare, question) for question in asked]
            chat, size = bare.execute(_ONE_CHAT, [CHAT]).fetchone()
            within = [await _in_one_chat(setup, memory, chat, question) for question in asked]
    path.unlink()
    ours, *peers = (Spread(each) for each in zip(*seconds[WARM_UP:], strict=True))
    rows = [_row(messages, k, ours, peer, at_most) for k, peer in zip(SCANS, peers, strict=True)]
    return [*rows, _row_of_chat(messages, size, *(Spread(each) for each in zip(*within[WARM_UP:], strict=True)))]


async def _in_one_chat(setup: Setup, memory: Memory, chat: int, question: str) -> tuple[float, ...]:
    async def ours() -> None:
        await memory.recall(question, Scope.of_conversation(chat), now=NOW)

    return await timed([ours, partial(asyncio.to_thread, setup.embedder.embed_query, question)])


async def _one(setup: Setup, memory: Memory, bare: sqlite3.Connection, question: str) -> tuple[float, ...]:
    async def ours() -> None:
        await memory.recall(question, Scope.all(), now=NOW)

    def scan(k: int) -> None:
        signs = np.packbits(setup.embedder.embed_query(question)[None] > 0, axis=1, bitorder="little")[0]
        bare.execute(_SCAN, [signs.tobytes(), k]).fetchall()

    return await timed([ours, *(partial(asyncio.to_thread, scan, k) for k in SCANS)])


def _row(messages: int, k: int, ours: Spread, peer: Spread, at_most: float | None) -> Row:
    ratio = ours.median / peer.median
    return Row(
        f"recall at {messages:,} messages, question embedded, p50 / p95 ms",
        f"{ours.median * 1000:.1f} / {ours.p95 * 1000:.1f}",
        f"bare query embedding + bare sqlite-vec bit scan, k = {k}: {peer.median * 1000:.1f} / {peer.p95 * 1000:.1f}",
        f"{ratio:.2f} (p95 {ours.p95 / peer.p95:.2f})",
        "measured only" if at_most is None else f"p50 ≤ {at_most:g}",
        None if at_most is None else ratio <= at_most,
    )


def _row_of_chat(messages: int, size: int, ours: Spread, embedding: Spread) -> Row:
    return Row(
        f"recall in one chat of {size:,} within {messages:,} messages, question embedded, p50 / p95 ms",
        f"{ours.median * 1000:.1f} / {ours.p95 * 1000:.1f}",
        f"bare query embedding: {embedding.median * 1000:.1f} / {embedding.p95 * 1000:.1f}",
        f"{ours.median / embedding.median:.2f} (p95 {ours.p95 / embedding.p95:.2f})",
        "measured only",
        None,
    )
