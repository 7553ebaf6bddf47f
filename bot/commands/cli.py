"""The command line: its options that hold for all commands, and the table of commands."""

from __future__ import annotations

import logging
import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.lazy_commands import Lazy, LazyGroup
from bot.errors import ConfigError
from bot.translation import gettext_noop, speak, terminal_language

NEED_NO_SETTINGS = ("init", "extras", "setup")
IN_A_CONVERSATION = ("chat",)
"""Commands whose log stands between what is said, where a traceback would tear it apart."""
LOG_FORMAT = "%(levelname)s: %(message)s"
LOG_FORMAT_VERBOSE = "%(asctime)s %(levelname)s %(name)s: %(message)s"

EPILOG = gettext_noop(
    "Exit codes: 0 done · 1 not done, something is broken or missing · 2 a wrong option or setting · "
    "3 the language model failed · 4 a file to import was refused · 5 the memory failed · 6 a download failed · "
    "130 stopped with Ctrl-C"
)


class Commands(LazyGroup):
    """Scrubjay's own commands, in the order a newcomer needs them."""

    sections = {  # noqa: RUF012 (the base declares it)
        gettext_noop("Every day"): (
            "chat",
            "ask",
            "import",
            "ingest",
            "remember",
            "memories",
            "forget",
            "documents",
            "conversations",
            "stats",
        ),
        gettext_noop("Setting up"): ("setup", "init", "doctor", "model", "extras", "plugins"),
        gettext_noop("Running"): ("run", "web", "top", "mcp", "pair", "access", "audit", "keys"),
        gettext_noop("Keeping"): ("backup", "restore", "export", "move", "compact", "usage"),
        gettext_noop("Looking closer"): ("eval", "feedback", "unhandled"),
    }

    table = {  # noqa: RUF012 (the base declares it)
        "setup": Lazy("bot.commands.setup:setup", "Set up Scrubjay, step by step; you can skip or repeat any step."),
        "init": Lazy("bot.commands.init:init", "Write a first settings file, and say what to do next."),
        "chat": Lazy("bot.commands.chat:chat", "Chat in the terminal."),
        "ask": Lazy("bot.commands.ask:ask", "Ask one question, and get the answer with its sources."),
        "ingest": Lazy("bot.commands.ingest:ingest", "Read files, folders and web pages into the memory."),
        "remember": Lazy("bot.commands.remember:remember", "Remember something."),
        "memories": Lazy("bot.commands.memories:memories", "List what is remembered, newest first, or search it."),
        "forget": Lazy(
            "bot.commands.forget:forget", "Forget for good: the text, its vector, and everything derived from it."
        ),
        "documents": Lazy(
            "bot.commands.documents:documents",
            "List the files that were read, latest first, and what was left out of each.",
        ),
        "run": Lazy("bot.commands.run:run", "Run the bot on every chat platform that is set up."),
        "top": Lazy(
            "bot.commands.top:top",
            "Watch a running bot: conversations, what waits, tokens per second, memory, and the platforms.",
        ),
        "web": Lazy("bot.commands.web:web", "Show what is remembered in a browser, and serve the API."),
        "keys": Lazy("bot.commands.keys:app", "Make, list and revoke the keys that programs use the API with."),
        "pair": Lazy(
            "bot.commands.pair:pair",
            "Make a one-time code that gives you, or somebody else, access on a chat platform.",
        ),
        "access": Lazy("bot.commands.access:app", "Decide who may talk with the bot; changes take effect at once."),
        "audit": Lazy(
            "bot.commands.audit:audit",
            "List who granted or denied access, made codes or forgot memories; never what was said.",
        ),
        "plugins": Lazy("bot.commands.plugins:app", "List, enable, check and create plugins."),
        "doctor": Lazy("bot.commands.doctor:doctor", "Check that everything works, and say how to fix what doesn't."),
        "model": Lazy("bot.commands.model:app", "Find, download and look at models."),
        "extras": Lazy("bot.commands.extras:app", "List and install optional features."),
        "eval": Lazy(
            "bot.commands.eval:evaluate",
            "Measure how well the memory finds the evidence for questions, and how good the answers are.",
        ),
        "feedback": Lazy("bot.commands.feedback:app", "Use people's ratings of answers."),
        "export": Lazy(
            "bot.commands.export:export", "Export everything that is remembered as lines of JSON, oldest first."
        ),
        "backup": Lazy("bot.commands.backup:backup", "Back up the memory, even while the bot runs."),
        "move": Lazy("bot.commands.move:move", "Copy the whole memory to PostgreSQL, or back into a file."),
        "compact": Lazy("bot.commands.compact:compact", "Shrink the memory's file by the space of what was forgotten."),
        "usage": Lazy("bot.commands.usage:usage", "Show what uses how much disk space, and how to reduce it."),
        "restore": Lazy("bot.commands.restore:restore", "Check a backup, then put it in place of the memory."),
        "unhandled": Lazy(
            "bot.commands.unhandled:unhandled",
            "Show the updates from chat platforms that could not be handled.",
        ),
    }


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode=None,  # the look that rich gives help takes longer than all the rest
    pretty_exceptions_enable=False,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="The folder of the memory and the models.")]
Config = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="The settings file.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Log everything, and show where errors come from.")]
Version = Annotated[bool, typer.Option("--version", help="Print the version.")]


@app.callback(invoke_without_command=True)
def scrubjay(
    context: typer.Context,
    data: Data = None,
    config: Config = None,
    verbose: Verbose = False,  # noqa: FBT002 (typer makes the options of the parameters)
    show_version: Version = False,  # noqa: FBT002 (as above)
) -> None:
    """Remember what was said, by whom and when, and answer with sources, on your own machine.

    Example: scrubjay ask "when did we book the hotel?"
    """
    if show_version:
        typer.echo(f"scrubjay {version('scrubjay')}")
        raise typer.Exit
    if context.invoked_subcommand in NEED_NO_SETTINGS:
        return
    # Imported here: they take longer than all that --help does.
    from bot.commands.logs import secrets_in  # noqa: PLC0415
    from bot.configuration.config import load_settings  # noqa: PLC0415

    try:
        context.obj = settings = load_settings(config, data_dir=data)
    except ConfigError:
        if asks_for_help(sys.argv):
            return
        raise
    if settings.assistant.language != "auto":
        speak(settings.assistant.language)
    brief = context.invoked_subcommand in IN_A_CONVERSATION
    level = "debug" if verbose else settings.logging.level
    set_up_logging(
        level,
        verbose=verbose,
        brief=brief,
        as_json=settings.logging.format == "json" and not brief,
        secrets=secrets_in(settings),
    )


def asks_for_help(arguments: list[str]) -> bool:
    """Say whether only help is wanted, for which settings need not be right."""
    return "--help" in arguments or "-h" in arguments


def set_up_logging(
    level: str,
    *,
    verbose: bool,
    brief: bool = False,
    as_json: bool = False,
    secrets: frozenset[str] = frozenset(),
) -> None:
    """Log to stderr, where brief without tracebacks. The libraries' own chatter is of use to their authors alone."""
    from bot.commands.logs import JsonLines, OneLine, WithoutSecrets  # noqa: PLC0415 (as in the callback)

    logging.addLevelName(logging.WARNING, "warning")
    logging.addLevelName(logging.ERROR, "error")
    kind = OneLine if brief and not verbose else logging.Formatter
    handler = logging.StreamHandler()
    plain = kind(LOG_FORMAT_VERBOSE if verbose else LOG_FORMAT)
    handler.setFormatter(WithoutSecrets(JsonLines() if as_json else plain, secrets))
    logging.basicConfig(level=level.upper(), handlers=[handler])
    for library in ("aiosqlite", "asyncio", "httpx", "httpcore", "markdown_it"):
        logging.getLogger(library).setLevel(logging.WARNING)


def main() -> None:
    """Run the command line. What it writes, wherever that is, is for its user alone."""
    os.umask(0o077)
    # Else the first settings have pydantic read the metadata of every installed package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    speak(terminal_language())
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except BaseException as error:
        # Its class is not imported for this: commands that run asyncio have done so.
        if type(error).__name__ == "CancelledError":
            sys.exit(130)
        raise
