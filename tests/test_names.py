"""A class name means one thing in the whole tree, so that a reader who meets it elsewhere knows what it is."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("memory", "bot", "adapters", "plugins")
PARALLEL = (
    {"memory/sqlite", "memory/postgres"},  # two engines behind one protocol: the folder says which
    {"adapters/discord", "adapters/slack", "adapters/telegram", "adapters/whatsapp"},  # the same step on each platform
)
"""Folders whose modules stand for each other: a class may have the same name in each."""


def folder_of(path: Path) -> str:
    return "/".join(path.relative_to(ROOT).parts[:2])


def public_classes(path: Path) -> list[str]:
    """Return the classes of a module; not those inside others, such as the `Settings` that every plugin may have."""
    tree = ast.parse(path.read_text("utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]


def test_a_class_name_means_one_thing() -> None:
    folders: dict[str, list[str]] = defaultdict(list)
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for name in public_classes(path):
                folders[name].append(folder_of(path))
    assert len(folders) > 500
    shared = {
        name: places
        for name, places in folders.items()
        if len(places) > 1
        if len(set(places)) < len(places) or not any(set(places) <= alike for alike in PARALLEL)
    }
    assert shared == {}
