"""Ends connections to clients that have stopped reading, so that none holds what is written for it for ever."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol


class H11WithWriteTimeout(H11Protocol):
    """Drops a connection whose client takes next to nothing for `write_seconds`; 0 lets it take any time.

    What waits for a client may fill 64 kB before anything more is made for it; with 16 kB left it counts as reading.
    """

    write_seconds: float = 0
    _stalled: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        """Give the client its time: what it has not taken fills the buffer."""
        super().pause_writing()
        if self.write_seconds and self._stalled is None:
            self._stalled = self.loop.call_later(self.write_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Take note that the client reads."""
        super().resume_writing()
        self._read_on()

    def connection_lost(self, exc: Exception | None) -> None:
        """Take note that the client is gone."""
        super().connection_lost(exc)
        self._read_on()

    def _read_on(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None


def with_write_timeout(seconds: float) -> type[asyncio.Protocol]:
    """Return the protocol with this timeout."""
    fields: dict[str, Any] = {"write_seconds": seconds}
    return type("H11WithWriteTimeout", (H11WithWriteTimeout,), fields)
