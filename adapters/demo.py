"""`make demo`: a sample history goes in, three questions get cited answers, and on a terminal the chat goes on.

Everything lies in a folder that is removed at the end, and in the virtual environment; your own memory and
settings are neither read nor changed.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from adapters.console.adapter import ConsoleAdapter
from adapters.console.input import Lines, TerminalLines
from adapters.exports.run import ImportOptions, ImportOutcome, ImportRun
from adapters.exports.show import Bars, show_refusals, show_report
from adapters.exports.sources import installed_formats
from bot.app import DataSettings, MemorySettings, ModelSettings, Settings, open_app, open_memory, owner_of
from bot.context import Histories

Hints = tuple[tuple[str, str], ...]
"""What can be typed, each with what it does."""

SAMPLE = "WhatsApp Chat - Lisbon trip.zip"
QUESTIONS = (
    "when did we book the hotel in Lisbon?",
    "what can't Tom eat?",
    "what is the wifi password?",
)
TRY_NEXT = (
    ("/remember the umbrella is in Mara's bag", "keep a fact of your own"),
    ("/why", "see what the last answer rests on"),
    ("/help", "everything else; Ctrl-D leaves"),
)
START_HERE = (
    ("import CHAT.zip", "remember your own history"),
    ('ask "when did we …?"', "ask it a question"),
    ("chat", "talk with it"),
)


class DemoLines:
    """Asks the demo's questions as if they had been typed, then hands over to a person where there is one."""

    def __init__(self, console: Console, person: Callable[[], Lines] | None) -> None:
        self._console = console
        self._questions = list(QUESTIONS)
        self._person = person
        self._lines: Lines | None = None

    @property
    def interactive(self) -> bool:
        """Whether there is a person."""
        return self._person is not None

    async def next(self, *, secret: bool = False) -> str | None:
        """Return the next question, then what the person types."""
        if self._questions:
            question = self._questions.pop(0)
            self._console.print(Text.assemble(("> ", "bold cyan"), question))
            return question
        if self._person is None:
            return None
        if self._lines is None:
            self._lines = self._person()
            self._console.print(Rule("Your turn", style="dim"))
            show_hints(self._console, "Ask anything about the trip, or try:", TRY_NEXT)
        return await self._lines.next(secret=secret)


async def demo(console: Console, folder: Path, model: Path | None = None, hints: Hints = START_HERE) -> int:
    """Run the demo with its data in `folder`, answers in the words of `model` if there is one; return the exit code.

    At the end `hints` are shown: commands of the program, and what each does.
    """
    # Built without its sources: neither the user's settings file nor the environment may lead it to their own memory.
    settings = Settings.model_construct(
        data=DataSettings(dir=folder),
        memory=MemorySettings(cache=_lasting_folder() or folder),
        model=ModelSettings(engine="llama", path=model) if model else ModelSettings(engine="extractive"),
    )
    console.print(Rule("Scrubjay: a year of a group chat goes in", style="dim"))
    outcome = await import_sample(console, settings)
    if outcome.refusals:
        show_refusals(console, outcome.refusals)
        return 1
    console.print(Rule("Three questions", style="dim"))
    await chat(console, settings)
    program = _program()
    show_hints(console, "Now with your own:", tuple((f"{program} {command}", meaning) for command, meaning in hints))
    return 0


async def import_sample(console: Console, settings: Settings) -> ImportOutcome:
    """Import the sample as the command `import` does."""
    outcome = ImportOutcome()
    with as_file(files("bot.commands.evaluation") / "sample" / SAMPLE) as sample, Bars(console) as bars:
        async with open_memory(settings) as memory:
            run = ImportRun(Histories(memory), await owner_of(memory), installed_formats(), ImportOptions(), bars)
            await run.import_paths([str(sample)], outcome)
    for report in outcome.reports:
        show_report(console, report)
    return outcome


async def chat(console: Console, settings: Settings) -> None:
    """Ask the questions in the console's own chat, which goes on when a person is there."""
    async with open_app(settings) as app:
        commands = [(command.name, command.help) for command in app.core.commands]
        person = (lambda: TerminalLines(commands, None)) if _is_terminal() else None
        adapter = ConsoleAdapter(zone=settings.time.zone, lines=DemoLines(console, person), idle=app.core.idle)
        await app.core.serve([adapter])


def show_hints(console: Console, title: str, hints: Hints) -> None:
    """Print what can be typed, with what it does."""
    console.print(title)
    width = max(len(command) for command, _ in hints)
    for command, meaning in hints:
        console.print(Text.assemble("  ", (command.ljust(width), "bold"), "  ", (meaning, "dim")))


def main() -> int:
    """Run the demo in a folder of its own."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    with tempfile.TemporaryDirectory(prefix="scrubjay-demo-") as folder:
        return asyncio.run(demo(Console(), Path(folder)))


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _program() -> str:
    """Return how to call the command line from here: by its path while the virtual environment is not active."""
    program = Path(sys.executable).parent / "scrubjay"
    return os.path.relpath(program) if program.exists() and shutil.which("scrubjay") is None else "scrubjay"


def _lasting_folder() -> Path | None:
    """Return where the embedding model may stay for the next demo: in the virtual environment, if this is one."""
    return Path(sys.prefix) / "cache" if sys.prefix != sys.base_prefix else None


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
