"""While a question waits for its answer, on every platform: whatever else is said is handled as itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.exports.chat import HistoriesPlugin
from bot import Context, Plugin, command
from plugins.text.plugin import TextPlugin
from tests.adapters.bots import stored
from tests.adapters.seats import EVERYWHERE, ONLINE, PlatformSeat, Seat, bot_for, keeps, seat_on, sees

KEY = "The spare key to the cabin is under the blue flowerpot."
WHERE = "where is the spare key to the cabin?"
HISTORY = "03/05/2024, 21:12 - Jonas: who booked the hotel?\n13/05/2024, 21:14 - Mara: I booked the hotel in Lisbon\n"


class Clerk(Plugin):
    """Asks for one of two, and for any words."""

    name = "clerk"

    @command("pick", "choose one")
    async def pick(self, context: Context) -> str:
        return f"{await context.choose('Which one?', ['Tea', 'Coffee'])} it is."

    @command("note", "note something")
    async def note(self, context: Context) -> str:
        return f"Noted: {await context.ask('What shall I note?')}"


@pytest.fixture(params=EVERYWHERE)
async def ana(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Seat]:
    async with seat_on(request.param, tmp_path) as seat:
        yield seat


async def test_a_file_a_question_and_a_sentence_to_a_question_with_buttons_are_handled_as_themselves(
    ana: Seat, tmp_path: Path
) -> None:
    async with bot_for(ana, tmp_path, plugins=[Clerk(), TextPlugin()]) as memory:
        await ana.says(KEY)
        await sees(ana, "remember that")
        await ana.uses("pick")
        await sees(ana, "Which one")
        await ana.sends_file("boiler.txt", b"The boiler is serviced by Kemal every autumn.")
        await sees(ana, "boiler.txt")
        await ana.says(WHERE)
        await sees(ana, "blue flowerpot")
        await ana.says("The ferry to the island leaves from pier seven on Sundays.")
        await keeps(memory, "pier seven", 1)
        await keeps(memory, "Kemal", 1)
        await ana.says("2")
        await sees(ana, "Coffee it is")
        assert not any("not one of the options" in text for text in ana.shown())


async def test_an_open_question_lapses_with_one_word_when_its_asker_asks_something(ana: Seat, tmp_path: Path) -> None:
    async with bot_for(ana, tmp_path, plugins=[Clerk()]):
        await ana.says(KEY)
        await sees(ana, "remember that")
        await ana.uses("note")
        await sees(ana, "What shall I note")
        await ana.says(WHERE)
        await sees(ana, "Never mind, then.")
        await sees(ana, "blue flowerpot")


async def test_an_export_waits_while_other_things_are_said(ana: Seat, tmp_path: Path) -> None:
    async with bot_for(ana, tmp_path, plugins=[HistoriesPlugin()]) as memory:
        await ana.sends_file("WhatsApp Chat with Lisbon trip.txt", HISTORY.encode())
        await sees(ana, "Which of these are you")
        await ana.says("The ferry to the island leaves from pier seven on Sundays.")
        await keeps(memory, "pier seven", 1)
        assert await stored(memory, "I booked the hotel") == []
        await ana.says("mara")
        await sees(ana, "2 messages by 2 people")


@pytest.mark.parametrize("ana", ONLINE, indirect=True)
async def test_yes_and_no_and_who_one_is_are_buttons(ana: PlatformSeat, tmp_path: Path) -> None:
    async with bot_for(ana, tmp_path, plugins=[HistoriesPlugin()]) as memory:
        await ana.sends_file("WhatsApp Chat with Lisbon trip.txt", HISTORY.encode())
        await sees(ana, "Which of these are you")
        assert await ana.presses("Mara") == ""
        await sees(ana, "2 messages by 2 people")
        await ana.says("/forget hotel")
        await sees(ana, "Shall I forget")
        assert await ana.presses("Yes") == ""
        await keeps(memory, "I booked the hotel", 0)
