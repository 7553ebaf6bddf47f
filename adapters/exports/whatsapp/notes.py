"""Collects what the user should know about a file, without growing with the file."""

from __future__ import annotations

from adapters.exports.parsed import ImportWarning, ParsedChat  # noqa: A004 (see there)

SHOWN = 50
"""Warnings listed one by one; the rest are counted."""


class Notes:
    """Writes into a chat's warnings; lines that were read twice are noted once."""

    def __init__(self, chat: ParsedChat) -> None:
        self._chat = chat
        self._last_line = 0
        self._more = 0

    def add(self, line: int, message: str) -> None:
        """Note something about one line."""
        if len(self._chat.warnings) < SHOWN:
            self._chat.warnings.append(ImportWarning(line, f"line {line} {message}"))
        else:
            self._more += 1

    def note_kept_as_text(self, line: int, message: str) -> None:
        """Note and count a line that could not be read as a message, once."""
        if line <= self._last_line:
            return
        self._last_line = line
        self._chat.lines_kept_as_text += 1
        self.add(line, f"{message}; it was kept as text of the message before it")

    def close(self) -> None:
        """Say how many more there were."""
        if self._more:
            self._chat.warnings.append(ImportWarning(None, f"and {self._more:,} more lines like these"))
            self._more = 0
