"""All targets, and what was found on each of them before."""

from __future__ import annotations

from pathlib import Path

from tests.fuzz import files, histories, layouts, questions, texts, webhooks
from tests.fuzz.target import Target

FOUND = Path(__file__).parent / "found"
"""A folder for each target, with the inputs that once broke it."""


def make_targets() -> dict[str, Target]:
    """Return the targets by their names."""
    return {
        each.name: each
        for module in (histories, files, texts, webhooks, layouts, questions)
        for each in module.make_targets()
    }


def read_found(target: str) -> tuple[bytes, ...]:
    """Return what was found on a target."""
    return tuple(path.read_bytes() for path in sorted((FOUND / target).glob("*")))
