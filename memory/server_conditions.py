"""What is told of the server that keeps a memory: a line for each thing that may be wrong with it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerCondition:
    """One thing that was looked at; `advice` says what to do where it isn't as it should be.

    `is_broken` tells what keeps the memory from being used from what may only become trouble.
    """

    name: str
    found: str
    advice: str = ""
    is_broken: bool = False
