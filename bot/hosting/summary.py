"""What an installed plugin says of itself, read from its source: nothing of it is imported."""

from __future__ import annotations

import ast
from importlib.abc import InspectLoader
from importlib.machinery import ModuleSpec, PathFinder


def summary_of(entry: str) -> str:
    """Return the first line of the docstring of "package.module:Class"; "" where there is none to be found.

    For a class that the module has from elsewhere, it is what the module says of itself.
    """
    module, _, name = entry.partition(":")
    spec = _spec(module)
    try:
        source = spec.loader.get_source(module) if spec and isinstance(spec.loader, InspectLoader) else None
        tree = ast.parse(source or "")
    except (ImportError, SyntaxError, ValueError):
        return ""
    kind = next((node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name), None)
    return (ast.get_docstring(kind or tree) or "").partition("\n")[0]


def _spec(module: str) -> ModuleSpec | None:
    """Find a module; `importlib.util.find_spec` would import the packages it is in."""
    spec: ModuleSpec | None = None
    path = None
    for length, _ in enumerate(parts := module.split("."), 1):
        spec = PathFinder.find_spec(".".join(parts[:length]), path)
        if spec is None:
            return None
        path = spec.submodule_search_locations
    return spec
