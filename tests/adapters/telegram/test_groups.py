"""Groups on Telegram: who is answered, what is remembered, and what stays where it was said."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from bot.testing import ScriptedModel
from memory import Scope
from tests.adapters.bots import running, stored
from tests.adapters.telegram_bot import settings_for, talking
from tests.emulators.patience import PATIENCE
from tests.emulators.telegram import TelegramServer
from tests.emulators.telegram_text import cut

KEY = "The spare key to the cabin is under the blue flowerpot."
WHERE = "where is the spare key to the cabin?"


async def test_a_group_is_remembered_and_answered_only_when_the_bot_is_addressed(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    ana, bruno = telegram.user("Ana"), telegram.user("Bruno")
    trip = telegram.group("Trip", ana, bruno)
    async with running(settings_for(telegram, tmp_path, groups=[trip])) as app:
        ana, bruno = ana.in_group(trip), bruno.in_group(trip)
        await bruno.says(KEY)
        await ana.says(WHERE)
        await ana.sees_nothing()
        asked = await ana.says(f"@jay_test_bot {WHERE}")
        answer = await ana.sees("under the blue flowerpot")
        assert answer.reply_to is asked
        await ana.says("and who said so?", reply_to=answer)
        await ana.sees("[1] Bruno")
        await ana.says(f"/ask@jay_test_bot {WHERE}")
        await ana.sees("under the blue flowerpot")
        await ana.says("/weather@other_bot Lisbon")
        await ana.says("/weather Lisbon")
        await ana.says("ask @jay_test_bots about it")
        await ana.sees_nothing()
        said = [text for text in await stored(app.memory, WHERE) if not text.startswith("Here is")]
        assert said == [WHERE, WHERE, f"/ask@jay_test_bot {WHERE}"]


async def test_a_source_links_to_the_message_that_it_quotes(telegram: TelegramServer, tmp_path: Path) -> None:
    ana = telegram.user("Ana")
    private, public = telegram.group("Trip", ana), telegram.group("Club", ana, username="jayclub")
    async with running(settings_for(telegram, tmp_path, groups=[private, public])):
        for group, address in ((private, f"https://t.me/c/{str(private.id)[4:]}"), (public, "https://t.me/jayclub")):
            said = await ana.in_group(group).says(KEY)
            await ana.in_group(group).says(f"@jay_test_bot {WHERE}")
            answer = await ana.in_group(group).sees("under the blue flowerpot")
            links = [(cut(answer.text, each), each["url"]) for each in answer.entities if each["type"] == "text_link"]
            assert ("[1]", f"{address}/{said.id}") in links
            assert links[-1][0].startswith("[1] Ana, ")
            assert links[-1][1] == f"{address}/{said.id}"


async def test_topics_of_a_forum_are_threads_of_their_own_that_share_what_their_members_can_read(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    ana = telegram.user("Ana")
    club = telegram.group("Club", ana, forum=True)
    food, music = ana.in_group(club, "Food"), ana.in_group(club, "Music")
    async with running(settings_for(telegram, tmp_path, groups=[club])) as app:
        said = await food.says("The best cake of town is at Nora's bakery.")
        await food.says("@jay_test_bot where is the best cake of town?")
        answer = await food.sees("Nora's bakery")
        link = f"https://t.me/c/{str(club.id)[4:]}/{food.topic}/{said.id}"
        assert link in {entity.get("url") for entity in answer.entities}
        await app.core.idle()
        await food.reacts(answer, "👍")
        await music.says("@jay_test_bot where is the best cake of town?")
        elsewhere = await music.sees("Nora's bakery")
        assert elsewhere.topic == music.topic != food.topic
        assert [each.value for each in await app.memory.judgements.select(Scope.all())] == [1]


async def test_a_plain_message_in_a_topic_is_no_reply_to_the_bot_that_opened_it(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    ana = telegram.user("Ana")
    club = telegram.group("Club", ana, forum=True)
    opened = telegram.post(club, telegram.bot, "", extra={"forum_topic_created": {"name": "Jays", "icon_color": 0}})
    club.topics["Jays"] = opened.id
    async with talking(telegram, tmp_path):
        jays = ana.in_group(club, "Jays")
        jays.seen = opened.id
        await jays.says("what a day")
        await jays.sees_nothing()


async def test_an_answer_in_a_group_grows_by_edits_of_one_message(telegram: TelegramServer, tmp_path: Path) -> None:
    ana = telegram.user("Ana")
    trip = telegram.group("Trip", ana)
    model = ScriptedModel("Under the **blue** flowerpot [1].")
    model.hold = asyncio.Event()
    async with talking(telegram, tmp_path, model=model):
        ana = ana.in_group(trip)
        await ana.says(KEY)
        await ana.says(f"@jay_test_bot {WHERE}")
        growing = await ana.sees("Under the blue")
        model.hold.set()
        await telegram.until(lambda: True if "[1] Ana" in growing.text else None)
    assert growing.versions[0] != growing.text
    assert len(trip.texts) == 1
    assert trip.drafts == []


async def test_a_growing_answer_that_somebody_deletes_is_sent_anew(telegram: TelegramServer, tmp_path: Path) -> None:
    ana = telegram.user("Ana")
    trip = telegram.group("Trip", ana)
    model = ScriptedModel("Under the blue flowerpot [1].")
    model.hold = asyncio.Event()
    async with talking(telegram, tmp_path, model=model):
        ana = ana.in_group(trip)
        await ana.says(KEY)
        await ana.says(f"@jay_test_bot {WHERE}")
        growing = await ana.sees("Under the blue")
        ana.deletes(growing)
        model.hold.set()
        anew = await ana.sees("Under the blue flowerpot\nAna: ")
    assert anew is not growing
    assert trip.texts == [anew.text]


async def test_what_is_said_in_a_direct_chat_stays_out_of_groups_and_other_chats(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    ana, bruno = telegram.user("Ana"), telegram.user("Bruno")
    trip, work = telegram.group("Trip", ana, bruno), telegram.group("Work", ana, bruno)
    seats = {
        "ana": ana,
        "bruno": bruno,
        "trip": bruno.in_group(trip),
        "work": bruno.in_group(work),
    }
    secrets = {place: f"the safe code of {place} is {number}" for number, place in enumerate(seats, start=91827)}
    async with running(settings_for(telegram, tmp_path, people=[ana, bruno], groups=[trip, work])) as app:
        for place, seat in seats.items():
            await seat.says(f"/remember{'@jay_test_bot' if seat.room.kind != 'private' else ''} {secrets[place]}")
            await seat.sees("I'll remember that")
        for place, seat in seats.items():
            at = "@jay_test_bot" if seat.room.kind != "private" else ""
            for words in (
                f"{at} what is the safe code?".strip(),
                f"/memories{at}",
                f"/facts{at}",
                f"/memories{at} safe code",
            ):
                await seat.says(words)
                shown = await seat.sees("")
                others = [code for other, text in secrets.items() if other != place for code in [text.split()[-1]]]
                assert not [code for code in others if code in shown.text]
            await seat.says(f"/forget{at} safe code")
            await seat.sees("")
        await app.core.idle()
        for place in seats:
            assert secrets[place] not in " ".join(
                text
                for other, seat in seats.items()
                if other not in {place, "bruno"}  # he is shown what his groups hold in his direct chat
                for text in seat.room.texts
            )


async def test_a_group_that_becomes_a_supergroup_is_served_on(
    telegram: TelegramServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ana = telegram.user("Ana")
    trip = telegram.group("Trip", ana, basic=True)
    model = ScriptedModel("Under the blue flowerpot [1].", "There [1].")
    model.hold = asyncio.Event()
    async with talking(telegram, tmp_path, model=model):
        await ana.in_group(trip).says(KEY)
        await ana.in_group(trip).says(f"@jay_test_bot {WHERE}")
        await asyncio.wait_for(model.held.wait(), PATIENCE)
        with caplog.at_level(logging.WARNING):
            moved = telegram.upgrade(trip)
            model.hold.set()
            await ana.in_group(moved).sees("Under the blue flowerpot")
    assert f"its id was {trip.id} and is now {moved.id}" in caplog.text


async def test_a_group_that_becomes_a_supergroup_keeps_its_memory_its_members_and_its_pause(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    ana = telegram.user("Ana")
    trip, quiet = telegram.group("Trip", ana, basic=True), telegram.group("Quiet", ana, basic=True)
    async with running(settings_for(telegram, tmp_path, groups=[trip, quiet])) as app:
        await ana.in_group(trip).says(KEY)
        await ana.in_group(quiet).says("/memory off")
        await ana.in_group(quiet).sees("The memory is off")
        there = ana.in_group(telegram.upgrade(trip))
        await there.says(f"@jay_test_bot {WHERE}")
        await there.sees("under the blue flowerpot")
        there = ana.in_group(telegram.upgrade(quiet))
        await there.says("The ferry leaves at nine.")
        await there.says("/memory")
        await there.sees("The memory is off")
        assert await stored(app.memory, "ferry") == []


async def test_messages_of_two_supergroups_with_the_same_number_are_two(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    ana = telegram.user("Ana")
    one, two = telegram.group("One", ana), telegram.group("Two", ana)
    async with talking(telegram, tmp_path) as core:
        first = await ana.in_group(one).says("we meet at the pier")
        second = await ana.in_group(two).says("we meet at the tower")
        assert first.id == second.id
        await ana.says("/help")
        await ana.sees("Ask me")
        assert len(await stored(core.services.memory, "we meet")) == 2
