"""What is said in one place on Slack can't be had in another, by any question or command."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.bots import running
from tests.adapters.slack_bot import settings_for
from tests.emulators.slack import SlackServer


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer.open() as server:
        yield server


async def test_what_is_said_in_one_place_stays_out_of_all_others(slack: SlackServer, tmp_path: Path) -> None:
    ana, bruno = slack.person("Ana"), slack.person("Bruno")
    trip, work = slack.channel("trip", ana, bruno), slack.channel("work", ana, bruno, private=True)
    seats = {"ana": ana, "bruno": bruno, "trip": bruno.in_channel(trip), "work": bruno.in_channel(work)}
    codes = {place: str(code) for code, place in enumerate(seats, start=91827)}
    async with running(settings_for(slack, tmp_path, people=[ana, bruno], channels=[trip, work])) as app:
        for place, seat in seats.items():
            await seat.uses("/remember", f"the safe code of {place} is {codes[place]}")
            await seat.sees("I'll remember that")
        for seat in seats.values():
            for name, text in (
                ("/ask", "what is the safe code?"),
                ("/memories", ""),
                ("/memories", "safe code"),
                ("/facts", ""),
                ("/why", ""),
                ("/forget", "nothing of the kind"),
            ):
                await seat.uses(name, text)
                await seat.sees("")
            await seat.says("@jay what is the safe code?" if seat.room.kind != "im" else "what is the safe code?")
            await seat.sees("")
        await app.core.idle()
    for place, seat in seats.items():
        shown = " ".join(each.shown for each in seat.room.messages.values() if each.user == slack.bot.id)
        assert codes[place] in shown
        assert not [code for other, code in codes.items() if other != place and code in shown]
