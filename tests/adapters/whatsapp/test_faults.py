"""WhatsApp that is down, busy or says no: nothing is lost, and nothing is said twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.whatsapp.files import DOWNLOAD_LIMIT
from bot import Context, OutFile, Plugin, Reply, command
from bot.adapter import Delivery
from bot.errors import AdapterError, AttachmentError, ChatClosed
from bot.events import Attachment, Conversation, Event, Message
from bot.pipeline.core import CoreOptions
from bot.testing import ScriptedModel
from tests.adapters.bots import receiving
from tests.adapters.whatsapp_bot import adapter_for, talking
from tests.emulators.whatsapp import WhatsAppServer

RESENDING = CoreOptions(grace=2, resend_seconds=0.05)
LONG = " ".join(f"Sentence {number} was said well." for number in range(600))


class Clerk(Plugin):
    """Sends files."""

    name = "clerk"

    @command("fetch", "get a file")
    async def fetch(self, context: Context) -> Reply:  # noqa: ARG002 (a command is called with it)
        """Send one."""
        return Reply("Here.", files=(OutFile("a.txt", "text/plain", b"a"),))


async def take(_: Event) -> Delivery:
    return Delivery.ACCEPTED


@pytest.mark.parametrize("code", [131056, 130429, 80007, 4, 613, 131048])
async def test_what_is_too_much_waits_and_is_said_once(whatsapp: WhatsAppServer, tmp_path: Path, code: int) -> None:
    ana = whatsapp.person("Ana")
    async with talking(whatsapp, tmp_path):
        whatsapp.refuse(code, "too much", times=3)
        await ana.says("/help")
        await ana.sees("/ask")
    assert len(ana.messages) == 1
    assert whatsapp.calls["messages"] == 4


async def test_a_429_without_a_body_waits_too(whatsapp: WhatsAppServer, tmp_path: Path) -> None:
    ana = whatsapp.person("Ana")
    async with talking(whatsapp, tmp_path):
        whatsapp.fail(429, times=2, **{"Retry-After": "0"})
        await ana.says("/help")
        await ana.sees("/ask")
    assert len(ana.messages) == 1


async def test_the_limit_of_a_person_is_kept_before_whatsapp_has_to_say_so(tmp_path: Path) -> None:
    async with WhatsAppServer.open(pair_burst=3, pair_seconds=0.05) as whatsapp:
        ana = whatsapp.person("Ana")
        said = ScriptedModel(f"The beginning. {LONG} The end.")
        async with talking(whatsapp, tmp_path, model=said, person_burst=1, person_seconds=0.1):
            await ana.says("The beginning and the end are known.")
            await ana.says("What is known of the beginning?")
            await ana.sees("The end.")
    assert len(ana.messages) > 3
    assert whatsapp.calls["messages"] == len(ana.messages)


@pytest.mark.parametrize("code", [131000, 131016, 1, 131005, 131042, 33, 190])
async def test_what_may_pass_or_be_mended_is_tried_again(whatsapp: WhatsAppServer, tmp_path: Path, code: int) -> None:
    ana = whatsapp.person("Ana")
    async with talking(whatsapp, tmp_path, options=RESENDING):
        whatsapp.refuse(code, "not now", times=2, status=500)
        await ana.says("/help")
        await ana.sees("/ask")
    assert len(ana.messages) == 1


async def test_an_answer_that_is_no_json_is_tried_again(whatsapp: WhatsAppServer, tmp_path: Path) -> None:
    ana = whatsapp.person("Ana")
    async with talking(whatsapp, tmp_path, options=RESENDING):
        whatsapp.fail(502, times=2)
        await ana.says("/help")
        await ana.sees("/ask")
    assert len(ana.messages) == 1


async def test_what_whatsapp_refuses_for_good_holds_nothing_up(
    whatsapp: WhatsAppServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ana = whatsapp.person("Ana")
    async with talking(whatsapp, tmp_path, options=RESENDING):
        whatsapp.refuse(131026, "Message undeliverable")
        await ana.says("/help")
        await whatsapp.until(lambda: "refuses a reply for good" in caplog.text or None)
        await ana.says("/help")
        await ana.sees("/ask")
    assert len(ana.messages) == 1


async def test_a_message_that_was_deleted_is_answered_without_its_quote(
    whatsapp: WhatsAppServer, tmp_path: Path
) -> None:
    ana = whatsapp.person("Ana")
    trip = whatsapp.group(ana)
    async with talking(whatsapp, tmp_path, options=RESENDING):
        here = ana.in_group(trip)
        asked = await here.says(f"@{whatsapp.display_number} /help")
        del trip.messages[asked.id]
        answer = await here.sees("/ask")
    assert answer.quoted is None


async def test_a_reply_that_fails_half_way_goes_on_where_it_stopped(whatsapp: WhatsAppServer, tmp_path: Path) -> None:
    ana = whatsapp.person("Ana")
    async with talking(whatsapp, tmp_path, plugins=[Clerk()], options=RESENDING):
        await ana.says("/fetch")
        await ana.sees("Here.")
        await whatsapp.until(lambda: len(ana.messages) == 2 or None)
        whatsapp.token, token = "another", whatsapp.token
        await ana.says("/fetch")
        await whatsapp.deliveries.settled()
        whatsapp.token = token
        await ana.sees("Here.")
        await whatsapp.until(lambda: len(ana.messages) == 4 or None)
    assert [posted.kind for posted in ana.messages] == ["text", "document", "text", "document"]


@pytest.mark.parametrize("late", [True, False])
async def test_a_closed_chat_is_found_out_and_not_asked_again(late: bool) -> None:  # noqa: FBT001 (a parameter)
    async with WhatsAppServer.open(tells_late=late) as whatsapp:
        ana = whatsapp.person("Ana")
        adapter = adapter_for(whatsapp)
        async with receiving(adapter, take):
            for _ in range(3):
                with pytest.raises(ChatClosed, match="as soon as they write again"):
                    await adapter.send(Conversation("whatsapp", ana.id), Reply("Time to call Ann."))
            assert whatsapp.calls["messages"] == 1
            await ana.says("hi")
            await whatsapp.deliveries.settled()
            await adapter.send(Conversation("whatsapp", ana.id), Reply("Time to call Ann."))
        assert [posted.text for posted in ana.messages] == ["Time to call Ann."]


async def test_a_reminder_for_an_open_chat_goes_out_after_a_restart(whatsapp: WhatsAppServer) -> None:
    ana = whatsapp.person("Ana")
    whatsapp.deliveries.hold()
    await ana.says("hi")
    whatsapp.deliveries = type(whatsapp.deliveries)(whatsapp.app_secret)
    adapter = adapter_for(whatsapp)
    async with receiving(adapter, take):
        (identity,) = await adapter.send(Conversation("whatsapp", ana.id), Reply("Time to call Ann."))
    assert [posted.id for posted in ana.messages] == [identity]


async def test_a_wrong_token_or_number_ends_the_start_and_the_secret_is_in_no_message(whatsapp: WhatsAppServer) -> None:
    with pytest.raises(AdapterError, match="access_token") as refused:
        async with adapter_for(whatsapp, access_token="EAAwrong"):  # noqa: S106 (opens nothing)
            pass
    assert "EAAwrong" not in str(refused.value)
    with pytest.raises(AdapterError, match="phone_number_id is not known"):
        async with adapter_for(whatsapp, phone_number_id="7"):
            pass


async def test_a_start_while_whatsapp_is_down_goes_on(
    whatsapp: WhatsAppServer, unused_tcp_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with adapter_for(whatsapp, base_url=f"http://127.0.0.1:{unused_tcp_port}"):
        assert "WhatsApp is out of reach" in caplog.text


async def _sent(whatsapp: WhatsAppServer, data: bytes) -> Attachment:
    """Return a file that Ana sends."""
    seen: list[Event] = []

    async def keep(event: Event) -> Delivery:
        seen.append(event)
        return Delivery.ACCEPTED

    async with receiving(adapter_for(whatsapp), keep):
        await whatsapp.person("Ana").sends_file("plan.pdf", data, "application/pdf")
        await whatsapp.deliveries.settled()
    (message,) = seen
    assert isinstance(message, Message)
    return message.attachments[0]


async def test_a_file_is_fetched_as_often_as_is_asked_for(whatsapp: WhatsAppServer) -> None:
    data = bytes(range(256)) * 1000
    attachment = await _sent(whatsapp, data)
    assert (attachment.name, attachment.media_type) == ("plan.pdf", "application/pdf")
    async with adapter_for(whatsapp) as adapter:
        for _ in range(2):
            assert b"".join([piece async for piece in adapter.fetch(attachment)]) == data


async def test_a_file_that_is_gone_is_asked_for_again(whatsapp: WhatsAppServer) -> None:
    attachment = await _sent(whatsapp, b"pdf")
    whatsapp.files.clear()
    async with adapter_for(whatsapp) as adapter:
        with pytest.raises(AttachmentError, match=r"no longer has plan\.pdf"):
            _ = [piece async for piece in adapter.fetch(attachment)]


async def test_the_token_goes_to_nobody_but_meta(whatsapp: WhatsAppServer) -> None:
    attachment = await _sent(whatsapp, b"pdf")
    whatsapp.root, root = "http://evil.example", whatsapp.root
    async with adapter_for(whatsapp, base_url=f"{root}/v25.0") as adapter:
        with pytest.raises(AttachmentError, match="not kept by WhatsApp"):
            _ = [piece async for piece in adapter.fetch(attachment)]


async def test_a_file_that_says_it_is_too_large_is_not_even_begun(whatsapp: WhatsAppServer) -> None:
    attachment = await _sent(whatsapp, b"much too much")
    whatsapp.claimed_sizes[attachment.reference] = DOWNLOAD_LIMIT + 1
    async with adapter_for(whatsapp) as adapter:
        with pytest.raises(AttachmentError, match="too large"):
            _ = [piece async for piece in adapter.fetch(attachment)]
    assert len(whatsapp.links) == 1
