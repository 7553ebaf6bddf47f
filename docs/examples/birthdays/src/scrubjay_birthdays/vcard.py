"""Birthdays in vCards (RFC 6350): the names and the days, and nothing else of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrubjay_birthdays.days import Day, read_day

_FOLD = re.compile(r"\r?\n[ \t]")
_ESCAPE = re.compile(r"\\(.)")


def birthdays(text: str) -> Iterator[tuple[str, Day]]:
    """Yield the name and the birthday of each contact that has both. Raises ValueError when there is no contact."""
    cards = 0
    name, day = "", None
    for line in _FOLD.sub("", text).splitlines():
        key, _, value = line.partition(":")
        match key.partition(";")[0].upper().rpartition(".")[2]:
            case "BEGIN":
                cards, name, day = cards + 1, "", None
            case "FN":
                name = _ESCAPE.sub(r"\1", value).strip()
            case "BDAY":
                day = read_day(value)
            case "END":
                if name and day is not None:
                    yield name, day
    if not cards:
        raise ValueError("there is no contact in it")
