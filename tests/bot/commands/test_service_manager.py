from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from bot.commands.service_manager import READY, keep_watchdog, notify
from tests.emulators.patience import PATIENCE


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> socket.socket:
    """A service manager that waits to be told."""
    address = tmp_path / "notify"
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    channel.bind(str(address))
    channel.settimeout(PATIENCE)
    monkeypatch.setenv("NOTIFY_SOCKET", str(address))
    return channel


def test_a_service_manager_is_told_that_the_bot_is_ready(manager: socket.socket) -> None:
    with manager:
        notify(READY)
        assert manager.recv(100) == b"READY=1"


async def test_it_is_told_that_the_bot_lives_only_while_it_is_well(
    manager: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "2000")
    states = iter([False, True])

    async def is_well() -> bool:
        return next(states, False)

    with manager:
        watching = asyncio.create_task(keep_watchdog(is_well))
        assert await asyncio.to_thread(manager.recv, 100) == b"WATCHDOG=1"
        watching.cancel()
        await asyncio.wait([watching])


async def test_where_nobody_asks_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    notify(READY)

    async def is_well() -> bool:
        raise AssertionError

    await keep_watchdog(is_well)
