"""The listener that platforms post to."""

from __future__ import annotations

import asyncio
import socket

import pytest

from adapters.http_listener import listening
from tests.emulators.ports import choose_port


@pytest.mark.parametrize("rounds", range(6))
async def test_whoever_connects_as_it_stops_is_not_left_waiting(rounds: int) -> None:
    port = choose_port()
    async with listening("127.0.0.1", port, [], setting="adapters.telegram"):
        client = socket.create_connection(("127.0.0.1", port))
        for _ in range(rounds):
            await asyncio.sleep(0)
    with client:
        assert await asyncio.to_thread(_is_closed, client)


def _is_closed(client: socket.socket) -> bool:
    client.settimeout(10)
    try:
        return client.recv(1) == b""
    except ConnectionResetError:  # it was never accepted
        return True
