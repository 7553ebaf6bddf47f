"""Repairs text that is not valid Unicode, such as lone surrogates, and names what is beyond repair."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from functools import cache
from operator import is_
from typing import Any, TypeVar

from memory.patterns import compile_on_use

T = TypeVar("T")

_REPLACEMENT = "\ufffd"
_ESCAPE = compile_on_use(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def repair_text(text: str) -> str:
    """Return valid Unicode: two halves of a character are joined, and a half alone becomes U+FFFD."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def repair_json_text(text: str) -> str:
    r"""Return a JSON text in which every lone surrogate, which stands there as an escape (\ud83d), is U+FFFD."""
    if "\\ud" not in text and "\\uD" not in text:
        return text
    return _ESCAPE.sub(lambda escape: _REPLACEMENT if escape["lone"] else escape[0], text)


def repair(value: T) -> T:
    """Return the same value with every text in it repaired: in dataclasses, tuples, lists and dictionaries.

    Raises RecursionError for what is nested too deeply.
    """
    repaired: Any = _repair(value)
    return repaired  # type: ignore[no-any-return]  # the same type, part by part


def describe_problem(error: Exception) -> str:
    """Return in one line what an exception says."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:500]


def _repair(value: Any) -> Any:
    """Return `value` itself where nothing is wrong in it: every message of a busy bot comes through here."""
    match value:
        case str():
            return repair_text(value)
        case list() | tuple():
            parts = [_repair(each) for each in value]
            if all(map(is_, parts, value)):
                return value
            return parts if isinstance(value, list) else tuple(parts)
        case dict():
            made = {_repair(key): _repair(each) for key, each in value.items()}
            if len(made) == len(value) and all(map(is_, made, value)) and all(map(is_, made.values(), value.values())):
                return value
            return made
    kind: Any = type(value)
    return _repair_fields(value, _fields_of(kind))


def _repair_fields(value: Any, names: tuple[str, ...]) -> Any:
    changes = {}
    for name in names:
        before = getattr(value, name)
        after = _repair(before)
        if after is not before:
            changes[name] = after
    return replace(value, **changes) if changes else value


@cache
def _fields_of(kind: type) -> tuple[str, ...]:
    """Return the names of a dataclass's fields; none for another class."""
    return tuple(field.name for field in fields(kind) if field.init) if is_dataclass(kind) else ()
