"""Events, replies and other dataclasses as JSON, in which they are stored until they are handled."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


@cache
def _codec(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_json(value: object) -> str:
    """Write an event, a reply or another dataclass of them as JSON."""
    kind: Any = type(value)
    written: bytes = _codec(kind).dump_json(value)
    return written.decode()


def from_json(kind: type[T], text: str) -> T:
    """Read what `to_json` wrote. Raises pydantic.ValidationError (a ValueError) when it is something else."""
    key: Any = kind
    value: T = _codec(key).validate_json(text)
    return value
