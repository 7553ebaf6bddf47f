"""Chats on WhatsApp, as people see them: real HTTP in both directions."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import Context, OutFile, Plugin, Reply, command
from bot.choices import OVER
from bot.pipeline.core import CoreOptions
from tests.adapters.bots import running, stored
from tests.adapters.whatsapp_bot import settings_for, talking
from tests.emulators.whatsapp import WhatsAppServer

KEY = "The spare key to the cabin is under the blue flowerpot."
WHERE = "Where is the spare key to the cabin?"


class Clerk(Plugin):
    """Asks, and sends files."""

    name = "clerk"

    @command("pick", "choose one of so many")
    async def pick(self, context: Context, number: int) -> str:
        """Ask which one."""
        return f"{await context.choose('Which one?', [f'option {n}' for n in range(1, number + 1)])} it is"

    @command("long", "choose one of some with long names")
    async def long(self, context: Context) -> str:
        """Ask which one, with a name that no button holds."""
        return f"{await context.choose('Which one?', ['tea', 'a cup of hot chocolate with cream on it'])} it is"

    @command("send", "get a file of a type")
    async def send(self, context: Context, media_type: str) -> Reply:  # noqa: ARG002 (a command is called with it)
        """Send it."""
        return Reply("Here.", files=(OutFile("file.bin", media_type, b"bytes"),))


async def test_what_is_said_is_remembered_marked_as_read_and_cited(whatsapp: WhatsAppServer, tmp_path: Path) -> None:
    ana = whatsapp.person("Ana")
    async with running(settings_for(whatsapp, tmp_path, people=[ana])):
        said = await ana.says(KEY)
        await ana.sees("remember")
        asked = await ana.says(WHERE)
        answer = await ana.sees("under the blue flowerpot")
        assert "[1] Ana, " in answer.text
        await whatsapp.until(lambda: {said.id, asked.id} <= set(whatsapp.read) or None)
        await whatsapp.until(lambda: asked.id in whatsapp.typing or None)


async def test_ticks_are_left_out_where_the_settings_say_so(whatsapp: WhatsAppServer, tmp_path: Path) -> None:
    ana = whatsapp.person("Ana")
    async with running(settings_for(whatsapp, tmp_path, people=[ana], read_receipts=False)):
        await ana.says("/help")
        await ana.sees("/ask")
    assert set(whatsapp.read) == set(whatsapp.typing)


async def test_a_stranger_is_told_the_id_that_the_owner_needs_and_sees_no_ticks(
    whatsapp: WhatsAppServer, tmp_path: Path
) -> None:
    eve = whatsapp.person("Eve")
    async with running(settings_for(whatsapp, tmp_path)):
        await eve.says("let me in")
        await eve.sees(f"/allow whatsapp:{eve.account.number}")
    assert not whatsapp.read


async def test_who_has_a_user_id_is_known_by_it_also_where_the_number_is_hidden(tmp_path: Path) -> None:
    async with WhatsAppServer.open(shows_user_ids=True) as whatsapp:
        ana = whatsapp.person("Ana")
        async with running(settings_for(whatsapp, tmp_path, people=[ana])):
            await ana.says(KEY)
            await ana.sees("remember")
            whatsapp.hides_numbers = True
            await ana.says(WHERE)
            await ana.sees("under the blue flowerpot")


@pytest.mark.parametrize(("options", "kind"), [(3, "button"), (4, "list"), (10, "list")])
async def test_up_to_three_options_are_buttons_and_up_to_ten_a_list(
    whatsapp: WhatsAppServer, tmp_path: Path, options: int, kind: str
) -> None:
    ana = whatsapp.person("Ana")
    async with talking(whatsapp, tmp_path, plugins=[Clerk()]):
        await ana.says(f"/pick {options}")
        asked = await ana.sees("Which one?")
        assert asked.content["type"] == kind
        assert list(asked.options) == [f"option {n}" for n in range(1, options + 1)]
        await ana.presses(asked, "option 2")
        await ana.sees("option 2 it is")
        await ana.presses(asked, "option 3")
        await ana.sees(OVER)


async def test_more_than_ten_options_are_numbered(whatsapp: WhatsAppServer, tmp_path: Path) -> None:
    ana = whatsapp.person("Ana")
    async with talking(whatsapp, tmp_path, plugins=[Clerk()]):
        await ana.says("/pick 11")
        await ana.sees("11. option 11")
        await ana.says("11")
        await ana.sees("option 11 it is")


async def test_an_option_too_long_for_a_row_is_spelled_out(whatsapp: WhatsAppServer, tmp_path: Path) -> None:
    ana = whatsapp.person("Ana")
    async with talking(whatsapp, tmp_path, plugins=[Clerk()]):
        await ana.says("/long")
        asked = await ana.sees("2. a cup of hot chocolate with cream on it")
        (row,) = [row for row in asked.content["action"]["sections"][0]["rows"] if row["title"] != "1. tea"]
        assert row["description"] == "a cup of hot chocolate with cream on it"
        await ana.presses(asked, row["title"])
        await ana.sees("a cup of hot chocolate with cream on it it is")


async def test_a_press_that_is_posted_twice_counts_once(whatsapp: WhatsAppServer, tmp_path: Path) -> None:
    ana = whatsapp.person("Ana")
    async with talking(whatsapp, tmp_path, plugins=[Clerk()]):
        await ana.says("/pick 2")
        asked = await ana.sees("Which one?")
        await whatsapp.deliveries.settled()
        whatsapp.deliveries.hold()
        await ana.presses(asked, "option 1")
        whatsapp.deliveries.release(copies=2)
        await ana.sees("option 1 it is")
        await whatsapp.deliveries.settled()
        await ana.says("/help")
        await ana.sees("/ask")
    assert not any(OVER in posted.text for posted in ana.messages)


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [("image/png", "image"), ("audio/mpeg", "audio"), ("text/csv", "document"), ("application/json", "document")],
)
async def test_files_come_as_what_they_are(
    whatsapp: WhatsAppServer, tmp_path: Path, media_type: str, kind: str
) -> None:
    ana = whatsapp.person("Ana")
    async with talking(whatsapp, tmp_path, plugins=[Clerk()]):
        await ana.says(f"/send {media_type}")
        await ana.sees("Here.")
        sent = await whatsapp.until(lambda: next((each for each in ana.messages if "id" in each.content), None))
    assert sent.kind == kind
    assert whatsapp.files[sent.content["id"]] == b"bytes"
    assert sent.content.get("filename") == ("file.bin" if kind == "document" else None)


async def test_a_file_that_whatsapp_does_not_take_is_told_of(whatsapp: WhatsAppServer, tmp_path: Path) -> None:
    ana = whatsapp.person("Ana")
    async with talking(whatsapp, tmp_path, plugins=[Clerk()]):
        await ana.says("/send application/zip")
        await ana.sees("WhatsApp takes no files like file.bin")
    assert not whatsapp.calls["media"]


async def test_a_place_a_contact_and_an_order_are_remembered_in_words(whatsapp: WhatsAppServer, tmp_path: Path) -> None:
    ana = whatsapp.person("Ana")
    async with talking(whatsapp, tmp_path) as core:
        ana.sends("location", {"latitude": 38.7, "longitude": -9.14, "name": "Café Ana", "address": "Rua 1"})
        ana.sends("contacts", [{"name": {"formatted_name": "Mara Silva"}, "phones": [{"phone": "+351 1"}]}])
        ana.sends("order", {"product_items": [{"product_retailer_id": "tea", "quantity": 2}], "text": "soon please"})
        await whatsapp.deliveries.settled()
        assert await stored(core.services.memory, "Café Ana") == ["(place: Café Ana, Rua 1; 38.70000, -9.14000)"]
        assert await stored(core.services.memory, "Mara") == ["(contact: Mara Silva, +351 1)"]
        assert await stored(core.services.memory, "tea") == ["(order: 2 × tea)\nsoon please"]


async def test_a_deleted_message_is_forgotten(whatsapp: WhatsAppServer, tmp_path: Path) -> None:
    ana = whatsapp.person("Ana")
    async with talking(whatsapp, tmp_path) as core:
        said = await ana.says(KEY)
        await ana.sees("remember")
        ana.deletes(said)
        await whatsapp.deliveries.settled()
        assert KEY not in await stored(core.services.memory, "flowerpot")


@pytest.mark.parametrize("kind", ["unsupported", "system", "sticker"])
async def test_what_says_nothing_is_passed_over(whatsapp: WhatsAppServer, tmp_path: Path, kind: str) -> None:
    ana = whatsapp.person("Ana")
    async with talking(whatsapp, tmp_path):
        ana.sends(kind, {"body": "something", "id": "1", "mime_type": "image/webp"})
        await whatsapp.deliveries.settled()
        assert whatsapp.deliveries.statuses == [200]
        await ana.says("/help")
        await ana.sees("/ask")
    assert len(ana.messages) == 1


async def test_in_a_group_the_bot_answers_who_means_it_and_remembers_the_rest(
    whatsapp: WhatsAppServer, tmp_path: Path
) -> None:
    ana, bruno = whatsapp.person("Ana"), whatsapp.person("Bruno")
    trip = whatsapp.group(ana, bruno)
    async with running(settings_for(whatsapp, tmp_path, groups=[trip])):
        here, there = ana.in_group(trip), bruno.in_group(trip)
        await there.says(KEY)
        asked = await here.says(f"@{whatsapp.display_number} {WHERE}")
        answer = await here.sees("under the blue flowerpot")
        assert answer.quoted == asked.id
        assert "Bruno" in answer.text
        await here.says("/memories key", answering=answer)
        await whatsapp.deliveries.settled()
    assert all("remember that" not in posted.text for posted in trip.from_bot)


async def test_options_in_a_group_are_numbered(whatsapp: WhatsAppServer, tmp_path: Path) -> None:
    ana = whatsapp.person("Ana")
    trip = whatsapp.group(ana)
    async with talking(whatsapp, tmp_path, plugins=[Clerk()]):
        await ana.in_group(trip).says("/pick 2")
        asked = await ana.in_group(trip).sees("2. option 2")
        assert asked.kind == "text"
        await ana.in_group(trip).says("2")
        await ana.in_group(trip).sees("option 2 it is")


async def test_what_cannot_be_sent_any_more_is_kept_until_its_person_writes(
    whatsapp: WhatsAppServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ana = whatsapp.person("Ana")
    async with talking(whatsapp, tmp_path, options=CoreOptions(grace=2, resend_seconds=0.05)):
        await ana.says("/help", age=25 * 60 * 60)
        await whatsapp.until(lambda: "is kept until it can be sent" in caplog.text or None)
        assert not ana.messages
        calls = whatsapp.calls["messages"]
        await ana.says("hello again")
        await ana.sees("/ask")
    assert calls == 1
    assert caplog.text.count("is kept until it can be sent") == 1
