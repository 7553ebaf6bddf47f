"""A target of fuzzing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """Something that takes bytes of strangers: `run` returns, or raises what is a fault. Seeds are good examples."""

    name: str
    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


def on_text(run: Callable[[str], None]) -> Callable[[bytes], None]:
    """Return what takes bytes as a text, whose broken characters are marked."""
    return lambda data: run(data.decode("utf-8", "replace"))
