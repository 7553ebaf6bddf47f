"""What Meta posts to a bot: only what it has signed, and again until it is stored."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest

from bot.adapter import Deliver, Delivery
from bot.errors import AdapterError
from bot.events import Event, Feedback, Message, MessageDeleted, MessageEdited, UnreadableUpdate
from tests.adapters.bots import receiving, running
from tests.adapters.whatsapp_bot import adapter_for, settings_for
from tests.emulators.whatsapp import APP_SECRET, VERIFY_TOKEN, WhatsAppServer
from tests.emulators.whatsapp_delivery import body_of, signed
from tests.emulators.whatsapp_rules import Json

KEY = "The spare key to the cabin is under the blue flowerpot."


def keeping(seen: list[Event]) -> Deliver:
    async def deliver(event: Event) -> Delivery:
        seen.append(event)
        return Delivery.ACCEPTED

    return deliver


@asynccontextmanager
async def listening(whatsapp: WhatsAppServer, seen: list[Event]) -> AsyncIterator[aiohttp.ClientSession]:
    """Run an adapter, and return who may post to it."""
    async with receiving(adapter_for(whatsapp), keeping(seen)), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(whatsapp.deliveries.url):
                    break
            except aiohttp.ClientConnectorError:
                continue
        yield session


def a_message(whatsapp: WhatsAppServer, **changes: object) -> Json:
    """Return what is posted of a message."""
    ana = whatsapp.person("Ana")
    message = {"id": "wamid.1", "from": ana.account.number, "timestamp": "1712345678", "type": "text"}
    return whatsapp.value(ana.account, {**message, "text": {"body": KEY}, **changes})


def texts(seen: list[Event]) -> list[str]:
    return [event.text for event in seen if isinstance(event, Message)]


@pytest.mark.parametrize(
    ("mode", "token", "status"),
    [
        ("subscribe", VERIFY_TOKEN, 200),
        ("subscribe", "guessed", 403),
        ("subscribe", "ü", 403),
        ("other", VERIFY_TOKEN, 403),
    ],
)
async def test_metas_question_is_answered_to_who_knows_the_token(
    whatsapp: WhatsAppServer, mode: str, token: str, status: int
) -> None:
    query = {"hub.mode": mode, "hub.verify_token": token, "hub.challenge": "1158201444"}
    async with (
        listening(whatsapp, []) as session,
        session.get(whatsapp.deliveries.url, params=query) as response,
    ):
        assert response.status == status
        assert await response.text() == ("1158201444" if status == 200 else "")


@pytest.mark.parametrize("flaw", ["none", "another secret", "another body", "no signature", "sha1", "odd"])
async def test_only_what_meta_has_signed_is_taken(whatsapp: WhatsAppServer, flaw: str) -> None:
    body = body_of(a_message(whatsapp))
    headers = signed("another" if flaw == "another secret" else APP_SECRET, body)
    if flaw == "another body":
        body = body.replace(b"flowerpot", b"doormat")
    if flaw == "no signature":
        del headers["X-Hub-Signature-256"]
    if flaw == "sha1":
        headers["X-Hub-Signature-256"] = headers["X-Hub-Signature-256"].removeprefix("sha256=")
    if flaw == "odd":
        headers["X-Hub-Signature-256"] = "sha256=\u00fc"
    seen: list[Event] = []
    async with (
        listening(whatsapp, seen) as session,
        session.post(whatsapp.deliveries.url, data=body, headers=headers) as response,
    ):
        assert response.status == (200 if flaw == "none" else 403)
    assert len(seen) == (1 if flaw == "none" else 0)


async def test_what_is_not_stored_is_posted_again(whatsapp: WhatsAppServer, caplog: pytest.LogCaptureFixture) -> None:
    seen: list[Event] = []

    async def deliver(event: Event) -> Delivery:
        seen.append(event)
        if len(seen) < 3:
            raise OSError("the disk is full")
        return Delivery.ACCEPTED

    async with receiving(adapter_for(whatsapp), deliver):
        await whatsapp.person("Ana").says(KEY)
        await whatsapp.deliveries.settled()
    assert texts(seen) == [KEY, KEY, KEY]
    assert whatsapp.deliveries.statuses == [503, 503, 200]
    assert "the disk is full" in caplog.text


async def test_one_post_with_several_people_is_taken_when_all_of_it_is_stored(whatsapp: WhatsAppServer) -> None:
    ana, bruno = whatsapp.person("Ana"), whatsapp.person("Bruno")
    seen: list[Event] = []

    async def deliver(event: Event) -> Delivery:
        if isinstance(event, Message) and event.text == "from Bruno" and not seen.count(event):
            seen.append(event)
            raise OSError("the disk is full")
        seen.append(event)
        return Delivery.ACCEPTED

    async with receiving(adapter_for(whatsapp), deliver):
        whatsapp.deliveries.hold()
        await ana.says("from Ana")
        await bruno.says("from Bruno")
        whatsapp.deliveries.release()
        await whatsapp.deliveries.settled()
    assert whatsapp.deliveries.statuses == [503, 200]
    assert sorted(texts(seen)) == ["from Ana", "from Ana", "from Bruno", "from Bruno"]


async def test_what_comes_in_the_wrong_order_in_one_post_is_put_right(whatsapp: WhatsAppServer) -> None:
    ana = whatsapp.person("Ana")
    seen: list[Event] = []
    async with receiving(adapter_for(whatsapp), keeping(seen)):
        whatsapp.deliveries.hold()
        for age in (3, 2, 1):
            await ana.says(f"{age} seconds ago", age=age)
        whatsapp.deliveries.release(backwards=True)
        await whatsapp.deliveries.settled()
    assert texts(seen) == ["3 seconds ago", "2 seconds ago", "1 seconds ago"]


async def test_an_edit_and_a_deletion_that_overtake_their_messages_hold(whatsapp: WhatsAppServer) -> None:
    ana = whatsapp.person("Ana")
    seen: list[Event] = []

    async def deliver(event: Event) -> Delivery:
        seen.append(event)
        return Delivery.REFUSED if isinstance(event, MessageEdited | MessageDeleted) else Delivery.ACCEPTED

    async with receiving(adapter_for(whatsapp), deliver):
        whatsapp.deliveries.hold()
        await ana.edits(await ana.says("before"), "after")
        ana.deletes(await ana.says("a slip"))
        whatsapp.deliveries.release(backwards=True)
        await whatsapp.deliveries.settled()
    assert texts(seen) == ["after"]


async def test_a_changed_caption_keeps_the_name_of_its_file(whatsapp: WhatsAppServer) -> None:
    ana = whatsapp.person("Ana")
    seen: list[Event] = []

    async def deliver(event: Event) -> Delivery:
        seen.append(event)
        return Delivery.REFUSED if isinstance(event, MessageEdited) else Delivery.ACCEPTED

    async with receiving(adapter_for(whatsapp), deliver):
        for backwards in (False, True):
            whatsapp.deliveries.hold()
            sent = await ana.sends_media("document", b"x", "application/pdf", filename="plan.pdf", caption="old")
            document = {"id": "1", "mime_type": "application/pdf", "filename": "plan.pdf", "caption": "new"}
            edited = {"type": "document", "document": document}
            ana.sends("edit", {"original_message_id": sent.id, "message": edited})
            whatsapp.deliveries.release(backwards=backwards)
            await whatsapp.deliveries.settled()
    assert [event.text for event in seen if isinstance(event, MessageEdited)] == ["new\n(plan.pdf)"] * 2
    overtaken = seen[-1]
    assert isinstance(overtaken, Message)
    assert overtaken.text_with_file_names == "new\n(plan.pdf)"


async def test_what_another_number_is_told_is_passed_over(
    whatsapp: WhatsAppServer, caplog: pytest.LogCaptureFixture
) -> None:
    others = a_message(whatsapp)
    others["metadata"] = {"display_phone_number": "1", "phone_number_id": "42"}
    seen: list[Event] = []
    async with receiving(adapter_for(whatsapp), keeping(seen)):
        whatsapp.deliveries.hand_over(others, a_message(whatsapp, text={"body": "ours"}))
        await whatsapp.deliveries.settled()
    assert texts(seen) == ["ours"]
    assert "the number with the id 42 is told" in caplog.text
    assert whatsapp.deliveries.statuses == [200]


ODD_BODIES = [
    b"",
    b"\xff\xfe",
    b"[]",
    b'"text"',
    b"[" * 100_000,
    b'{"entry": {"id": 1}}',
    b'{"entry": [{"changes": [{"field": "messages", "value": {"messages": "none", "statuses": [1, null]}}]}]}',
    b'{"entry": [{"changes": [{"field": "account_update", "value": {"event": "DISABLED"}}]}]}',
]


@pytest.mark.parametrize("body", ODD_BODIES)
async def test_an_odd_post_is_acknowledged_once(whatsapp: WhatsAppServer, body: bytes) -> None:
    seen: list[Event] = []
    async with (
        listening(whatsapp, seen) as session,
        session.post(whatsapp.deliveries.url, data=body, headers=signed(APP_SECRET, body)) as response,
    ):
        assert response.status == 200
    assert all(isinstance(event, UnreadableUpdate) for event in seen)


async def test_a_message_that_cannot_be_read_keeps_no_other_away(whatsapp: WhatsAppServer) -> None:
    value = a_message(whatsapp)
    (good,) = value["messages"]
    odd: list[object] = [7, None, {}, {**good, "id": "w2", "timestamp": "soon"}, {**good, "id": "w3", "type": "image"}]
    seen: list[Event] = []
    async with receiving(adapter_for(whatsapp), keeping(seen)):
        whatsapp.deliveries.hand_over({**value, "messages": [*odd, good]})
        await whatsapp.deliveries.settled()
    assert texts(seen) == [KEY]
    aside = [event for event in seen if isinstance(event, UnreadableUpdate)]
    assert len(aside) == len(odd)
    assert json.loads(aside[-1].payload)["id"] == "w3"


async def test_half_a_character_is_repaired_and_not_set_aside(whatsapp: WhatsAppServer) -> None:
    body = body_of(a_message(whatsapp)).replace(b"flowerpot", b"\\ud83d pot")
    seen: list[Event] = []
    async with (
        listening(whatsapp, seen) as session,
        session.post(whatsapp.deliveries.url, data=body, headers=signed(APP_SECRET, body)) as response,
    ):
        assert response.status == 200
    assert texts(seen) == [KEY.replace("flowerpot", "\ufffd pot")]


async def test_a_post_that_is_far_too_large_is_refused(whatsapp: WhatsAppServer) -> None:
    async with (
        listening(whatsapp, []) as session,
        session.post(whatsapp.deliveries.url, data=BytesIO(bytes(5 << 20))) as response,
    ):
        assert response.status == 413


async def test_reactions_judge_and_whatever_is_no_thumb_takes_back(whatsapp: WhatsAppServer, tmp_path: Path) -> None:
    del tmp_path
    ana = whatsapp.person("Ana")
    seen: list[Event] = []
    async with receiving(adapter_for(whatsapp), keeping(seen)):
        said = await ana.says("hi")
        for emoji in ("👍🏽", "👎", "❤️", None):
            await whatsapp.deliveries.settled()
            ana.reacts(said, emoji)
        await whatsapp.deliveries.settled()
    judged = [event for event in seen if isinstance(event, Feedback)]
    assert [event.value for event in judged] == [1, -1, 0, 0]
    assert {event.message_id for event in judged} == {said.id}


async def test_a_port_that_is_taken_is_named(whatsapp: WhatsAppServer) -> None:
    adapter = adapter_for(whatsapp)
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(whatsapp.deliveries.url.split(":")[2].split("/")[0])))
        other.listen()
        async with receiving(adapter, keeping([])) as run:
            with pytest.raises(AdapterError, match=r"see adapters\.whatsapp"):
                await run


async def test_a_message_that_is_posted_again_after_a_restart_is_answered_once(
    whatsapp: WhatsAppServer, tmp_path: Path
) -> None:
    ana = whatsapp.person("Ana")
    value = a_message(whatsapp, **{"from": ana.account.number, "text": {"body": "/help"}})
    async with running(settings_for(whatsapp, tmp_path, people=[ana])):
        whatsapp.post(ana.room, await ana.says(KEY))
        await ana.sees("remember")
        whatsapp.deliveries.hand_over(value)
        await ana.sees("/ask")
    async with running(settings_for(whatsapp, tmp_path, people=[ana])):
        whatsapp.deliveries.hand_over(value)
        await whatsapp.deliveries.settled()
        await ana.says("Where is the spare key?")
        await ana.sees("flowerpot")
    assert sum("/ask" in posted.text for posted in ana.messages) == 1
