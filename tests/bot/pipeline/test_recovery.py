"""What survives a crash: each test leaves a bot behind at a bad moment, and starts it again."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot import Context, Conversation, Plugin, Reply, command
from bot.adapter import Delivery
from bot.errors import AdapterError
from bot.events import to_json
from bot.pipeline.core import CoreOptions
from bot.testing import START, FakeAdapter, ScriptedModel, chat
from memory import Entry, Scope, Selection
from memory.errors import StorageError
from tests.emulators.patience import PATIENCE

HOTEL = "we booked the hotel in Lisbon for June"
WHEN = "for when is the hotel in Lisbon booked?"
NOTED = "I'll remember that."


class Keeper(Plugin):
    name = "keeper"

    @command("keep", "remember twice")
    async def keep(self, context: Context, text: str) -> str:
        await context.memory.remember(text)
        await context.memory.remember(f"{text} again")
        return "kept"


class Echo(Plugin):
    name = "echo"

    @command("echo", "say it again")
    async def echo(self, _: Context, text: str) -> str:
        return text


async def test_a_shutdown_abandons_a_long_answer_cleanly_and_the_next_start_gives_it(tmp_path: Path) -> None:
    model = ScriptedModel("In June [1].", "In June [1].")
    model.hold = asyncio.Event()
    adapter = FakeAdapter()
    async with chat(tmp_path, model=model, adapter=adapter, options=CoreOptions(grace=0.01)) as ann:
        await ann.says(HOTEL)
        await ann.core.deliver(ann.message(WHEN))
        await ann.core.deliver(ann.message("and thank you"))
        await model.held.wait()
    assert adapter.failed == ["I was interrupted. I'll answer as soon as I am back."]
    model.hold = None
    async with chat(tmp_path, model=model, first_minute=10) as ann:
        assert ann.adapter.sent[0].reply.text.startswith("In June\n")
        assert len(ann.adapter.sent) == 2
        assert await ann.memory.delivery.list_waiting() == []


async def test_what_is_stored_is_handled_even_when_something_fails_before_it_is_queued(tmp_path: Path) -> None:
    """Its platform is told that it failed, and delivers it again; that is a duplicate then."""
    async with chat(tmp_path, plugins=[Echo()]) as ann:
        message = ann.message("/echo hello")
        with rename_table(tmp_path, "owner_chats"), pytest.raises(StorageError):
            await ann.core.deliver(message)
        await ann.core.idle()
        assert [sent.reply.text for sent in ann.adapter.sent] == ["hello"]
        assert await ann.core.deliver(message) is Delivery.DUPLICATE


@contextmanager
def rename_table(folder: Path, name: str) -> Iterator[None]:
    """Let whoever asks for a table fail."""
    (file,) = folder.glob("**/memory.db")
    for old, new in ((name, f"{name}_away"), (f"{name}_away", name)):
        with closing(sqlite3.connect(file)) as connection:
            connection.execute(f"ALTER TABLE {old} RENAME TO {new}")
        if old == name:
            yield


async def test_a_shutdown_lets_a_short_answer_finish(tmp_path: Path) -> None:
    model = ScriptedModel("In June [1].")
    model.hold = asyncio.Event()
    adapter = FakeAdapter()
    async with chat(tmp_path, model=model, adapter=adapter, options=CoreOptions(grace=60)) as ann:
        await ann.says(HOTEL)
        await ann.core.deliver(ann.message(WHEN))
        await model.held.wait()
        asyncio.get_running_loop().call_later(0.05, model.hold.set)
    assert adapter.sent[-1].reply.text.startswith("In June\n")


async def test_a_reply_that_the_platform_did_not_take_is_sent_at_the_next_start_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    adapter = FakeAdapter()
    async with chat(tmp_path, plugins=[Keeper()], adapter=adapter) as ann:
        adapter.down = True
        await ann.says("/keep the boiler is serviced in October")
        assert len(await ann.memory.delivery.list_unsent()) == 1
    assert "could not be sent" in caplog.text
    for expected in (["kept"], []):
        async with chat(tmp_path, plugins=[Keeper()], first_minute=10) as ann:
            assert [sent.reply.text for sent in ann.adapter.sent] == expected
            facts = await ann.memory.facts.select(Scope.all())
            assert len(facts) == 2


class Unsteady(FakeAdapter):
    """A platform that is down for the first reply."""

    def __init__(self) -> None:
        super().__init__()
        self.down = True
        self.taken = asyncio.Event()

    async def send(self, conversation: Conversation, reply: Reply, *, reply_to: str | None = None) -> tuple[str, ...]:
        try:
            ids = await super().send(conversation, reply, reply_to=reply_to)
        finally:
            self.down = False
        self.taken.set()
        return ids


async def test_a_reply_is_tried_again_while_the_bot_runs(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with chat(tmp_path, options=CoreOptions(resend_seconds=0.02)) as ann:
        platform = Unsteady()
        platform.post(ann.message("hello"))
        serving = asyncio.create_task(ann.core.serve([platform]))
        await asyncio.wait_for(platform.taken.wait(), PATIENCE)
        platform.hang_up()
        await serving
        assert len(platform.sent) == 1
        assert await ann.memory.delivery.list_unsent() == []
    assert "could not be sent" in caplog.text


class Picky(FakeAdapter):
    """A platform that takes no reply with a certain word in it."""

    async def send(self, conversation: Conversation, reply: Reply, *, reply_to: str | None = None) -> tuple[str, ...]:
        if "comes back" in reply.text:
            raise AdapterError("not that one")
        return await super().send(conversation, reply, reply_to=reply_to)


async def test_what_an_outage_has_held_up_arrives_in_order_and_before_anything_newer(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Echo()]) as ann:
        bob = ann.as_person("Bob")
        ann.adapter.down = True
        assert [await ann.says(f"/echo {number}") for number in range(3)] == [[], [], []]
        await bob.says("/echo Bob's")
        ann.adapter.down = False
        assert await ann.says(HOTEL) == ["0", "1", "2", NOTED]
        assert await bob.says("/echo again") == ["Bob's", "again"]
        assert await ann.memory.delivery.list_unsent() == []


async def test_a_reply_that_alone_is_never_taken_does_not_hold_up_the_others_for_ever(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Echo()], adapter=Picky()) as ann:
        await ann.says("/echo it comes back")
        later = [await ann.says(f"/echo {number}") for number in range(8)]
        assert [reply for replies in later for reply in replies] == [str(number) for number in range(8)]
        assert later[0] == []
        assert later[-1] == ["7"]
        assert len(await ann.memory.delivery.list_unsent()) == 1


class Closing(FakeAdapter):
    """A platform that takes nothing once it is closed."""

    async def __aexit__(self, *exc: object) -> None:
        self.down = True


async def test_on_interrupt_the_reply_in_flight_ends_before_its_platform_is_closed(tmp_path: Path) -> None:
    model = ScriptedModel("In June [1].")
    model.hold = asyncio.Event()
    async with chat(tmp_path, model=model, options=CoreOptions(grace=60)) as ann:
        platform = Closing()
        platform.post(ann.message(HOTEL), ann.message(WHEN))
        serving = asyncio.create_task(ann.core.serve([platform]))
        await asyncio.wait_for(model.held.wait(), PATIENCE)
        asyncio.get_running_loop().call_later(0.05, model.hold.set)
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving
        assert platform.sent[-1].reply.text.startswith("In June\n")
        assert await ann.memory.delivery.list_unsent() == []


async def test_a_command_that_ran_but_was_not_answered_runs_again_without_doubling_its_facts(tmp_path: Path) -> None:
    class Cut(Keeper):
        @command("keep", "remember, then hang")
        async def keep(self, context: Context, text: str) -> str:
            await context.memory.remember(text)
            done.set()
            await asyncio.sleep(60)
            return "never"

    done = asyncio.Event()
    async with chat(tmp_path, plugins=[Cut()], options=CoreOptions(grace=0.01)) as ann:
        await ann.core.deliver(ann.message("/keep the key is under the mat"))
        await done.wait()
    async with chat(tmp_path, plugins=[Keeper()], first_minute=10) as ann:
        assert [sent.reply.text for sent in ann.adapter.sent] == ["kept"]
        statements = [fact.statement for fact in await ann.memory.facts.select(Scope.all())]
        assert sorted(statements) == ["the key is under the mat", "the key is under the mat again"]


async def test_a_waiting_message_of_a_platform_that_is_not_connected_is_left_for_later(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        direct = await ann.memory.conversations.ensure("other", "d")
        message = replace(ann.message("hello"), conversation=Conversation("other", "d"))
        await ann.memory.delivery.receive(direct, Entry("hello", message.sent_at, event_id="1"), to_json(message))
    async with chat(tmp_path, first_minute=10) as ann:
        assert len(await ann.memory.delivery.list_waiting()) == 1
        assert ann.adapter.sent == []


async def test_a_waiting_message_that_can_not_be_read_is_named_once_and_left_unanswered(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with chat(tmp_path) as ann:
        direct = await ann.memory.conversations.ensure("test", "d")
        await ann.memory.delivery.receive(direct, Entry("hello", START, event_id="1"), '{"event_id": "1"}')
    async with chat(tmp_path, first_minute=10) as ann:
        assert await ann.memory.delivery.list_waiting() == []
    assert "can't be read" in caplog.text


async def test_a_duplicate_after_a_restart_is_still_a_duplicate(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        message = ann.message("the boat is blue")
        await ann.core.deliver(message)
        await ann.core.idle()
    async with chat(tmp_path, first_minute=10) as ann:
        await ann.core.deliver(message)
        await ann.core.idle()
        assert ann.adapter.sent == []
        selection = Selection(everything=True, kinds=("message",))
        assert len(await ann.memory.passages.select(Scope.all(), selection)) == 1


async def test_a_chat_that_floods_the_bot_holds_nobody_else_up_and_loses_nothing(tmp_path: Path) -> None:
    model = ScriptedModel("In June [1].", *["In June, again [1]."] * 21)
    model.hold = asyncio.Event()
    async with chat(tmp_path, model=model, options=CoreOptions(lane_length=2)) as ann:
        bob = ann.as_person("Bob")
        for teller in (ann, bob):
            await ann.core.deliver(teller.message(HOTEL))
        flood = [ann.message(f"{WHEN} ({number})") for number in range(20)]
        for message in flood:
            await ann.core.deliver(message)  # stored and acknowledged, though there is room for two
        await model.held.wait()
        model.held.clear()
        await ann.core.deliver(bob.message(WHEN))
        await model.held.wait()
        model.hold.set()
        await ann.core.idle()
        answered = [sent.reply_to for sent in ann.adapter.sent if sent.conversation == ann.place]
        assert answered[1:] == [message.event_id for message in flood]
        assert [sent.reply_to for sent in ann.adapter.sent if sent.conversation == bob.place][1:] != []
        assert await ann.memory.delivery.list_waiting() == []
