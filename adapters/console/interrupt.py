"""Lets Ctrl-C mean "stop this" for a while instead of "end the program"."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def interrupts() -> Iterator[asyncio.Event]:
    """Give an event that Ctrl-C sets while the block runs; pressed again, it means what it meant before."""
    pressed = asyncio.Event()
    if threading.current_thread() is not threading.main_thread():
        yield pressed  # Python hands signals to the main thread alone
        return
    loop = asyncio.get_running_loop()
    before = signal.getsignal(signal.SIGINT)

    def press(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        loop.call_soon_threadsafe(pressed.set)

    signal.signal(signal.SIGINT, press)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)
