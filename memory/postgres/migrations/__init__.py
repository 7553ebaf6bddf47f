"""The database's layout, as numbered migrations that are only ever appended to: a file of SQL each."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def read_migrations() -> dict[int, str]:
    """Return the scripts by their numbers, in order."""
    scripts = sorted((each for each in files(__name__).iterdir() if each.name.endswith(".sql")), key=lambda e: e.name)
    return {int(each.name[:3]): each.read_text("utf-8") for each in scripts}
