"""/memory off: nothing is stored any more, and the bot still answers."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot import Attachment, Context, Plugin, command, ingests, on_message
from bot.adapter import Delivery
from bot.configuration.settings import AccessSettings
from bot.events import Feedback, MessageDeleted, MessageEdited
from bot.pipeline.core import CoreOptions
from bot.testing import START, Chat, FakeAdapter, ScriptedModel, chat
from memory import Scope, Selection
from plugins.access import AccessPlugin
from plugins.help import HelpPlugin
from plugins.memory import MemoryPlugin

HOTEL = "we booked the hotel in Lisbon for June"
WHEN = "for when is the hotel in Lisbon booked?"
IN_GROUP = AccessSettings(owners=("test:ann",), conversations=("test:group-Trip",))


class Tools(Plugin):
    name = "tools"

    @ingests("text/plain")
    async def read(self, context: Context, attachment: Attachment) -> str:
        await context.memory.add_document(
            attachment.name, attachment.media_type, "0", [("the parrot eats seeds", None)]
        )
        return "read"

    @on_message("^marco$")
    async def marco(self, _: Context) -> str:
        return "polo"

    @command("name", "ask back")
    async def ask_name(self, context: Context) -> str:
        return f"Hello {await context.ask('Name?')}"


PLUGINS = (AccessPlugin(), MemoryPlugin(), HelpPlugin(), Tools())


async def stored(chat: Chat) -> list[str]:
    found = await chat.memory.passages.select(Scope.all(), Selection(everything=True), limit=1000)
    return [passage.text for passage in found]


def bytes_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


async def test_nothing_said_or_answered_while_the_memory_is_off_is_in_the_file(tmp_path: Path) -> None:
    model = ScriptedModel("In June, said the heron", "In June, said the stork")
    async with chat(tmp_path, plugins=PLUGINS, model=model, access=IN_GROUP) as direct:
        ann = direct.in_group("Trip")
        bob = ann.as_person("Bob")
        await ann.says(HOTEL)
        (told,) = await bob.says("/memory off")
        assert told.startswith("The memory is off here")
        assert await ann.says("the parrot is called Kiki") == []
        assert await bob.says(f"{WHEN} (asks the flamingo)", addressed=True) == [
            f'In June, said the heron\nAnn: "{HOTEL}" [1]'
        ]
        assert await bob.says("/ask when is the ostrich's hotel in Lisbon?") == [
            f'In June, said the stork\nAnn: "{HOTEL}" [1]'
        ]
        assert (await ann.says("/remember the wombat sleeps"))[0].startswith("I keep nothing")
        assert "Lisbon" in (await ann.says("/memories"))[0]
        assert await ann.says("/name") == ["Name?"]
        assert await ann.says("Pelican") == ["Hello Pelican"]
        assert "I have no command /koala" in (await ann.says("/koala", addressed=True))[0]
        assert (await ann.memory.delivery.list_waiting(), await ann.memory.delivery.list_unsent()) == ([], [])
    content = bytes_of(tmp_path)
    assert HOTEL.encode() in content
    for word in (b"Kiki", b"flamingo", b"heron", b"ostrich", b"stork", b"wombat", b"Pelican", b"koala"):
        assert word not in content, word


async def test_names_and_titles_of_a_place_that_keeps_nothing_are_not_stored(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS, access=IN_GROUP) as direct:
        ann = direct.in_group("Trip")
        await ann.says("/memory off")
        await ann.as_person("Quentin").says("hello", addressed=True)
        assert b"Quentin" not in bytes_of(tmp_path)


async def test_places_of_which_nothing_is_known_know_nothing_of_each_other(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS) as direct:
        one, other = direct.in_group("One"), direct.as_person("Bob").in_group("Other")
        for place in (one, other):
            await place.memory.ledger.pauses.start("test", place.place.id, "somebody")
        await one.says("where does the flamingo sleep?", addressed=True)
        assert "flamingo" in (await one.says("/why"))[0]
        assert "answered anything here" in (await other.says("/why"))[0]


async def test_the_memory_is_off_in_the_threads_too_and_nowhere_else(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS) as direct:
        group, thread = direct.in_group("Trip"), direct.in_group("Trip", thread="1")
        await thread.says("/memory off")
        for place in (group, thread, direct, direct.in_group("Other")):
            await place.says(f"the parrot is in {place.place.key}")
        said = [text for text in await stored(direct) if text.startswith("the parrot")]
        assert sorted(said) == ["the parrot is in direct-ann", "the parrot is in group-Other"]


async def test_who_switched_it_off_or_an_owner_switches_it_on_again(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS, access=IN_GROUP) as direct:
        ann = direct.in_group("Trip")
        bob, carl = ann.as_person("Bob"), ann.as_person("Carl")
        assert (await bob.says("/memory"))[0].startswith("The memory is on:")
        await bob.says("/memory off")
        await carl.says("/memory off")
        assert (await carl.says("/memory"))[0].startswith("The memory is off")
        assert (await carl.says("/memory on"))[0].startswith("Only the person who switched")
        assert await bob.says("/memory on") == ["The memory is on again."]
        await carl.says("/memory off")
        assert await ann.says("/memory on") == ["The memory is on again."]
        assert await ann.says("/memory on") == ["The memory is on already."]
        await bob.says("the parrot is back")
        assert "the parrot is back" in await stored(ann)


async def test_an_edit_while_off_removes_what_was_stored_and_a_deletion_does_too(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS) as direct:
        ann = direct.in_group("Trip")
        first, second = ann.message("the parrot is called Kiki"), ann.message("the boiler is in the cellar")
        for message in (first, second):
            await ann.core.deliver(message)
        await ann.says("/memory off")
        await ann.core.deliver(MessageEdited(ann.place, first.event_id, "the parrot is called Coco"))
        await ann.core.deliver(MessageDeleted(ann.place, (second.event_id,)))
        texts = " ".join(await stored(ann))
        assert not any(word in texts for word in ("Kiki", "Coco", "boiler"))
        assert b"Coco" not in bytes_of(tmp_path)


async def test_feedback_is_not_stored_while_off(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS) as direct:
        ann = direct.in_group("Trip")
        await ann.says(HOTEL)
        await ann.says(WHEN, addressed=True)
        sent = ann.adapter.sent[-1]
        await ann.says("/memory off")
        assert await ann.core.deliver(Feedback(ann.place, ann.sender, sent.ids[0], 1, START)) is Delivery.REFUSED
        assert not any(text.startswith("feedback") for text in await stored(ann))


async def test_files_are_not_taken_in_while_off_and_only_who_asked_hears_so(tmp_path: Path) -> None:
    note = Attachment("note.txt", "text/plain", "1")
    async with chat(tmp_path, plugins=PLUGINS) as direct:
        ann = direct.in_group("Trip")
        await ann.says("/memory off")
        assert await ann.says("", note) == []
        assert (await ann.says("", note, addressed=True))[0].startswith("I keep nothing")
        assert await ann.says("marco") == ["polo"]
        assert not any("parrot" in text or "note.txt" in text for text in await stored(ann))


async def test_an_answer_begun_before_the_memory_went_off_is_given_and_not_stored(tmp_path: Path) -> None:
    model = ScriptedModel("In June, said the heron [1].")
    async with chat(tmp_path, plugins=PLUGINS, model=model) as direct:
        group, thread = direct.in_group("Trip"), direct.in_group("Trip", thread="1")
        await thread.says(HOTEL)
        model.hold = asyncio.Event()
        await thread.core.deliver(thread.message(WHEN, addressed=True))
        await model.held.wait()
        await group.core.deliver(group.message("/memory off"))
        while await group.memory.ledger.pauses.find("test", "group-Trip") is None:  # noqa: ASYNC110 (the lane moves on)
            await asyncio.sleep(0.01)
        model.hold.set()
        await direct.core.idle()
        assert any(sent.reply.text.startswith("In June, said the heron\n") for sent in direct.adapter.sent)
        assert not any("heron" in text for text in await stored(direct))
        assert (await direct.memory.delivery.list_waiting(), await direct.memory.delivery.list_unsent()) == ([], [])


async def test_a_message_that_is_delivered_twice_while_off_is_answered_once(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS) as direct:
        ann = direct.in_group("Trip")
        await ann.says("/memory off")
        message = ann.message("who is there?", addressed=True)
        before = len(ann.adapter.sent)
        assert await ann.core.deliver(message) is Delivery.ACCEPTED
        assert await ann.core.deliver(message) is Delivery.DUPLICATE
        await ann.core.idle()
        assert len(ann.adapter.sent) == before + 1


async def test_a_reply_that_can_not_be_sent_while_off_is_lost_and_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with chat(tmp_path, plugins=PLUGINS) as direct:
        ann = direct.in_group("Trip")
        await ann.says("/memory off")
        ann.adapter.down = True
        assert await ann.says("/stop") == []
        assert await ann.memory.delivery.list_unsent() == []
    assert "and is lost: nothing is kept there" in caplog.text


async def test_a_direct_chat_can_be_off_as_well(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS) as ann:
        await ann.says("/memory off")
        assert await ann.says("the parrot is called Kiki") == ["I remember nothing about that."]
        assert not any("Kiki" in text for text in await stored(ann))


async def test_stop_in_a_group_stops_what_its_sender_asked_and_an_owner_stops_anybodys(tmp_path: Path) -> None:
    model = ScriptedModel("In June, and so on [1].", "In June, and so on [1].")
    model.hold = asyncio.Event()
    adapter = FakeAdapter()
    async with chat(
        tmp_path, plugins=PLUGINS, model=model, adapter=adapter, access=IN_GROUP, options=CoreOptions(grace=1)
    ) as direct:
        ann = direct.in_group("Trip")
        bob, carl = ann.as_person("Bob"), ann.as_person("Carl")
        await ann.says(HOTEL)
        for stopper in (bob, ann):
            model.held.clear()
            adapter.failed.clear()
            adapter.sent.clear()
            await ann.core.deliver(bob.message(WHEN, addressed=True))
            await model.held.wait()
            await carl.core.deliver(carl.message("/stop"))
            while not adapter.sent:  # noqa: ASYNC110 (Carl's command moves on)
                await asyncio.sleep(0.01)
            assert [sent.reply.text for sent in adapter.sent] == ["There is nothing to stop."]
            assert adapter.failed == []
            assert await stopper.says("/stop") == []
            assert adapter.failed == ["Stopped."]
