"""A clock that a test sets, so that nothing has to wait for what is planned."""

from __future__ import annotations

from datetime import datetime, timedelta


class SettableClock:
    """Stands still until it is moved; call it for the time."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def __call__(self) -> datetime:
        """Return the time."""
        return self._now

    def set(self, moment: datetime) -> None:
        """Show this time from now on; it must carry a zone."""
        self._now = moment

    def forward(self, length: timedelta) -> None:
        """Go forward."""
        self._now += length
