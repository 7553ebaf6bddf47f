"""A question that waits for its answer ends when the message that led to it is deleted, edited or forgotten."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import Attachment, Context, Plugin, command, on_message
from bot.events import Event, MessageDeleted, MessageEdited
from bot.testing import Chat, FakeAdapter, chat
from memory import Scope, Selection
from memory.addresses import StoreAddress
from plugins.memory import MemoryPlugin

FORGOTTEN = "What that rests on has been forgotten meanwhile. Please ask me again."
CHANGED = "You have changed that message, so I dropped what I had planned or noted from it."


class Clerk(Plugin):
    """Asks in every way, and notes what it comes to."""

    name = "clerk"

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []

    @command("pick", "choose one")
    async def pick(self, context: Context, what: str = "") -> str:
        return self._note(f"{await context.choose('Which one?', ['Tea', 'Coffee'])} for {what}")

    @command("note", "note something")
    async def note(self, context: Context, what: str = "") -> str:
        return self._note(f"{await context.ask('What shall I note?')} for {what}")

    @command("sure", "be asked twice")
    async def sure(self, context: Context, what: str = "") -> str:
        said = await context.ask("Who says so?")
        return self._note(f"{what} by {said}: {await context.confirm('Sure?')}")

    @on_message(kind="direct", priority=50)
    async def take(self, context: Context) -> str | None:
        if not context.message.attachments:
            return None
        return self._note(await context.choose("Keep the file?", ["Keep", "Drop"], seconds=10_000))

    def _note(self, what: str) -> str:
        self.done.append(what)
        return what


@pytest.fixture(params=["sqlite", "postgres"])
def server(request: pytest.FixtureRequest) -> str | None:
    """The database of one engine, and then of the other."""
    return request.getfixturevalue("database") if request.param == "postgres" else None


@pytest.fixture
async def asked(tmp_path: Path, server: str | None) -> AsyncIterator[tuple[Chat, Clerk]]:
    clerk, platform = Clerk(), FakeAdapter(files={"a": b"x"})
    store = StoreAddress(tmp_path / "memory.db", server)
    async with chat(store, plugins=[clerk, MemoryPlugin()], adapter=platform) as ann:
        yield ann, clerk


async def happens(ann: Chat, event: Event) -> list[str]:
    """Deliver an event, and return what the bot says to it."""
    before = len(ann.adapter.sent)
    await ann.core.deliver(event)
    await ann.core.idle()
    return [sent.reply.text for sent in ann.adapter.sent[before:]]


async def latest_said(ann: Chat) -> str:
    """Return the event id of the latest thing that a person said."""
    found = await ann.memory.passages.select(Scope.all(), Selection(everything=True), limit=50)
    return next(each.event_id for each in found if each.author == "Ann" and each.event_id)


@pytest.mark.parametrize("question", ["/pick zugspitze4711", "/note zugspitze4711"])
@pytest.mark.parametrize("before", [(), ("The ferry leaves at nine.",)], ids=["nothing else", "something else"])
async def test_it_ends_when_its_message_is_deleted_and_is_not_answered_after(
    asked: tuple[Chat, Clerk], question: str, before: tuple[str, ...]
) -> None:
    ann, clerk = asked
    for text in before:
        await ann.says(text)
    await ann.says(question)
    deleted = MessageDeleted(ann.place, (await latest_said(ann),))
    assert await happens(ann, deleted) == [FORGOTTEN]
    await ann.says("tea")
    assert clerk.done == []


async def test_a_press_after_that_says_that_the_question_is_closed(asked: tuple[Chat, Clerk]) -> None:
    ann, clerk = asked
    await ann.says("/pick zugspitze4711")
    await happens(ann, MessageDeleted(ann.place, (await latest_said(ann),)))
    assert await ann.presses("Tea") == []
    assert ann.adapter.told == ["That question is closed. Ask me again any time."]
    assert clerk.done == []


@pytest.mark.parametrize("question", ["/pick zugspitze4711", "/note zugspitze4711"])
async def test_it_ends_when_its_message_is_edited(asked: tuple[Chat, Clerk], question: str) -> None:
    ann, clerk = asked
    await ann.says(question)
    said = await happens(ann, MessageEdited(ann.place, await latest_said(ann), "/pick nothing"))
    assert [each.startswith(CHANGED) for each in said] == [True]
    await ann.says("tea")
    assert clerk.done == []


async def test_an_edit_that_changes_nothing_leaves_it_alone(asked: tuple[Chat, Clerk]) -> None:
    ann, clerk = asked
    await ann.says("/pick a cup")
    assert await happens(ann, MessageEdited(ann.place, await latest_said(ann), "/pick a cup")) == []
    await ann.says("tea")
    assert clerk.done == ["Tea for a cup"]


async def test_another_caption_leaves_the_question_about_a_file_alone(asked: tuple[Chat, Clerk]) -> None:
    ann, clerk = asked
    await ann.says("look", Attachment("a.bin", "application/octet-stream", "a"))
    assert await happens(ann, MessageEdited(ann.place, await latest_said(ann), "look at this")) == []
    await ann.says("keep")
    assert clerk.done == ["Keep"]


@pytest.mark.parametrize("answered", ["by a press", "in words"])
async def test_what_another_program_has_forgotten_is_seen_when_the_answer_comes(
    asked: tuple[Chat, Clerk], answered: str
) -> None:
    ann, clerk = asked
    await ann.says("/pick zugspitze4711")
    await ann.memory.forget(Scope.all(), Selection(everything=True))
    assert await (ann.presses("Tea") if answered == "by a press" else ann.says("tea")) == [FORGOTTEN]
    assert clerk.done == []
    assert await ann.says("/pick a cup") == ["Which one?"]
    assert await ann.says("tea") == ["Tea for a cup"]


async def test_it_is_seen_in_the_next_round_where_no_answer_comes(asked: tuple[Chat, Clerk]) -> None:
    ann, clerk = asked
    await ann.says("/note zugspitze4711")
    await ann.memory.forget(Scope.all(), Selection(everything=True))
    await ann.core.services.dialogue.grounds.end_ungrounded()
    await ann.core.idle()
    assert ann.last.text == FORGOTTEN
    assert clerk.done == []


async def test_a_command_that_forgets_its_message_ends_it(asked: tuple[Chat, Clerk]) -> None:
    ann, clerk = asked
    await ann.says("look", Attachment("zugspitze4711.bin", "application/octet-stream", "a"))
    said = await ann.says("/forget zugspitze4711")
    await ann.core.idle()
    assert FORGOTTEN in {sent.reply.text for sent in ann.adapter.sent}, said
    assert clerk.done == []


async def test_an_answer_that_is_deleted_ends_what_is_asked_next(asked: tuple[Chat, Clerk]) -> None:
    ann, clerk = asked
    await ann.says("/sure it rains")
    await ann.says("zugspitze4711")
    assert await happens(ann, MessageDeleted(ann.place, (await latest_said(ann),))) == [FORGOTTEN]
    await ann.says("yes")
    assert clerk.done == []


async def test_other_questions_go_on(asked: tuple[Chat, Clerk]) -> None:
    ann, clerk = asked
    bo = ann.as_person("Bo")
    await bo.says("/pick Bo's cup")
    await ann.says("/pick zugspitze4711")
    await happens(ann, MessageDeleted(ann.place, (await latest_said(ann),)))
    assert await bo.says("tea") == ["Tea for Bo's cup"]
    assert clerk.done == ["Tea for Bo's cup"]


async def test_nothing_is_left_behind_that_nobody_looks_at(asked: tuple[Chat, Clerk]) -> None:
    ann, _ = asked
    complaints: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context["message"]))
    await ann.says("/pick zugspitze4711")
    await happens(ann, MessageDeleted(ann.place, (await latest_said(ann),)))
    gc.collect()
    await asyncio.sleep(0)
    assert complaints == []
