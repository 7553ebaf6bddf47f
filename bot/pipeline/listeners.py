"""Closes a listening socket so that nobody who was just let in is left waiting."""

from __future__ import annotations

import asyncio
import socket
from asyncio.trsock import TransportSocket
from collections.abc import Iterable
from contextlib import suppress

ROUNDS_UNTIL_KNOWN = 3
"""Of the event loop, from accepting a connection until the server that will close it knows of it."""


async def stop_accepting(listeners: Iterable[socket.socket | TransportSocket]) -> None:
    """Accept no more connections, and wait until the server knows those it has accepted.

    Call it right before the server closes: asyncio leaves open what it accepts while its server is closing
    (the server refuses to count it, and the error is shown in debug mode only).
    """
    loop = asyncio.get_running_loop()
    for listener in listeners:
        with suppress(NotImplementedError):  # Windows' event loop has no readers
            loop.remove_reader(listener)
    for _ in range(ROUNDS_UNTIL_KNOWN):
        await asyncio.sleep(0)
