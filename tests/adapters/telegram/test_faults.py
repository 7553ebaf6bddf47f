"""What a Telegram bot survives: floods, outages, duplicates, crashes, and chats that are gone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapter import Delivery
from bot.app import open_app
from bot.configuration.adapters_setup import make_adapters
from bot.errors import AdapterError
from bot.events import Event
from bot.models import Prompt, Sampling
from bot.pipeline.core import CoreOptions
from bot.testing import FakeAdapter, ScriptedModel
from tests.adapters.bots import running, serving, stored
from tests.adapters.telegram_bot import adapter_for, settings_for, talking
from tests.emulators.patience import PATIENCE
from tests.emulators.telegram import TelegramServer

KEY = "The spare key to the cabin is under the blue flowerpot."
WHERE = "Where is the spare key to the cabin?"


async def test_updates_that_come_twice_and_out_of_order_are_handled_once_and_in_order(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    ana = telegram.user("Ana")
    for number in range(5):
        telegram._allowed = frozenset({"message"})
        await ana.says(f"/remember item {number}")
    telegram.repeat(5)
    telegram.updates.reversed = True
    async with running(settings_for(telegram, tmp_path, people=[ana])) as app:
        await ana.says("/facts")
        await ana.sees("item 4")
        await ana.sees_nothing()
        assert await stored(app.memory, "/remember item") == [f"/remember item {number}" for number in range(5)]
    assert [text for text in ana.room.texts if text.startswith("I'll")] != []
    assert len(ana.room.texts) == 6


async def test_what_arrives_while_the_bot_is_off_is_answered_when_it_is_back(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    ana = telegram.user("Ana")
    settings = settings_for(telegram, tmp_path, people=[ana])
    async with running(settings):
        await ana.says(KEY)
        await ana.sees("remember")
    await ana.says(WHERE)
    async with running(settings):
        await ana.sees("under the blue flowerpot")
        await ana.sees_nothing()


async def test_an_update_is_confirmed_only_when_it_is_stored(
    telegram: TelegramServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ana = telegram.user("Ana")
    async with open_app(settings_for(telegram, tmp_path, people=[ana])) as app:
        adapter = adapter_for(telegram)
        failures = 3

        async def deliver(event: Event) -> Delivery:
            nonlocal failures
            failures -= 1
            if failures >= 0:
                assert len(telegram.updates.pending) == 1
                raise OSError("the disk is full")
            return await app.core.deliver(event)

        async with adapter:
            app.core.connect(adapter)
            run = asyncio.create_task(adapter.run(deliver))
            await ana.says("/start")
            await ana.sees("Ask me anything")
            await telegram.until(lambda: True if not telegram.updates.pending else None)
            run.cancel()
            await asyncio.wait([run])
    assert failures == -1
    assert "Telegram keeps it" in caplog.text


async def test_a_bot_that_stops_between_storing_and_answering_answers_at_the_next_start(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    ana = telegram.user("Ana")
    model = ScriptedModel("Under the blue flowerpot [1].", "Under the blue flowerpot [1].")
    model.hold = asyncio.Event()
    async with talking(telegram, tmp_path, model=model, options=CoreOptions(grace=0.01)):
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.says(WHERE)
        await ana.says("/stop once this is answered")
        await asyncio.wait_for(model.held.wait(), PATIENCE)
    await ana.sees("I was interrupted")
    model.hold = None
    async with talking(telegram, tmp_path, model=model):
        await ana.sees("Under the blue flowerpot\nAna: ")


async def test_a_storm_of_429s_delays_an_answer_and_loses_nothing(telegram: TelegramServer, tmp_path: Path) -> None:
    ana, bruno = telegram.user("Ana"), telegram.user("Bruno")
    async with running(settings_for(telegram, tmp_path, people=[ana, bruno])):
        await ana.says("/start")
        await ana.sees("Ask me anything")
        telegram.storm("sendMessage", 3, retry_after=0.2)
        before = asyncio.get_running_loop().time()
        await ana.says("/remember the tent is torn")
        await ana.sees("I'll remember that")
        # It waited each time as long as it was told: a bound from below, which no slow machine breaks.
        assert asyncio.get_running_loop().time() - before >= 3 * 0.2
        await ana.sees_nothing()


class Thoughtful(ScriptedModel):
    """Takes its time for each word."""

    async def stream(self, prompt: Prompt, sampling: Sampling) -> AsyncIterator[str]:
        async for word in super().stream(prompt, sampling):
            await asyncio.sleep(0.002)
            yield word


async def test_the_pace_of_real_limits_is_kept_while_an_answer_grows(telegram: TelegramServer, tmp_path: Path) -> None:
    telegram.flood.speed = 100  # a second of Telegram's takes 10 ms
    ana = telegram.user("Ana")
    trip = telegram.group("Trip", ana)
    model = Thoughtful(*[" ".join(f"word{number}" for number in range(200)) + " [1]."] * 2)
    async with talking(
        telegram,
        tmp_path,
        model=model,
        edit_seconds_direct=0.015,
        edit_seconds_group=0.03,
        group_messages_per_minute=20,
    ):
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.says(WHERE)
        await ana.sees("word199")
        there = ana.in_group(trip)
        await there.says(KEY)
        await there.says(f"@jay_test_bot {WHERE}")
        answer = await there.sees("word199")
    assert telegram.flood.refused == 0
    assert len(ana.room.drafts) > 5
    assert len(answer.versions) > 3


async def test_an_outage_of_some_seconds_loses_neither_questions_nor_answers(
    telegram: TelegramServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ana = telegram.user("Ana")
    model = ScriptedModel("Under the blue flowerpot [1].")
    model.hold = asyncio.Event()
    with caplog.at_level(logging.WARNING):
        async with talking(telegram, tmp_path, model=model):
            await ana.says(KEY)
            await ana.sees("remember")
            await ana.says(WHERE)
            await asyncio.wait_for(model.held.wait(), PATIENCE)
            telegram.go_down()
            model.hold.set()
            await ana.says("/remember the tent is torn")
            await asyncio.sleep(1)
            assert len(ana.messages) == 1
            telegram.come_back()
            await telegram.until(lambda: True if len(ana.messages) == 3 else None)
            await asyncio.sleep(0.3)  # something doubled would come now
    late = sorted(text.partition(" (")[0].partition("\n")[0] for text in ana.room.texts[1:])
    assert late == ["I'll remember that", "Under the blue flowerpot"]
    assert "Telegram works again" in caplog.text
    assert telegram.token not in caplog.text


async def test_a_bot_that_starts_during_an_outage_waits_for_its_end(telegram: TelegramServer, tmp_path: Path) -> None:
    ana = telegram.user("Ana")
    telegram.go_down()
    async with running(settings_for(telegram, tmp_path, people=[ana])):
        await ana.says("/start")
        await asyncio.sleep(0.3)
        telegram.come_back()
        await ana.sees("Ask me anything")


async def test_a_connection_that_breaks_before_a_message_is_taken_does_not_lose_it(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    ana = telegram.user("Ana")
    async with talking(telegram, tmp_path):
        telegram.break_off("sendMessage", "before", times=2)
        await ana.says("/remember the tent is torn")
        await ana.sees("I'll remember that")
        await ana.sees_nothing(0.3)


async def test_a_long_reply_that_breaks_off_goes_on_with_the_part_that_is_missing(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    ana = telegram.user("Ana")
    long = "\n\n".join(f"Part {number}. " + " ".join(map(str, range(900))) for number in range(4))
    async with talking(telegram, tmp_path, model=ScriptedModel(f"{long} [1]")):
        await ana.says(KEY)
        await ana.sees("remember")
        telegram.refuse("sendMessage", 500, "Internal Server Error", spares=1)
        await ana.says(WHERE)
        await ana.sees("Part 3")
        await ana.sees_nothing(0.3)
        assert telegram.faults == []  # it did break off
    assert [text.split(".")[0] for text in ana.room.texts[1:] if text.startswith("Part")] == [
        f"Part {number}" for number in range(4)
    ]


async def test_a_revoked_token_is_said_and_stops_this_adapter_alone(
    telegram: TelegramServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ana = telegram.user("Ana")
    token = telegram.token
    settings = settings_for(telegram, tmp_path, people=[ana])
    other = FakeAdapter()
    async with open_app(settings) as app, serving(app.core, [*make_adapters(settings.adapters), other]) as serve:
        await ana.says("/start")
        await ana.sees("Ask me anything")
        telegram.revoke_token()
        await asyncio.wait_for(_logged(caplog, "does not accept the bot's token"), PATIENCE)
        await asyncio.sleep(0.05)
        assert not serve.done()
    assert "telegram has failed and is stopped" in caplog.text
    assert token not in caplog.text


async def test_a_wrong_token_is_said_at_the_start_without_repeating_it(telegram: TelegramServer) -> None:
    with pytest.raises(AdapterError, match="@BotFather") as raised:
        async with adapter_for(telegram, token="1:wrong"):  # noqa: S106 (opens nothing)
            pass
    assert "1:wrong" not in str(raised.value)
    assert raised.value.__cause__ is None


async def test_a_second_bot_with_the_same_token_is_explained(
    telegram: TelegramServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ana = telegram.user("Ana")
    async with running(settings_for(telegram, tmp_path, people=[ana])):
        await ana.says("/start")
        await ana.sees("Ask me anything")
        telegram.refuse("getUpdates", 409, "Conflict: terminated by other getUpdates request; make sure that only one")
        await ana.says("/help")
        await ana.sees("Ask me anything")
        await ana.says("/help")
        await ana.sees("Ask me anything")
    assert "another program receives this bot's messages" in caplog.text


async def test_200_messages_in_a_second_are_all_answered_in_order(telegram: TelegramServer, tmp_path: Path) -> None:
    telegram.flood.enabled = False
    ana, bruno = telegram.user("Ana"), telegram.user("Bruno")
    async with running(settings_for(telegram, tmp_path, people=[ana, bruno])):
        for number in range(200):
            await ana.says(f"/forget {number + 1_000_000}" if number % 2 else f"/help nothing{number}x")
        await bruno.says("/start")
        await bruno.sees("Ask me anything")
        await ana.sees("nothing198x")
        await telegram.until(lambda: True if len(ana.room.texts) == 200 else None)
    asked = [text for text in ana.room.texts if "/nothing" in text]
    assert [text.split("/nothing")[1].split("x")[0] for text in asked] == [str(n) for n in range(0, 200, 2)]


async def test_a_person_who_has_blocked_the_bot_does_not_disturb_others(
    telegram: TelegramServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ana, bruno = telegram.user("Ana"), telegram.user("Bruno")
    async with talking(telegram, tmp_path):
        await ana.says("/help")
        ana.blocks_bot()
        await asyncio.wait_for(_logged(caplog, "bot was blocked by the user"), PATIENCE)
        await bruno.says("/help")
        await bruno.sees("Ask me")
        sent = telegram.calls["sendMessage"]
        await asyncio.sleep(0.3)  # three rounds of sending again what was not sent
        assert telegram.calls["sendMessage"] == sent
        ana.blocks_bot(blocks=False)
        await ana.says("/help")
        await ana.sees("Ask me")


async def test_formatting_that_telegram_refuses_is_left_out(telegram: TelegramServer, tmp_path: Path) -> None:
    ana = telegram.user("Ana")
    async with talking(telegram, tmp_path):
        telegram.refuse("sendMessage", 400, "Bad Request: can't parse entities: ENTITY_BOUNDS_INVALID")
        await ana.says("/help remember")
        shown = await ana.sees("/remember TEXT")
    assert shown.entities == []


async def test_a_server_without_menus_drafts_and_webhooks_is_served(telegram: TelegramServer, tmp_path: Path) -> None:
    telegram.takes_drafts = False
    telegram.refuse("setMyCommands", 404, "Not Found: method not found")
    telegram.refuse("deleteWebhook", 404, "Not Found: method not found")
    ana = telegram.user("Ana")
    async with talking(telegram, tmp_path):
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.says(WHERE)
        await ana.sees("under the blue flowerpot")
    assert telegram.faults == []


async def test_an_update_that_cannot_be_read_does_not_hold_up_the_others(
    telegram: TelegramServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ana = telegram.user("Ana")
    async with talking(telegram, tmp_path):
        telegram.updates.add({"message": {"text": "neither chat nor number"}})
        await ana.says("/help")
        await ana.sees("Ask me")
    assert "can't be handled and is set aside" in caplog.text


GARBLED = [
    '{"ok": true, "result": {"message_id": "7", "date": 1, "chat": {"id": "1", "type": "private"}}}',
    '{"ok": true, "result": {"message_id": 7}}',
    '{"ok": true, "result": {}}',
    '{"ok": true, "result": {"message_id": 7, "date": ',
]


@pytest.mark.parametrize("answer", GARBLED)
async def test_what_a_server_has_taken_is_not_sent_again_however_it_says_so(
    telegram: TelegramServer, tmp_path: Path, answer: str
) -> None:
    ana = telegram.user("Ana")
    async with talking(telegram, tmp_path):
        telegram.garble("sendMessage", answer, times=100)
        await ana.says("/help remember")
        await ana.sees("/remember TEXT")
        await ana.says("/help forget")  # a reply that is tried again would come before this one
        await ana.sees("/forget")
    assert [text.split()[0] for text in ana.room.texts] == ["/remember", "/forget"]


@pytest.mark.parametrize("answer", GARBLED)
async def test_an_answer_that_grows_comes_once_from_a_server_that_answers_badly(
    telegram: TelegramServer, tmp_path: Path, answer: str
) -> None:
    ana = telegram.user("Ana")
    ana = ana.in_group(telegram.group("Trip", ana))
    model = ScriptedModel("Under the blue flowerpot, I think [1].")
    async with talking(telegram, tmp_path, model=model):
        await ana.says(KEY)
        telegram.garble("sendMessage", answer, times=100)
        telegram.garble("editMessageText", answer, times=100)
        await ana.says(f"@jay_test_bot {WHERE}")
        await ana.sees("[1] Ana, ")
        await ana.says("@jay_test_bot /help forget")
        await ana.sees("/forget")
    assert sum("[1] Ana, " in text for text in ana.room.texts) == 1


@pytest.mark.parametrize("fault", [(429, "Too Many Requests: retry after 3600"), (500, "Internal Server Error")])
async def test_nobody_waits_for_the_menu(
    telegram: TelegramServer, tmp_path: Path, caplog: pytest.LogCaptureFixture, fault: tuple[int, str]
) -> None:
    code, description = fault
    more = {"retry_after": 3600} if code == 429 else {}
    for method in ("setMyCommands", "deleteWebhook"):
        telegram.refuse(method, code, description, times=2, **more)
    ana = telegram.user("Ana")
    async with talking(telegram, tmp_path):
        await ana.says("/help remember")
        await ana.sees("/remember TEXT")
        await telegram.until(lambda: telegram.menu or None)
    assert "setMyCommands" in caplog.text


async def test_a_server_that_tells_little_of_the_bot_is_served(telegram: TelegramServer, tmp_path: Path) -> None:
    telegram.garble("getMe", '{"ok": true, "result": {"id": "4321", "username": "jay_test_bot"}}', times=100)
    ana = telegram.user("Ana")
    async with talking(telegram, tmp_path):
        await ana.says("/help remember")
        await ana.sees("/remember TEXT")


async def test_a_server_that_does_not_say_who_the_bot_is_is_named_as_what_it_is(
    telegram: TelegramServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.garble("getMe", '{"ok": true, "result": {}}', times=2)
    ana = telegram.user("Ana")
    async with talking(telegram, tmp_path):
        await ana.says("/help remember")
        await ana.sees("/remember TEXT")
    assert "getMe" in caplog.text


async def _logged(caplog: pytest.LogCaptureFixture, text: str) -> None:
    while text not in caplog.text:  # noqa: ASYNC110 (the log sets no event)
        await asyncio.sleep(0.01)
