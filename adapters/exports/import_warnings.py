"""What the user should know about an export of any length, in a few sentences: one for each kind of problem."""

from __future__ import annotations

from adapters.exports.parsed import ImportWarning, ParsedChat  # noqa: A004 (see there)


class WarningCounter:
    """Counts what went wrong, by kind; `add_to` tells a chat, with where each was met first."""

    def __init__(self, unit: str = "message") -> None:
        self._unit = unit
        self._first: dict[str, int] = {}
        self._count: dict[str, int] = {}

    def note(self, number: int, what: str) -> None:
        """Note a problem with the message (or line) of that number."""
        self._first.setdefault(what, number)
        self._count[what] = self._count.get(what, 0) + 1

    def add_to(self, chat: ParsedChat) -> None:
        """Add a warning for each kind to the chat."""
        for what, first in self._first.items():
            more = self._count[what] - 1
            also = f" ({more:,} more {self._unit}s like it)" if more else ""
            chat.warnings.append(ImportWarning(None, f"{self._unit} {first:,} {what}{also}"))
        self._first.clear()
        self._count.clear()
