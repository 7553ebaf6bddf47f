"""Repairs text that is not valid Unicode, such as lone surrogates, and names what is beyond repair."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
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
    match value:
        case str():
            return repair_text(value)
        case list():
            return [_repair(each) for each in value]
        case tuple():
            return tuple(_repair(each) for each in value)
        case dict():
            return {_repair(key): _repair(each) for key, each in value.items()}
    if not is_dataclass(value) or isinstance(value, type):
        return value
    before = {field.name: getattr(value, field.name) for field in fields(value) if field.init}
    after = {name: _repair(each) for name, each in before.items()}
    return value if after == before else replace(value, **after)
