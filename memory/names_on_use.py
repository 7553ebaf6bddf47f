"""Lets a module offer names whose modules are imported when one is first asked for: commands start at once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def import_on_use(package: str, names: Mapping[str, str]) -> tuple[list[str], Callable[[str], object]]:
    """Return the `__all__` and the `__getattr__` of a module that finds names in others.

    `names` has, for each module, the names that are found in it, with blanks between them.
    """
    modules = {name: module for module, several in names.items() for name in several.split()}

    def find(name: str) -> object:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found: object = getattr(import_module(modules[name]), name)
        setattr(sys.modules[package], name, found)  # asked for once
        return found

    return sorted(modules), find
