"""Cuts the power: what a process had written and not synced is lost with it. Then the same on a slow disk.

A library that is preloaded (`unsynced.c`) keeps what was synced in a second folder; at a kill only that is left.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.e2e.test_kill import keeps_its_promises

ROOT = Path(__file__).parents[2]
SLOW_US = 50_000
ROUNDS = 10
"""Cuts of one database."""


def cut_for(seconds: float) -> str:
    """Cut the power until the time is up, every second database on a slow disk; return how often, and what was told.

    Raises AssertionError where a promise was broken.
    """
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        return "not tried: it takes Linux and a C compiler"
    cuts, confirmed, end = [0, 0], 0, time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="scrubjay-shim-") as built:
        shim = Path(built) / "unsynced.so"
        command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(shim), str(Path(__file__).with_name("unsynced.c"))]
        subprocess.run(command, check=True)  # noqa: S603 (our own source)
        while time.monotonic() < end:
            is_slow = sum(cuts) // ROUNDS % 2
            with tempfile.TemporaryDirectory(prefix="scrubjay-power-") as folder:
                told = list[tuple[str, str]]()
                for run in range(ROUNDS):
                    told += _work_and_cut(Path(folder), shim, str(run), SLOW_US * is_slow)
                    asyncio.run(keeps_its_promises(Path(folder) / "disk" / "memory.db", told))
                    cuts[is_slow] += 1
                confirmed += len(told)
    return f"{cuts[0]:,} power cuts, {cuts[1]:,} on a slow disk, {confirmed:,} confirmations"


def _work_and_cut(folder: Path, shim: Path, run: str, slow_us: int) -> list[tuple[str, str]]:
    """Let a process be busy for a moment, kill it, and put what was synced in the place of what was written."""
    disk, left = folder / "disk", folder / "left"
    for each in (disk, left):
        each.mkdir(exist_ok=True)
    for path in disk.iterdir():
        shutil.copy(path, left)
    settings = {"LD_PRELOAD": str(shim), "SCRUBJAY_DISK": str(disk), "SCRUBJAY_LEFT": str(left)}
    settings |= {"SCRUBJAY_SLOW_US": str(slow_us)} if slow_us else {}
    process = subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, "-m", "tests.e2e.busy_memory", str(disk / "memory.db"), run],
        stdout=subprocess.PIPE, env={**os.environ, **settings}, cwd=ROOT,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    time.sleep(random.uniform(0.05, 1.5))
    process.kill()
    said = process.stdout.read().decode().split("\n")[:-1]
    process.wait()
    shutil.rmtree(disk)
    left.rename(disk)
    for part in disk.glob("*.part*"):
        part.unlink()
    return [(line.split(" ")[0], line.split(" ")[1]) for line in said]
