"""A command line whose commands are imported when they are used, so that it starts at once."""

from __future__ import annotations

import ast
import difflib
import importlib.util
import sys
import traceback
from dataclasses import dataclass
from importlib.abc import InspectLoader
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from bot.commands.file_errors import describe_file_error
from bot.commands.usage_errors import UsageError, translate_usage_error
from bot.errors import ScrubjayError
from bot.translation import ENGLISH, current_language, gettext, gettext_noop

COMMANDS = "scrubjay.commands"
"""The entry-point group of commands that packages add; each is a function or a typer.Typer."""

MEMORY_FAILED = 5
FILE_FAILED = 1


@dataclass(frozen=True, slots=True)
class Lazy:
    """Where a command is, as "module:attribute", and what the list of commands says of it."""

    target: str
    help: str


class LazyGroup(TyperGroup):
    """Lists its commands from a table, imports the one that runs, and prints errors as one line with an exit code.

    `table` holds the commands that need no import to be listed. Those of installed packages come last. The library
    keeps the class of its contexts private, hence `Any`.
    """

    table: dict[str, Lazy] = {}  # noqa: RUF012 (typer makes the object; a subclass sets the table)
    sections: dict[str, tuple[str, ...]] = {}  # noqa: RUF012 (as above)
    """Under which heading the help lists each command; what packages add stands under "More"."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 (the base's)
        """Return the names, our own in the order of the table."""
        added = sorted(entry.name for entry in entry_points(group=COMMANDS) if entry.name not in self.table)
        return [*self.table, *added]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help in the language that is spoken."""
        translate_help(self)
        super().format_help(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands by section, each with its whole line."""
        names = self.list_commands(ctx)
        placed = {name for section in self.sections.values() for name in section}
        for heading, section in {
            **self.sections,
            gettext_noop("More"): tuple(name for name in names if name not in placed),
        }.items():
            rows = [(name, gettext(self.get_command(ctx, name).help or "")) for name in section if name in names]
            if rows:
                with formatter.section(gettext(heading)):
                    formatter.write_dl(rows)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 (the base's)
        """Return a command as it is listed; it is imported only when its line can't be had otherwise."""
        entry = self._entry(cmd_name)
        if entry is None:
            return None
        known = self.table.get(cmd_name)
        line = known.help if known else _summary(entry)
        return make_command(entry) if line is None else TyperCommand(cmd_name, help=line)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Import the command that is to run."""
        entry = self._entry(args[0])
        if entry is not None:
            return entry.name, make_command(entry), args[1:]
        near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
        if near and not args[0].startswith("-"):
            ctx.fail(gettext("No such command '{args}'. Did you mean '{near}'?", args=args[0], near=near[0]))
        return super().resolve_command(ctx, args)

    def entries(self) -> list[EntryPoint]:
        """Return where all commands are, those of packages too."""
        return [entry for name in self.list_commands(None) if (entry := self._entry(name)) is not None]

    def _entry(self, name: str) -> EntryPoint | None:
        """Return where a command is: one of ours goes before a package's."""
        if (known := self.table.get(name)) is not None:
            return EntryPoint(name, known.target, COMMANDS)
        return next(iter(entry_points(group=COMMANDS, name=name)), None)

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        """Read the options before the command."""
        try:
            return super().make_context(*arguments, **options)
        except UsageError as error:
            raise translate_usage_error(error) from None

    def invoke(self, ctx: Any) -> Any:
        """Run a command; what it raises on purpose is told in one line, with `-v` after where it came from."""
        try:
            return super().invoke(ctx)
        except UsageError as error:
            raise translate_usage_error(error) from None
        except Exception as error:
            # When the reader of our output has gone, the library leaves quietly.
            if isinstance(error, BrokenPipeError) or not isinstance(error, (ScrubjayError, OSError, *_memory_errors())):
                raise
            if ctx.params.get("verbose"):
                traceback.print_exception(error)
            typer.echo(f"scrubjay: {_describe_error(error)}", err=True)
            raise typer.Exit(_exit_code(error)) from None


def make_command(entry: EntryPoint) -> Any:
    """Import a command: a function becomes one, a typer.Typer is one already."""
    found = entry.load()
    app = found if isinstance(found, typer.Typer) else typer.Typer(add_completion=False)
    if app is not found:
        app.command(entry.name)(found)
    made = get_command(app)
    made.name = entry.name
    translate_help(made)
    return made


def translate_help(command: Any) -> None:
    """Let a command and those under it explain themselves in the language that is spoken."""
    if current_language() == ENGLISH:
        return
    for each in (command, *command.params):
        for field in ("help", "short_help", "epilog"):
            if text := getattr(each, field, None):
                setattr(each, field, gettext(text))
    for inner in getattr(command, "commands", {}).values():
        translate_help(inner)


def _summary(entry: EntryPoint) -> str | None:
    """Return the first line of a function's help, in the language that is spoken.

    It is read from the source, as an import takes far longer. The catalogues hold a help text as a whole.
    """
    spec = importlib.util.find_spec(entry.module)
    source = spec.loader.get_source(entry.module) if spec and isinstance(spec.loader, InspectLoader) else None
    for node in ast.parse(source or "").body:
        if isinstance(node, ast.FunctionDef) and node.name == entry.attr:
            text = ast.get_docstring(node)
            return gettext(text).partition("\n")[0] if text else ""  # a catalogue keeps its own head under ""
    return None


def _describe_error(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return describe_file_error(error)
    return str(error) or type(error).__name__


def _exit_code(error: Exception) -> int:
    if isinstance(error, ScrubjayError):
        return error.exit_code
    return MEMORY_FAILED if isinstance(error, _memory_errors()) else FILE_FAILED


def _memory_errors() -> tuple[type[Exception], ...]:
    """Return the memory's own errors, once its module is imported: before that nothing can have raised one."""
    module = sys.modules.get("memory.errors")
    return () if module is None else (module.MemoryStoreError,)
