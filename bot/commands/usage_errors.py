"""What is wrong with a command line, in the language of whoever typed it: the library says it in English."""

from __future__ import annotations

import difflib
import re
from typing import Any, Self

import typer

from bot.translation import gettext, gettext_noop

UsageError: Any = typer.BadParameter.__base__
"""The library's error for a wrong command line, whose module is private to it."""


def translate_usage_error(error: Any) -> Any:
    """Return the same error, which shows itself in the language that is spoken."""
    return error if isinstance(error, _SpokenUsageError) else _SpokenUsageError.of(error)


class _SpokenUsageError(UsageError):  # type: ignore[misc] # its type is private to the library
    """A wrong command line: shows how the command is used, where its options are explained, and what is wrong."""

    @classmethod
    def of(cls, error: Any) -> Self:
        spoken = cls(_describe(error), error.ctx)
        spoken.exit_code = error.exit_code
        return spoken

    def show(self, file: Any = None) -> None:
        """Print it on stderr."""
        if self.ctx is not None:
            usage = self.ctx.get_usage().removeprefix("Usage: ")
            option = self.ctx.help_option_names[0]
            typer.echo(gettext("Usage: {usage}", usage=usage), file=file, err=True)
            more = gettext("`{command} {option}` explains it.", command=self.ctx.command_path, option=option)
            typer.echo(f"{more}\n", file=file, err=True)
        typer.echo(gettext("Error: {why}", why=self.message), file=file, err=True)


_SAID: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"No such command '(?P<name>.{1,300})'\."), gettext_noop("No such command '{name}'.")),
    (
        re.compile(r"Got unexpected extra argument\(?s?\)? \((?P<extra>.{1,3000})\)", re.DOTALL),
        gettext_noop("This is too much: {extra}. Put a text with blanks in quotes."),
    ),
    (re.compile(r"Option '(?P<option>.{1,300})' requires an argument\."), gettext_noop("{option} needs a value.")),
    (re.compile(r"Option '(?P<option>.{1,300})' does not take a value\."), gettext_noop("{option} takes no value.")),
)
"""What the library says without a class of its own."""


def _describe(error: Any) -> str:
    """Return what is wrong; what nobody here knows stays in the library's words."""
    match type(error).__name__:
        case "NoSuchOption":
            return _describe_option(error)
        case "MissingParameter" if error.param is not None:
            return gettext("{parameter} is missing.", parameter=_name(error))
        case "BadParameter" if error.param is not None:
            return gettext("{parameter}: {why}", parameter=_name(error), why=error.message)
        case "BadParameter":
            return str(error.message)
    said = str(error.format_message())
    found = ((pattern.fullmatch(said), message) for pattern, message in _SAID)
    return next((gettext(message, **match.groupdict()) for match, message in found if match), said)


def _describe_option(error: Any) -> str:
    option = error.option_name
    known = [name for each in error.ctx.command.params for name in each.opts] if error.ctx else []
    if near := difflib.get_close_matches(option, known, n=1):
        return gettext("There is no option {option}. Did you mean {near}?", option=option, near=near[0])
    return gettext("There is no option {option}.", option=option)


def _name(error: Any) -> str:
    return str(error.param.get_error_hint()).replace("'", "")
