"""Kills a process that does everything to a memory at once, at random instants, and counts what was lost or doubled."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

from tests.e2e import busy_memory
from tests.e2e.test_kill import keeps_its_promises

ROUNDS = 20
"""Kills of one database; then a new one is begun, so that looking it through stays quick."""
USUALLY, LONGEST = 0.1, 0.4
"""Seconds that a process lives."""
WHILE_OPENING = 0.2
"""How many are killed while they open the memory, which the kill before has left as it was."""
READY = b"ready\n"


def run_busy(path: str, run: str, pipe: Connection) -> None:
    """Be busy, and say into the pipe what was confirmed."""
    os.dup2(pipe.fileno(), 1)
    sys.stdout = os.fdopen(1, "w")
    os.nice(0)
    asyncio.run(busy_memory.main(path, run))


def kill_for(seconds: float, lanes: int = 1) -> tuple[int, int]:
    """Kill and check until the time is up, in several databases at once; return how often, and how much was confirmed.

    Raises AssertionError where a promise was broken.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.torture.kills"])
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(lanes) as pool:
        counts = [each.result() for each in [pool.submit(_kill_until, context, end) for _ in range(lanes)]]
    return sum(kills for kills, _ in counts), sum(confirmed for _, confirmed in counts)


def _kill_until(context: multiprocessing.context.ForkServerContext, end: float) -> tuple[int, int]:
    kills, confirmed = 0, 0
    while time.monotonic() < end:
        with tempfile.TemporaryDirectory(prefix="scrubjay-kills-") as folder:
            path, told = Path(folder) / "memory.db", list[tuple[str, str]]()
            for run in range(ROUNDS):
                told += _run_and_kill(context, path, str(run))
                asyncio.run(keeps_its_promises(path, told))
                _check_backups(path.parent, told)
                kills += 1
                if time.monotonic() > end:
                    break
            confirmed += len(told)
    return kills, confirmed


def _run_and_kill(context: multiprocessing.context.ForkServerContext, path: Path, run: str) -> list[tuple[str, str]]:
    """Start a process and kill it: while it works, or now and then while it still opens the memory and mends it."""
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=run_busy, args=(str(path), run, sender), daemon=True)
    process.start()
    sender.close()
    said = bytearray()
    ready = threading.Event()

    def listen() -> None:
        while piece := os.read(receiver.fileno(), 1 << 16):
            said.extend(piece)
            if said.startswith(READY):
                ready.set()

    listener = threading.Thread(target=listen)
    listener.start()
    if random.random() >= WHILE_OPENING and not ready.wait(120):
        raise AssertionError("the process did not begin")
    time.sleep(min(LONGEST, random.expovariate(1 / USUALLY)))
    process.kill()
    process.join()
    listener.join()
    receiver.close()
    lines = said.removeprefix(READY).decode().split("\n")[:-1]
    return [(line.split(" ")[0], line.split(" ")[1]) for line in lines]


def _check_backups(folder: Path, told: list[tuple[str, str]]) -> None:
    """Look through the backup that was confirmed last, if it is there; then sweep away what the kill left."""
    copies = [folder / name for word, name in told if word == "copied"]
    if copies and copies[-1].exists():
        asyncio.run(keeps_its_promises(copies[-1], []))
    for each in folder.glob("*backup-*"):
        each.unlink()
