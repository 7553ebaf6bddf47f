"""Kills a busy memory without warning, again and again, and looks whether it kept every promise it had made."""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from memory import Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder
from memory.plugin_records import PluginSpace
from tests.e2e.busy_memory import PLUGIN

ROOT = Path(__file__).parents[2]
ROUNDS = 12
SECONDS = 25
"""Whatever the rounds take, no new one begins after this."""


async def run_and_kill(path: Path, run: int, after: float) -> list[tuple[str, str]]:
    """Start the process, kill it, and return the whole lines it had written."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.e2e.busy_memory", str(path), str(run), cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=asyncio.subprocess.PIPE, limit=1 << 26,
    )  # fmt: skip
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    reading = asyncio.create_task(process.stdout.read())
    await asyncio.sleep(after)
    assert process.returncode is None, "it works until it is killed"
    process.kill()
    lines = (await reading).decode().split("\n")[:-1]
    await process.wait()
    return [(line.split(" ")[0], line.split(" ")[1]) for line in lines]


async def keeps_its_promises(path: Path, told: list[tuple[str, str]]) -> None:
    promised = {word: {event for each, event in told if each == word} for word in {each for each, _ in told}}

    def of(*words: str) -> set[str]:
        return set().union(*(promised.get(word, set()) for word in words))

    async with Memory.open(path, HashingEmbedder()) as memory:
        assert await memory.upkeep.check() == []
        passages = await memory.passages.select(Scope.all(), Selection(everything=True), limit=1_000_000)
        events = Counter(passage.event_id for passage in passages)
        texts = {str(passage.event_id): passage.text for passage in passages}
        assert [event for event, times in events.items() if times > 1] == [], "nothing is there twice"
        assert of("stored", "received") - of("forgetting") - texts.keys() == set(), "nothing confirmed is missing"
        assert of("forgot") & texts.keys() == set(), "nothing forgotten is back"
        assert [event for event in of("edited") & texts.keys() if not texts[event].endswith("v1")] == []
        waiting = {each.payload for each in await memory.delivery.list_waiting()}
        assert of("received") - of("replying") <= waiting
        assert of("queued") & waiting == set()
        unsent = Counter(each.payload for each in await memory.delivery.list_unsent())
        assert of("queued") - of("sending") <= unsent.keys()
        assert of("sent") & unsent.keys() == set()
        assert set(unsent.values()) <= {1}
        assert {f"{event}:answer" for event in of("sent")} <= texts.keys()
        place = await memory.conversations.ensure("test", "1")
        assert of("kept") <= (await memory.ledger.plugin_values.items(PluginSpace(PLUGIN, place.id))).keys()


@pytest.mark.slow
async def test_a_memory_that_is_killed_at_any_moment_keeps_what_it_confirmed_and_nothing_twice(tmp_path: Path) -> None:
    path = tmp_path / "memory.db"
    started = time.monotonic()
    told: list[tuple[str, str]] = []
    for run in range(ROUNDS):
        told += await run_and_kill(path, run, random.uniform(0.01, 0.8))
        await keeps_its_promises(path, told)
        if time.monotonic() - started > SECONDS:
            break
    words = Counter(word for word, _ in told)
    assert all(words[word] > 0 for word in ("stored", "edited", "forgot", "received", "queued", "sent"))
