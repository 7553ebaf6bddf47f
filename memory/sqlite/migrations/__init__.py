"""The database's layout, as numbered migrations that are only ever appended to: a file of SQL each."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def read_migrations() -> tuple[str, ...]:
    """Return the scripts by their numbers: 001 makes version 1 of an empty database, 002 version 2 of that."""
    scripts = [each for each in files(__name__).iterdir() if each.name.endswith(".sql")]
    return tuple(each.read_text("utf-8") for each in sorted(scripts, key=lambda each: each.name))
