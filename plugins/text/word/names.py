"""Names of WordprocessingML, and how its switches are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = frozenset({"0", "false", "off"})


def value_of(parent: _Element | None, name: str) -> str | None:
    """Return the value of a property such as `w:pStyle`; None when it is not set."""
    found = parent.find(f"{W}{name}") if parent is not None else None
    return None if found is None else found.get(f"{W}val")


def is_on(parent: _Element | None, name: str) -> bool | None:
    """Return whether a switch such as `w:vanish` is on; None when it is not set."""
    found = parent.find(f"{W}{name}") if parent is not None else None
    return None if found is None else str(found.get(f"{W}val", "1")).casefold() not in _OFF


def number_of(parent: _Element | None, name: str) -> int | None:
    """Return the value of a numeric property."""
    text = value_of(parent, name) or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
