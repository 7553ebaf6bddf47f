"""What a Slack bot survives: dropped connections, outages, duplicates, limits, crashes, and tokens that are revoked."""

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
from bot.events import Event, Message
from bot.pipeline.core import CoreOptions
from bot.testing import FakeAdapter, ScriptedModel
from tests.adapters.bots import receiving, running, serving, stored
from tests.adapters.slack_bot import adapter_for, settings_for, talking
from tests.emulators.patience import PATIENCE
from tests.emulators.slack import SlackServer
from tests.emulators.slack_blocks import UPDATE_BYTES

KEY = "The spare key to the cabin is under the blue flowerpot."
WHERE = "Where is the spare key to the cabin?"
ANSWER = "Under the blue flowerpot, I think [1]."


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer.open() as server:
        yield server


async def test_events_that_come_again_are_handled_once_and_in_order(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    async with running(settings_for(slack, tmp_path, people=[ana])) as app:
        slack.events.hold()
        for number in range(5):
            await ana.says(f"/remember item {number}")
        slack.events.release(copies=3)
        await slack.events.settled()
        await slack.until(lambda: True if len(ana.messages) >= 5 else None)
        await app.core.idle()
        assert await stored(app.memory, "/remember item") == [f"/remember item {number}" for number in range(5)]
    assert len(ana.messages) == 5


async def test_an_edit_and_a_deletion_that_overtake_their_messages_hold(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    async with running(settings_for(slack, tmp_path, people=[ana])) as app:
        slack.events.hold()
        first = await ana.says("the ferry leaves at nine")
        await ana.edits(first, "the ferry leaves at ten")
        second = await ana.says("the ferry costs nothing")
        ana.deletes(second)
        slack.events.release(reverse=True)
        await ana.sees("remember")
        await slack.events.settled()
        await ana.sees_nothing()
        assert await stored(app.memory, "the ferry") == ["the ferry leaves at ten"]


async def test_an_event_is_acknowledged_only_when_it_is_stored(
    slack: SlackServer, caplog: pytest.LogCaptureFixture
) -> None:
    ana = slack.person("Ana")
    delivered: list[str] = []

    async def deliver(event: Event) -> Delivery:
        assert isinstance(event, Message)
        assert not slack.events.parcels[0].taken
        delivered.append(event.event_id)
        if len(delivered) < 3:
            raise OSError("the disk is full")
        return Delivery.ACCEPTED

    slack.events.ack_seconds = 3  # as Slack's are: it sends again what nobody takes
    async with receiving(adapter_for(slack), deliver):
        said = await ana.says(KEY)
        await slack.events.settled()
    assert delivered == [f"{ana.room.id}:{said.ts}"] * 3
    assert slack.events.parcels[0].taken
    assert "was not stored; Slack sends it again" in caplog.text


async def test_a_connection_that_drops_is_opened_anew_and_nothing_is_lost(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    slack.events.ack_seconds = 3  # as above
    async with running(settings_for(slack, tmp_path, people=[ana])) as app:
        for number in range(3):
            await slack.until(lambda: slack.events.sockets or None)
            await ana.says(f"/remember item {number}")
            slack.events.drop()
        await slack.until(lambda: slack.events.sockets or None)
        await slack.events.refresh()
        await ana.says("/facts")
        await ana.sees("item 2")
        await slack.events.settled()
        assert len(await stored(app.memory, "/remember item")) == 3
    assert slack.events.connections == 5
    assert not slack.events.lost


async def test_socket_mode_that_is_switched_off_is_named_and_tried_again(
    slack: SlackServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ana = slack.person("Ana")
    async with running(settings_for(slack, tmp_path, people=[ana])):
        await slack.until(lambda: slack.events.sockets or None)
        await slack.events.refresh("link_disabled")
        await ana.says("/help")
        await ana.sees("Ask me")
    assert "link_disabled" in caplog.text


async def test_an_outage_loses_neither_questions_nor_answers(
    slack: SlackServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ana = slack.person("Ana")
    model = ScriptedModel(ANSWER)
    model.hold = asyncio.Event()
    with caplog.at_level(logging.DEBUG):
        async with talking(slack, tmp_path, model=model):
            await ana.says(KEY)
            await ana.sees("remember")
            await ana.says(WHERE)
            await asyncio.wait_for(model.held.wait(), PATIENCE)
            slack.go_down()
            model.hold.set()
            await ana.says("/remember the tent is torn")
            await asyncio.sleep(0.5)
            slack.come_back()
            await slack.until(lambda: True if any("I think\nAna: " in each.shown for each in ana.messages) else None)
            await ana.sees("I'll remember that")
            await slack.events.settled()
            assert len([each for each in ana.messages if "flowerpot" in each.shown]) == 1
    assert "Slack works again" in caplog.text
    for secret in (slack.bot_token, slack.app_token, "ticket"):
        assert secret not in caplog.text


async def test_a_bot_that_starts_during_an_outage_waits_for_its_end(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    slack.go_down()
    async with running(settings_for(slack, tmp_path, people=[ana])):
        await ana.says("/help")
        await asyncio.sleep(0.3)
        slack.come_back()
        await ana.sees("Ask me anything")


async def test_a_storm_of_429s_delays_an_answer_and_loses_nothing(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    trip = slack.channel("trip", ana)
    model = ScriptedModel(ANSWER)
    model.hold = asyncio.Event()
    async with talking(slack, tmp_path, model=model):
        ana = ana.in_channel(trip)
        await ana.says(KEY)
        await ana.says(f"@jay {WHERE}")
        growing = await ana.sees_growing("Under the")
        slack.storm("chat.appendStream", 5)
        slack.storm("chat.stopStream", 2)
        model.hold.set()
        assert await ana.sees("I think\nAna: ") is growing
        await ana.sees_nothing()


async def test_a_bot_that_stops_between_storing_and_answering_answers_at_the_next_start(
    slack: SlackServer, tmp_path: Path
) -> None:
    ana = slack.person("Ana")
    trip = slack.channel("trip", ana)
    ana = ana.in_channel(trip)
    model = ScriptedModel(ANSWER, ANSWER)
    model.hold = asyncio.Event()
    async with talking(slack, tmp_path, model=model, options=CoreOptions(grace=0.01)):
        await ana.says(KEY)
        asked = await ana.says(f"@jay {WHERE}")
        await asyncio.wait_for(model.held.wait(), PATIENCE)
    await ana.sees("I was interrupted")
    model.hold = None
    async with talking(slack, tmp_path, model=model):
        assert (await ana.sees("I think\nAna: ")).thread_ts == asked.ts


@pytest.mark.parametrize("why", ["unknown_method", "channel_type_not_supported"])
async def test_where_slack_has_no_streams_an_answer_grows_by_edits(
    slack: SlackServer, tmp_path: Path, why: str
) -> None:
    if why == "unknown_method":
        slack.lacks.add("chat.startStream")
    else:
        slack.refuse("chat.startStream", why, times=100)
    ana = slack.person("Ana")
    trip = slack.channel("trip", ana)
    model = ScriptedModel(ANSWER, ANSWER)
    model.hold = asyncio.Event()
    async with talking(slack, tmp_path, model=model):
        ana = ana.in_channel(trip)
        await ana.says(KEY)
        for _ in range(2):
            model.hold.clear()
            await ana.says(f"@jay {WHERE}")
            growing = await ana.sees("Under the blue")
            model.hold.set()
            await slack.until(lambda: True if "I think\nAna: " in growing.shown else None)  # noqa: B023 (awaited here)
            assert growing.notes.startswith("[1] ")
    assert slack.calls["chat.startStream"] == (1 if why == "unknown_method" else 2)


async def test_a_stream_that_expires_goes_on_in_the_same_message(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    trip = slack.channel("trip", ana)
    model = ScriptedModel(ANSWER)
    model.hold = asyncio.Event()
    async with talking(slack, tmp_path, model=model):
        ana = ana.in_channel(trip)
        await ana.says(KEY)
        await ana.says(f"@jay {WHERE}")
        growing = await ana.sees_growing("Under the blue flowerpot, I")
        slack.expire_streams()
        model.hold.set()
        assert await ana.sees("I think\nAna: ") is growing
    assert growing.notes.startswith("[1] ")
    assert len(ana.messages) == 1


async def test_a_growing_answer_that_somebody_deletes_is_sent_anew(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    trip = slack.channel("trip", ana)
    model = ScriptedModel(ANSWER, ANSWER)
    async with talking(slack, tmp_path, model=model):
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.in_channel(trip).says(KEY)
        for seat, at in ((ana, ""), (ana.in_channel(trip), "@jay ")):
            model.hold, model.held = asyncio.Event(), asyncio.Event()
            await seat.says(f"{at}{WHERE}")
            growing = await seat.sees_growing("Under the blue flowerpot, I")
            growing.deleted, growing.is_streaming = True, False
            model.hold.set()
            assert await seat.sees("I think\nAna: ") is not growing


async def test_what_is_said_is_stored_even_while_slack_does_not_tell_who_says_it(
    slack: SlackServer, tmp_path: Path
) -> None:
    ana = slack.person("Ana")
    async with talking(slack, tmp_path):
        slack.storm("users.info", 1, retry_after=30)
        slack.break_off("users.info")
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.says(WHERE)
        await ana.sees(f"[1] <{slack.workspace_url}")
        await ana.says("/help")
        await ana.sees("Ask me")
        await slack.events.settled()
    assert slack.calls["users.info"] == 3
    assert all(parcel.tries == 1 for parcel in slack.events.parcels)


async def test_blocks_that_slack_refuses_are_left_out(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    async with talking(slack, tmp_path):
        slack.refuse("chat.postMessage", "invalid_blocks")
        await ana.says("/help remember")
        shown = await ana.sees("/remember TEXT")
    assert shown.blocks == []


async def test_a_channel_that_is_gone_does_not_disturb_others(
    slack: SlackServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ana = slack.person("Ana")
    trip = slack.channel("trip", ana)
    async with talking(slack, tmp_path):
        trip.is_archived = True
        await ana.in_channel(trip).says("@jay /help")
        await slack.until(lambda: True if "is_archived" in caplog.text else None)
        sent = slack.calls["chat.postMessage"]
        await asyncio.sleep(0.3)  # three rounds of sending again what was not sent
        assert slack.calls["chat.postMessage"] == sent
        await ana.says("/help")
        await ana.sees("Ask me")


async def test_a_channel_that_takes_no_threads_is_answered_in_itself(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    trip = slack.channel("trip", ana)
    async with talking(slack, tmp_path):
        slack.refuse("chat.postMessage", "restricted_action_non_threadable_channel")
        there = ana.in_channel(trip)
        await there.says("@jay /help remember")
        shown = await there.sees("/remember TEXT")
    assert shown.thread_ts is None


@pytest.mark.parametrize("error", ["restricted_action_thread_locked", "cannot_reply_to_message"])
async def test_a_thread_that_takes_nothing_more_is_not_tried_again(
    slack: SlackServer, tmp_path: Path, caplog: pytest.LogCaptureFixture, error: str
) -> None:
    ana = slack.person("Ana")
    trip = slack.channel("trip", ana)
    async with talking(slack, tmp_path) as core:
        slack.refuse("chat.postMessage", error, times=100)
        await ana.in_channel(trip).says("@jay /help")
        await slack.until(lambda: True if error in caplog.text else None)
        await core.idle()
        await core.services.outbox.settle()
        assert await core.services.memory.delivery.list_unsent() == []


@pytest.mark.parametrize("which", ["bot", "app"])
async def test_a_revoked_token_is_said_and_stops_this_adapter_alone(
    slack: SlackServer, tmp_path: Path, caplog: pytest.LogCaptureFixture, which: str
) -> None:
    ana = slack.person("Ana")
    tokens = (slack.bot_token, slack.app_token)
    settings = settings_for(slack, tmp_path, people=[ana])
    async with (
        open_app(settings) as app,
        serving(app.core, [*make_adapters(settings.adapters), FakeAdapter()]) as serve,
    ):
        await ana.says("/help")
        await ana.sees("Ask me anything")
        slack.revoke("bot" if which == "bot" else "app")
        await ana.says("/help")
        said = f"does not accept adapters.slack.{which}_token"
        await slack.until(lambda: True if said in caplog.text and "slack has failed" in caplog.text else None)
        assert not serve.done()
    assert not [token for token in tokens if token in caplog.text]


async def test_a_wrong_token_is_said_at_the_start_without_repeating_it(slack: SlackServer) -> None:
    with pytest.raises(AdapterError, match="OAuth & Permissions") as raised:
        async with adapter_for(slack, bot_token="xoxb-wrong"):  # noqa: S106 (opens nothing)
            pass
    assert "xoxb-wrong" not in str(raised.value)


async def test_an_app_that_is_removed_from_its_workspace_stops(slack: SlackServer) -> None:
    async def deliver(_: Event) -> Delivery:
        return Delivery.ACCEPTED

    async with receiving(adapter_for(slack), deliver) as run:
        slack.tell({"type": "app_uninstalled"})
        with pytest.raises(AdapterError, match="removed from its workspace"):
            await asyncio.wait_for(run, PATIENCE)


async def test_200_messages_in_a_second_are_all_answered_in_order(slack: SlackServer, tmp_path: Path) -> None:
    ana, bruno = slack.person("Ana"), slack.person("Bruno")
    async with running(settings_for(slack, tmp_path, people=[ana, bruno])):
        for number in range(200):
            await ana.says(f"/help nothing{number}x")
        await bruno.says("/help")
        await bruno.sees("Ask me anything")
        await slack.until(lambda: True if len(ana.messages) == 200 else None)
        await slack.events.settled()
    assert [each.text.split("/nothing")[1].split("x")[0] for each in ana.messages] == [str(n) for n in range(200)]
    assert not slack.events.lost


async def test_an_event_that_cannot_be_read_does_not_hold_up_the_others(
    slack: SlackServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ana = slack.person("Ana")
    async with talking(slack, tmp_path):
        slack.tell(
            {"type": "message", "channel": ana.room.id, "user": ana.account.id, "text": "neither time nor place"}
        )
        await ana.says("/help")
        await ana.sees("Ask me")
    assert "can't be handled and is set aside" in caplog.text


async def test_a_long_answer_in_any_script_replaces_what_has_grown(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    long = "\n\n".join(f"Абзац {number}: " + "ключ от дома лежит под горшком. " * 20 for number in range(12))
    model = ScriptedModel(f"{long}\n\n{KEY}")
    async with talking(slack, tmp_path, model=model):
        await ana.says(KEY)
        await ana.sees("remember")
        model.hold, model.held = asyncio.Event(), asyncio.Event()
        await ana.says(WHERE)
        growing = await ana.sees_growing("Абзац 0")
        model.hold.set()
        await ana.sees(KEY)
    assert all(len(each.text.encode()) <= UPDATE_BYTES for each in ana.messages)
    shown = "\n".join(each.shown for each in ana.messages)
    assert [number for number in range(12) if f"Абзац {number}:" not in shown] == []
    assert shown.count("Абзац 0:") == 1
    assert growing in ana.messages


@pytest.mark.parametrize("error", ["msg_too_long", "edit_window_closed", "an_error_of_tomorrow"])
async def test_an_edit_that_slack_refuses_comes_as_a_new_message_at_once(
    slack: SlackServer, tmp_path: Path, error: str
) -> None:
    ana = slack.person("Ana")
    model = ScriptedModel(ANSWER)
    async with talking(slack, tmp_path, model=model, options=CoreOptions(resend_seconds=3600)):
        await ana.says(KEY)
        await ana.sees("remember")
        model.hold, model.held = asyncio.Event(), asyncio.Event()
        await ana.says(WHERE)
        growing = await ana.sees_growing("Under the blue flowerpot, I")
        slack.refuse("chat.update", error, times=100)
        model.hold.set()
        assert await ana.sees("I think\nAna: ") is not growing
        assert growing.deleted, "half an answer stands above the whole one"


async def test_a_message_that_slack_finds_too_long_after_all_goes_in_pieces(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    async with talking(slack, tmp_path, options=CoreOptions(resend_seconds=3600)):
        slack.refuse("chat.postMessage", "msg_too_long")
        await ana.says("/help")
        await ana.sees("/why")
        assert len(ana.messages) > 1
