"""What the tests of WhatsApp share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.emulators.whatsapp import WhatsAppServer


@pytest.fixture
async def whatsapp() -> AsyncIterator[WhatsAppServer]:
    async with WhatsAppServer.open() as server:
        yield server
