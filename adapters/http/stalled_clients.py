"""Ends connections to clients that have stopped reading or sending, so that none is held for ever."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from adapters.http.settings import HttpSettings


class H11WithTimeouts(H11Protocol):
    """Drops a connection whose client takes next to nothing for `write_seconds`, or sends nothing for `read_seconds`.

    What waits for a client may fill 64 kB before anything more is made for it; with 16 kB left it counts as reading.
    The head of a request must be whole within `read_seconds`, however it comes; 0 lets a client take any time.
    """

    write_seconds: float = 0
    read_seconds: float = 0
    _stalled: asyncio.TimerHandle | None = None
    _unsent: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Give the client its time to ask for something."""
        super().connection_made(transport)
        self._wait_for_client()

    def data_received(self, data: bytes) -> None:
        """Take note that the client sends; bytes of a head that is not whole give it no more time."""
        began = self.conn.their_state is h11.IDLE
        super().data_received(data)
        state = self.conn.their_state
        if began and state is h11.IDLE and self._unsent is not None:
            return
        self._cancel_read_timer()
        if state in (h11.IDLE, h11.SEND_BODY):
            self._wait_for_client()

    def pause_writing(self) -> None:
        """Give the client its time: what it has not taken fills the buffer."""
        super().pause_writing()
        if self.write_seconds and self._stalled is None:
            self._stalled = self.loop.call_later(self.write_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Take note that the client reads."""
        super().resume_writing()
        self._cancel_write_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Take note that the client is gone."""
        super().connection_lost(exc)
        self._cancel_write_timer()
        self._cancel_read_timer()

    def _cancel_write_timer(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _cancel_read_timer(self) -> None:
        if self._unsent is not None:
            self._unsent.cancel()
            self._unsent = None

    def _wait_for_client(self) -> None:
        if self.read_seconds and not self.transport.is_closing():
            self._unsent = self.loop.call_later(self.read_seconds, self._drop)

    def _drop(self) -> None:
        self._unsent = None
        if self.flow.read_paused:  # the app takes its time, not the client
            self._wait_for_client()
        else:
            self.transport.abort()


def with_timeouts(settings: HttpSettings) -> type[asyncio.Protocol]:
    """Return the protocol with the timeouts of the settings."""
    fields: dict[str, Any] = {"write_seconds": settings.write_seconds, "read_seconds": settings.read_seconds}
    return type("H11WithTimeouts", (H11WithTimeouts,), fields)
