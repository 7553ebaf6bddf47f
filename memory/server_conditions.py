"""What is told of the server that keeps a memory: a line for each thing that may be wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


def gettext_noop(message: str) -> str:
    """Return a message as it is, marked to be translated by whoever shows it."""
    return message


@dataclass(frozen=True, slots=True)
class ServerCondition:
    """One thing that was looked at; `advice` says what to do where it isn't as it should be.

    `found` and `advice` are marked messages, in which `values` take the places in braces: whoever shows them may say
    them in another language. A value that is a tuple is a list of such messages. `is_broken` tells what keeps the
    memory from being used from what may only become trouble.
    """

    name: str
    found: str
    advice: str = ""
    is_broken: bool = False
    values: Mapping[str, object] = field(default_factory=dict)
