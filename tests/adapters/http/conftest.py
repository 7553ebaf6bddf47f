"""What the tests of the page and the API share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.web_bot import WebBot, web_bot


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[WebBot]:
    """A running bot without a language model."""
    async with web_bot(tmp_path) as bot:
        yield bot
