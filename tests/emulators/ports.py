"""Ports of this machine for servers that are told theirs before they start."""

from __future__ import annotations

import itertools
import os
import socket

FIRST, PROCESSES, EACH = 20_000, 250, 40
"""Below those that the system gives out by itself, to whoever connects: between being chosen and used none is taken."""

_numbers = itertools.count()


def choose_port() -> int:
    """Return a port of the loopback that nobody uses; test processes side by side choose from different ones."""
    for number in itertools.islice(_numbers, EACH * PROCESSES):
        port = FIRST + (os.getpid() * EACH + number) % (PROCESSES * EACH)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no port is free")
