"""`scrubjay run` as a process, with a settings file."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.configuration.settings import Table

ROOT = Path(__file__).parents[2]
PROGRAM = "import sys; from bot.commands.cli import main; sys.exit(main())"
CONFIG = """
[data]
dir = "{folder}"
[memory]
embedder = "hashing"
[access]
people = ["{platform}:{person}"]
[adapters.{platform}]
retry_seconds = 0.05
{table}
"""


def write_config(folder: Path, platform: str, person: object, table: Table) -> Path:
    """Write settings of a bot on a platform that one person may talk to."""
    lines = "\n".join(f"{name} = {json.dumps(value)}" for name, value in table.items())
    path = folder / "config.toml"
    path.write_text(CONFIG.format(folder=folder, platform=platform, person=person, table=lines))
    return path


@asynccontextmanager
async def scrubjay_run(config: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the bot; if the test does not end it, it is ended as by a service manager. What it logs is shown then."""
    log = config.with_name("stderr.txt")
    with log.open("ab") as stderr:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROGRAM, "--config", str(config), "run", stderr=stderr, cwd=ROOT
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        sys.stderr.write(log.read_text("utf-8", "replace"))
