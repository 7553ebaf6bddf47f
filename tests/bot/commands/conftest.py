from __future__ import annotations

import asyncio
import json
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from memory import Entry, Memory
from memory.embedders.hashing import HashingEmbedder
from tests.emulators.patience import PATIENCE
from tests.warm_program import PROGRAM, warm_command

ROOT = Path(__file__).parents[3]
ADAPTER = "tests.bot.commands.echo_adapter:FileAdapter"


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Cli:
    """The installed program, run in a home of its own where nothing is set up."""

    home: Path
    env: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # The hashing embedder needs no second to load; one test takes the default.
        self.env |= {"HOME": str(self.home), "PATH": "/usr/bin:/bin", "SCRUBJAY_MEMORY__EMBEDDER": "hashing"}

    @property
    def data(self) -> Path:
        return self.home / ".local" / "share" / "scrubjay"

    def command(self, *arguments: str) -> list[str]:
        """Return what starts the installed program as its user does."""
        return [str(PROGRAM), *arguments]

    def run(self, *arguments: str, stdin: str | None = None, code: int | None = 0, seconds: float = PATIENCE) -> Ran:
        """Run the program to its end; it is imported already, unless the environment says how Python is to start."""
        is_told = any(name.startswith("PYTHON") and name != "PYTHONPATH" for name in self.env)
        done = subprocess.run(  # noqa: S603 (the program under test)
            [*(self.command() if is_told else warm_command()), *arguments],
            capture_output=True,
            text=True,
            env=self.env,
            cwd=self.home,
            input=stdin or "",
            timeout=seconds,
            check=False,
        )
        ran = Ran(done.returncode, done.stdout, done.stderr)
        assert code is None or ran.code == code, ran
        return ran

    def fails(self, *arguments: str, code: int) -> str:
        """Return the one line on stderr of a command that must fail."""
        ran = self.run(*arguments, code=code)
        assert "Traceback" not in ran.err
        lines = ran.err.strip().splitlines()
        assert len(lines) == 1, ran.err
        return lines[0]


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    home = tmp_path / "home"
    home.mkdir()
    return Cli(home)


@pytest.fixture
def bot(cli: Cli) -> Cli:
    """A home in which `run` serves a platform of two files; whoever writes there owns the bot."""
    config = cli.home / ".config" / "scrubjay" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(
        f'[access]\nowners = ["file:1"]\n[adapters."{ADAPTER}"]\ninbox = "{cli.home}/in"\noutbox = "{cli.home}/out"\n'
    )
    cli.env["PYTHONPATH"] = str(ROOT)
    return cli


@pytest.fixture
def others_chat(cli: Cli) -> str:
    """Store a message of a group that is not the owner's; return what was said there."""
    said = "The spare key lies under the blue flowerpot"

    async def store() -> None:
        async with Memory.open(cli.data / "memory.db", HashingEmbedder()) as memory:
            group = await memory.conversations.ensure("telegram", "-100", title="Neighbours", kind="group")
            bo = await memory.people.ensure("telegram", "7", "Bo")
            entry = Entry(
                said, datetime(2024, 5, 3, 12, 0, 30, tzinfo=UTC), author="Bo", author_id=bo.id, event_id="-100:1"
            )
            await memory.passages.add(group, [entry])

    asyncio.run(store())
    return said
