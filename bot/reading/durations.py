"""How long a recording is, and times within it."""

from __future__ import annotations


def format_duration(seconds: float) -> str:
    """Return a number of seconds as players show it: "0:42", "1:02:03"."""
    minutes, second = divmod(int(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02d}:{second:02d}" if hour else f"{minute}:{second:02d}"
