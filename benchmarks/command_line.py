"""How soon the command line is there, against the start of Python itself."""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from pathlib import Path

from benchmarks.measuring import Row, Setup, by_round, interleaved

COMMANDS = (("--help",), ("ask", "when did we book the hotel?"))


async def measure(setup: Setup) -> list[Row]:
    """Measure each command in processes of its own."""
    data = setup.folder / "data"
    rows = []
    for arguments in COMMANDS:
        command = [str(Path(sys.executable).with_name("scrubjay")), "--data", str(data), *arguments]
        bare = [sys.executable, "-c", "pass"]
        started, python = await interleaved(partial(_run, command), partial(_run, bare), setup.size(7, 2))
        rows.append(
            Row(
                f"scrubjay {arguments[0]}, ms",
                started.shown(1000, 0),
                f"python -c pass: {python.shown(1000, 0)}",
                by_round(started, python).shown(digits=1),
                "measured only",
            )
        )
    return rows


async def _run(command: list[str]) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, complaints = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{command[0]} failed: {complaints.decode()}")
