"""What the tests of the adapters share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.emulators.telegram import TelegramServer


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer.open() as server:
        yield server
