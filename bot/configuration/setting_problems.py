"""What is wrong with a setting, in one line that names the setting, where it came from and what would be right."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.configuration.settings import ENVIRONMENT_PREFIX, SECTION_SEPARATOR, Settings
from bot.translation import gettext, gettext_noop

Location = tuple[int | str, ...]

EXPECTED = {
    "bool": gettext_noop("true or false"),
    "decimal": gettext_noop("a number"),
    "dict": gettext_noop("a table"),
    "float": gettext_noop("a number"),
    "int": gettext_noop("a whole number"),
    "list": gettext_noop("a list"),
    "model": gettext_noop("a table"),
    "path": gettext_noop("a path in quotes"),
    "string": gettext_noop("text in quotes"),
    "tuple": gettext_noop("a list"),
}
"""What a setting must be, by the first word of pydantic's error type."""


@dataclass(frozen=True, slots=True)
class SettingSources:
    """Where settings came from: the file with its text ("" for none), and the environment with names lower-cased."""

    file: Path
    text: str
    environment: Mapping[str, str | None]

    def of(self, location: Location) -> str:
        """Name the source that a setting was taken from: the variable, or file and line."""
        variable = self._variable(location)
        if variable is not None:
            return gettext("environment variable {name}", name=variable.upper())
        line = line_of(self.text, location)
        return str(self.file) if line is None else gettext("{file}, line {line}", file=self.file, line=line)

    def unknown_variable(self, name: str) -> str:
        """Say that a variable of our prefix names no section."""
        path = tuple(name.removeprefix(ENVIRONMENT_PREFIX.lower()).split(SECTION_SEPARATOR))
        return f"{gettext('environment variable {name}', name=name.upper())}: {_unknown(path)}"

    def _variable(self, location: Location) -> str | None:
        """Return the variable that set this, or part of it, or the whole of what it is in."""
        parts = [str(part).lower() for part in location]
        for length in range(len(parts), 0, -1):
            name = ENVIRONMENT_PREFIX.lower() + SECTION_SEPARATOR.join(parts[:length])
            if name in self.environment:
                return name
        inside = ENVIRONMENT_PREFIX.lower() + SECTION_SEPARATOR.join(parts) + SECTION_SEPARATOR
        return next((name for name in self.environment if name.startswith(inside)), None)


def explain(error: ValidationError, sources: SettingSources) -> str:
    """Return one line per mistake. Values are never repeated: they may be secret."""
    return "\n".join(_line(details, sources) for details in error.errors(include_url=False, include_input=False))


def line_of(text: str, location: Location) -> int | None:
    """Return the line, counted from 1, that sets `location` in a valid TOML text; None where it isn't set.

    The parser itself is asked, with one more line each time, so that every way to write TOML is understood.
    """
    lines = text.splitlines()
    complete = 0
    for count in range(1, len(lines) + 1):
        try:
            table = tomllib.loads("\n".join(lines[:count]))
        except tomllib.TOMLDecodeError:
            continue  # in the middle of a value that takes several lines
        if _holds(table, location):
            return complete + 1
        complete = count
    return None


def _holds(table: Any, location: Location) -> bool:
    try:
        for part in location:
            table = table[part]
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _line(details: ErrorDetails, sources: SettingSources) -> str:
    location = details["loc"]
    if details["type"] == "extra_forbidden":
        return f"{sources.of(location)}: {_unknown(location)}"
    return f"{sources.of(location)}: {_join(location)} {describe_expected(details)}"


def _unknown(location: Location) -> str:
    """Say that there is no such setting, and which ones have the nearest names."""
    *section, last = (str(part) for part in location)
    known = _fields(section)
    near = difflib.get_close_matches(last, known, n=1)
    prefix = "".join(f"{part}." for part in section)
    what = gettext_noop("unknown setting {name}") if section else gettext_noop("unknown section {name}")
    hint = (
        gettext("did you mean {name}?", name=f"{prefix}{near[0]}")
        if near
        else gettext("there are: {names}", names=", ".join(sorted(known)))
    )
    return f"{gettext(what, name=f'{prefix}{last}')}; {hint}"


def _fields(section: list[str]) -> list[str]:
    model: type[BaseModel] = Settings
    for part in section:
        field = model.model_fields.get(part)
        if field is None or not isinstance(field.annotation, type) or not issubclass(field.annotation, BaseModel):
            return []
        model = field.annotation
    return list(model.model_fields)


_SENTENCES = {
    "literal_error": gettext_noop("must be {expected}"),
    "greater_than_equal": gettext_noop("must be at least {ge}"),
    "greater_than": gettext_noop("must be more than {gt}"),
    "less_than_equal": gettext_noop("must be at most {le}"),
    "missing": gettext_noop("is missing"),
    "extra_forbidden": gettext_noop("is not a setting"),
    "value_error": gettext_noop("is wrong: {error}"),
}
"""By the kind of pydantic's error, whose values go into the braces."""


def describe_expected(details: ErrorDetails) -> str:
    """Put pydantic's error into words for people."""
    kind, context = details["type"], details.get("ctx", {})
    expected = EXPECTED.get(kind.split("_")[0])
    if expected is not None and not kind.endswith(("_short", "_long")):
        return gettext("must be {expected}", expected=gettext(expected))
    sentence = _SENTENCES.get(kind)
    return gettext("is wrong: {error}", error=details["msg"]) if sentence is None else gettext(sentence, **context)


def _join(location: Location) -> str:
    return ".".join(str(part) for part in location)
