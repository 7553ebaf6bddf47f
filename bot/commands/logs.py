"""How what is logged is written."""

from __future__ import annotations

import logging


class OneLine(logging.Formatter):
    """Writes each record on a line of its own; of an exception only what it says, not where it came from."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        brief = logging.makeLogRecord(record.__dict__ | {"exc_info": None, "exc_text": None, "stack_info": None})
        line = super().format(brief)
        if record.exc_info and (error := record.exc_info[1]) is not None:
            line += f": {type(error).__name__}: {error}"
        return " ".join(line.split())
