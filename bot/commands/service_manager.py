"""Tells systemd how the bot is: ready, reloading, stopping, and alive (sd_notify(3)). Elsewhere this does nothing."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress

READY = "READY=1"
STOPPING = "STOPPING=1"
_ALIVE = "WATCHDOG=1"


def notify(state: str) -> None:
    """Send a state to the service manager that started this process, if one did and wants to know."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address or not hasattr(socket, "AF_UNIX"):
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.connect("\0" + address[1:] if address.startswith("@") else address)
        channel.sendall(state.encode())


async def keep_watchdog(is_well: Callable[[], Awaitable[bool]]) -> None:
    """Report that all is well, twice as often as the service manager asks for; never where it does not ask."""
    asked = os.environ.get("WATCHDOG_USEC", "")
    while asked.isdecimal() and int(asked) > 0:
        if await is_well():
            notify(_ALIVE)
        await asyncio.sleep(int(asked) / 2_000_000)
