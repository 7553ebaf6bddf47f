"""Many conversations at once: nothing lost, nothing doubled, each in its order."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.adapters.bots import running, stored
from tests.adapters.telegram_bot import settings_for
from tests.emulators.telegram import TelegramServer

PEOPLE = 100
MESSAGES = 10


async def test_100_conversations_of_10_messages_lose_and_double_nothing_and_keep_their_order(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    telegram.flood.enabled = False
    people = [telegram.user(f"P{number}") for number in range(PEOPLE)]
    async with running(settings_for(telegram, tmp_path, people=people)) as app:
        for number in range(MESSAGES):
            for person in people:
                await person.says(f"/help nothing{number}")
            await asyncio.sleep(0)
        for person in people:
            room = person.room
            await telegram.until(lambda room=room: True if len(room.texts) == MESSAGES else None)  # type: ignore[misc]  # mypy can't type a default
        await app.core.idle()
        assert len(await stored(app.memory, "/help nothing")) == PEOPLE * MESSAGES
        assert await app.memory.delivery.list_unsent() == []
    for person in people:
        numbers = [text.split("/nothing")[1][0] for text in person.room.texts]
        assert numbers == [str(number) for number in range(MESSAGES)]
    assert not telegram.updates.pending
