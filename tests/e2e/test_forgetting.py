"""Every kind of content, and every way of forgetting it: afterwards no table and no file has a byte of it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import asyncpg
import numpy as np
import pytest

from adapters.mcp.tools import TOOLS
from bot import Attachment, Context, JobContext, Plugin, Reply, buttons, command, job
from bot.adapter import Caller
from bot.errors import NotYetReadable
from bot.events import Conversation, MessageDeleted, MessageEdited, UnreadableUpdate
from bot.plugin import reads
from bot.reading.incoming import IncomingFile
from bot.reading.pieces import About, Piece, ReadItem
from bot.testing import Chat, FakeAdapter, chat
from memory import Entry, Scope, Selection
from memory.addresses import StoreAddress
from memory.sqlite.database import connect
from memory.sqlite.term_rows import PACKER
from plugins.catchup import CatchupPlugin
from plugins.chat import ChatPlugin
from plugins.documents import DocumentsPlugin
from plugins.feedback import FeedbackPlugin
from plugins.memory import MemoryPlugin
from plugins.reminders import RemindersPlugin

DAY = timedelta(days=1)
FILES = FakeAdapter()
SERVERS: dict[Path, str | None] = {}
"""The database of each data folder; None where it is the file in it."""
PADDING = " ".join(f"so much about chapter {number}," for number in range(100))


class Files(Plugin):
    """Reads notes, and scrolls once it has glasses, which it never gets."""

    name = "files"

    @reads("application/x-note")
    async def read(self, file: IncomingFile) -> AsyncIterator[ReadItem]:
        yield Piece(file.path.read_text("utf-8"))

    @reads("audio/x-note")
    async def listen(self, file: IncomingFile) -> AsyncIterator[ReadItem]:
        said = file.path.read_text("utf-8")
        yield About(told="I have listened.", words=said)
        yield Piece(said, "0:00")

    @reads("application/x-scroll")
    async def read_scroll(self, file: IncomingFile) -> AsyncIterator[ReadItem]:
        if file.size:
            raise NotYetReadable(f"I can't read {file.name} yet: I lack glasses.")
        yield Piece("empty")


class Notes(Plugin):
    """Keeps notes, plans to tell of them, offers buttons, and says of each where it is from."""

    name = "notes"

    @command("note", "keeps a note")
    async def note(self, context: Context, text: str) -> Reply:
        key = f"note {context.message.event_id}"
        await context.store.mine.set(key, {"text": text}, drawn_from=context.drawn_from)
        await context.later(self.tell, 300 * DAY, text)
        return Reply("Noted.", choices=buttons({"Again": f"/note {text}"}))

    @command("quote", "keeps a note of what the memory has, which another message said")
    async def quote(self, context: Context, text: str) -> str:
        found = await context.memory.find(matching=text, limit=1)
        await context.store.here.set("quote", found[0].text, drawn_from=[found[0].id])
        return f"It was said: {found[0].text}"

    @command("ask_for", "asks for a note")
    async def ask_for(self, context: Context) -> str:
        said = await context.ask("Which note?")
        await context.later(self.tell, 300 * DAY, said)
        await context.store.mine.set("asked", said, drawn_from=context.drawn_from)
        return f"Noted: {said}"

    @job
    async def tell(self, context: JobContext) -> str:
        return str(context.payload)


@dataclass(frozen=True)
class Told:
    """Something with a secret in it: the event of the message that it came with."""

    secret: str
    event: str


Tell = Callable[[Chat, str], Awaitable[str]]
"""Tells the bot a secret in some way, and returns the event of the message that holds it."""


def event_of(ann: Chat, back: int = 1) -> str:
    """The event of one of the latest messages in this chat."""
    upcoming = int(repr(ann.numbers).partition("(")[2].rstrip(")"))
    return f"{ann.place.key}:{upcoming - back}"


async def message(ann: Chat, secret: str) -> str:
    await ann.says(f"the code of the shed is {secret}")
    return event_of(ann)


async def long_message(ann: Chat, secret: str) -> str:
    await ann.says(f"{secret} is where it begins, {PADDING} and there it ends with {secret}")
    await ann.says("/memories")
    return event_of(ann, 2)


async def two_lines(ann: Chat, secret: str) -> str:
    await ann.says(f"shopping for the party\n{secret} and bread")
    await ann.says("/memories")
    return event_of(ann, 2)


async def answered(ann: Chat, secret: str) -> str:
    await ann.says(f"the password of the boat is {secret}")
    told = event_of(ann)
    await ann.says("what is the password of the boat?")
    await ann.says("/why")
    return told


async def searched(ann: Chat, secret: str) -> str:
    await ann.says(f"the locker has the number {secret}")
    told = event_of(ann)
    await ann.says(f"/memories {secret}")
    await ann.says(f"/ask where is {secret}?")
    return told


async def caught_up(ann: Chat, secret: str) -> str:
    await ann.says(f"the ferry is called {secret}")
    await ann.says("/catchup 3 hours")
    return event_of(ann, 2)


async def waiting(ann: Chat, secret: str) -> str:
    await ann.says(f"the key of the cellar is {secret}")
    told = event_of(ann)
    ann.adapter.down = True
    await ann.says("what is the key of the cellar?")
    await ann.says("/memories cellar")
    return told


async def fact(ann: Chat, secret: str) -> str:
    await ann.says(f"/remember wifi of {secret[:4]}: {secret}")
    told = event_of(ann)
    await ann.says("/facts")
    return told


async def document(ann: Chat, secret: str) -> str:
    ann.adapter._files[secret] = f"The treaty of {secret} has one page.".encode()
    await ann.says("", Attachment("treaty.note", "application/x-note", secret))
    told = event_of(ann)
    await ann.says("what has the treaty?")
    await ann.says("/documents")
    return told


async def kept_file(ann: Chat, secret: str) -> str:
    ann.adapter._files[secret] = f"A scroll of {secret}.".encode()
    await ann.says(f"see {secret}", Attachment("scroll.old", "application/x-scroll", secret))
    return event_of(ann)


async def reminder(ann: Chat, secret: str) -> str:
    await ann.says(f"/remind in 300 days to fetch {secret}")
    told = event_of(ann)
    await ann.says("/reminders")
    return told


async def reminded(ann: Chat, secret: str) -> str:
    await ann.says(f"/remind in 2 minutes to feed {secret}")
    told = event_of(ann)
    await ann.waits(timedelta(minutes=5))
    await ann.says("/snooze 600")
    return told


async def value(ann: Chat, secret: str) -> str:
    await ann.says(f"/note {secret}")
    return event_of(ann)


async def quoted_value(ann: Chat, secret: str) -> str:
    await ann.says(f"the horse is called {secret}")
    await ann.says(f"/quote {secret}")
    return event_of(ann, 2)


async def asked_for(ann: Chat, secret: str) -> str:
    await ann.says("/ask_for")
    await ann.says(f"it is {secret}")
    return event_of(ann)


async def judged(ann: Chat, secret: str) -> str:
    await ann.says(f"the parrot is called {secret}")
    told = event_of(ann)
    await ann.says("what is the parrot called?")
    await ann.says("/good")
    return told


async def persona(ann: Chat, secret: str) -> str:
    await ann.says(f"/persona like a friend of {secret}")
    return event_of(ann)


async def imported(ann: Chat, secret: str) -> str:
    ann_known = await ann.memory.people.ensure(ann.sender.platform, ann.sender.id, ann.sender.name)
    place = await ann.memory.conversations.ensure("whatsapp", "old chat", owner_id=ann_known.id)
    entry = Entry(f"long ago it was {secret}", ann.clock(), "Bob", event_id=f"old {secret}")
    await ann.memory.passages.add(place, [entry])
    await ann.says("/memories long ago")
    return f"old {secret}"


async def counted(ann: Chat, secret: str) -> str:
    """The name of somebody whose messages are counted."""
    owner = await ann.memory.people.ensure(ann.sender.platform, ann.sender.id, ann.sender.name)
    place = await ann.memory.conversations.ensure("whatsapp", f"chat of {number_of(secret)}", owner_id=owner.id)
    entry = Entry(f"it is me, {secret}", ann.clock(), secret, event_id=f"count {secret}")
    await ann.memory.passages.add(place, [entry])
    await ann.says("who writes the most?")
    assert secret in ann.last.text
    return f"count {secret}"


def number_of(secret: str) -> int:
    return int("".join(letter for letter in secret if letter.isdigit()))


async def quoted_again(ann: Chat, secret: str) -> str:
    """In a reply to the answer to a reply to it."""
    await ann.says(f"the lighthouse is called {secret}")
    told = event_of(ann)
    replied = told
    for _ in range(2):
        await ann.core.deliver(replace(ann.message("what is the lighthouse called?"), reply_to=replied))
        await ann.core.idle()
        (replied,) = ann.adapter.sent[-1].ids
    return told


async def edited(ann: Chat, secret: str) -> str:
    await ann.says("the street is not known yet")
    told = event_of(ann)
    await ann.core.deliver(MessageEdited(ann.place, told, f"the street is {secret}"))
    await ann.says("/memories street")
    return told


async def album(ann: Chat, secret: str) -> str:
    parts = [ann.message(f"our tent is {secret}", picture(1)), ann.message("", picture(2))]
    for part in parts:
        await ann.core.deliver(replace(part, album=f"album {secret}"))
    await ann.core.idle()
    await ann.says("which tent?")
    return parts[0].event_id


def picture(number: int) -> Attachment:
    return Attachment(f"{number}.jpg", "image/jpeg", f"none {number}")


async def voice_note(ann: Chat, secret: str) -> str:
    await ann.says("/transcripts on")
    ann.adapter._files[secret] = f"the drawer is locked with {secret}".encode()
    await ann.says("", Attachment("voice note", "audio/x-note", secret))
    told = event_of(ann)
    await ann.says("what is the drawer locked with?")
    return told


async def asked_twice(ann: Chat, secret: str) -> str:
    await ann.says(f"the bell of the tower says {secret}")
    told = event_of(ann)
    for asked in ("what does the bell of the tower say?", "and what does it say on Sundays?"):
        await ann.says(asked)
    return told


async def unspaced(ann: Chat, secret: str) -> str:
    await ann.says(f"仓库的钥匙在鼋鼍{secret}鹳鹊楼下面")
    told = event_of(ann)
    await ann.says("仓库的钥匙在哪里？")
    return told


async def unhandled(ann: Chat, secret: str) -> str:
    """Not a message yet: what could not be understood goes with what has its words."""
    await ann.core.deliver(UnreadableUpdate(ann.place, json.dumps({"text": f"the shop sells {secret}"}), "no type"))
    await ann.says(f"the shop sells {secret}")
    return event_of(ann)


CONTENTS: dict[str, Tell] = {
    each.__name__: each
    for each in (
        message, long_message, two_lines, answered, searched, caught_up, fact, document, kept_file, reminder, reminded,
        value, quoted_value, asked_for, judged, persona, imported, edited, album, voice_note, asked_twice,
        unspaced, unhandled, counted, quoted_again, waiting,
    )
}  # fmt: skip
"""The last leaves the platform down, so that its replies wait."""


@asynccontextmanager
async def opened(store: StoreAddress) -> AsyncIterator[Chat]:
    plugins = [
        MemoryPlugin(), CatchupPlugin(), RemindersPlugin(), DocumentsPlugin(), FeedbackPlugin(), ChatPlugin(), Notes(),
        Files(),
    ]  # fmt: skip
    async with chat(store, plugins=plugins, adapter=FakeAdapter()) as ann:
        yield ann


async def tell_all(ann: Chat) -> dict[str, Told]:
    told: dict[str, Told] = {}
    for number, (name, tell) in enumerate(CONTENTS.items()):
        secret = f"zugspitze{number}{4711 + number}x"
        told[name] = Told(secret, await tell(ann, secret))
    ann.adapter.down = False
    return told


async def passage_of(ann: Chat, told: Told) -> int:
    platforms = (ann.adapter.name, "whatsapp")
    found = [each for name in platforms for each in await ann.memory.passages.find_event(name, told.event)]
    return found[0].id


async def by_number(ann: Chat, told: Told) -> None:
    found = await ann.memory.passages.select(Scope.all(), Selection(matching=told.secret), limit=50)
    numbers = [each.id for each in found if each.kind in ("message", "document", "fact")]
    if numbers:
        await confirmed(ann, f"/forget {' '.join(map(str, numbers))}")
    if not numbers or "kept" in told.event or told.secret in await left_of(ann, [told]):
        await by_reply(ann, told)  # what is no memory has no number


async def by_words(ann: Chat, told: Told) -> None:
    await confirmed(ann, f"/forget {told.secret}")


async def by_reply(ann: Chat, told: Told) -> None:
    await ann.core.deliver(replace(ann.message("/forget"), reply_to=told.event))
    await ann.core.idle()


async def by_id(ann: Chat, told: Told) -> None:
    receipt = await ann.memory.forget(Scope.all(), Selection(passage_ids=(await passage_of(ann, told),)), verify=True)
    assert receipt.verified, receipt


async def by_platform(ann: Chat, told: Told) -> None:
    await ann.core.deliver(MessageDeleted(ann.place, (told.event,)))


async def by_edit(ann: Chat, told: Told) -> None:
    await ann.core.deliver(MessageEdited(ann.place, told.event, "there is nothing to see any more"))


async def by_program(ann: Chat, told: Told) -> None:
    """As a program does by the API, with a key for everything."""
    receipt = await (await caller_of(ann)).handler_memory().forget([await passage_of(ann, told)])
    assert (receipt.verified, receipt.passages > 0) == (True, True), receipt


async def by_mcp(ann: Chat, told: Told) -> None:
    (tool,) = (each for each in TOOLS if each.name == "forget")
    receipt = json.loads(await tool.call(await caller_of(ann), {"ids": [await passage_of(ann, told)]}))
    assert (receipt["verified"], receipt["passages"] > 0) == (True, True), receipt


async def by_command_line(ann: Chat, told: Told) -> None:
    """From another process, by its id."""
    number = str(await passage_of(ann, told))
    command = [sys.executable, "-c", "from bot.commands.cli import main; main()"]
    options = ["--data", str(ann.memory.folder), "forget", number, "--scope", "all", "--yes", "--json"]
    server = SERVERS.get(ann.memory.folder)
    settings = {"SCRUBJAY_MEMORY__EMBEDDER": "hashing"} | ({"SCRUBJAY_MEMORY__STORE": server} if server else {})
    process = await asyncio.create_subprocess_exec(
        *command, *options, stdout=asyncio.subprocess.PIPE, env={**os.environ, **settings}
    )
    receipt = json.loads((await process.communicate())[0])
    assert (receipt["verified"], receipt["passages"] > 0) == (True, True), receipt


async def caller_of(ann: Chat) -> Caller:
    requests = ann.core.requests
    return replace(await requests.caller(await requests.owner(), ann.place), scope=Scope.all())


async def confirmed(ann: Chat, text: str) -> None:
    said = await ann.says(text)
    if "Shall I forget" in "".join(said):
        await ann.says("yes")


WAYS = {
    "number": (by_number, set[str]()),
    "words": (by_words, set[str]()),
    "reply": (by_reply, {"imported", "counted"}),
    "id": (by_id, set[str]()),
    "program": (by_program, set[str]()),
    "mcp": (by_mcp, set[str]()),
    "command line": (by_command_line, set[str]()),
    "platform": (by_platform, {"imported", "counted"}),
    "edit": (by_edit, {"imported", "counted", "document", "kept_file", "voice_note"}),
}
"""The ways of forgetting, each with the contents that it does not reach: a file stays when its caption is edited."""


async def left_of(ann: Chat, told: list[Told]) -> dict[str, list[str]]:
    """Where secrets are left, by secret: tables and files."""
    server = SERVERS.get(ann.memory.folder)
    found = left_in_file(ann.memory.folder, told) if server is None else await left_on_server(server, told)
    for path in ann.memory.folder.rglob("*"):
        content = read_outside(path) if path.is_file() else b""
        for each in told:
            at = content.find(each.secret.encode())
            if at >= 0:
                found.setdefault(each.secret, []).append(f"{path.name}: {content[max(0, at - 100) : at + 50]!r}")
    return found


async def left_on_server(server: str, told: list[Told]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    connection = await asyncpg.connect(server)
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'scrubjay'")
        for (table,) in tables:
            for (row,) in await connection.fetch(f'SELECT rows::text FROM scrubjay."{table}" AS rows'):  # noqa: S608 (as below)
                for each in told:
                    if each.secret in row or each.secret.encode().hex() in row:
                        found.setdefault(each.secret, []).append(f"{table}: {row:.300}")
    finally:
        await connection.close()
    return found


def left_in_file(folder: Path, told: list[Told]) -> dict[str, list[str]]:
    numbers = {each.secret: set(PACKER.numbers_of(each.secret)) for each in told}
    found: dict[str, list[str]] = {}
    connection = connect(folder / "memory.db", read_only=True)
    try:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in tables:
            if table.startswith("bits_"):
                continue
            for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 (tables that the database names)
                for each in told:
                    if any(isinstance(cell, str) and each.secret in cell for cell in row):
                        found.setdefault(each.secret, []).append(f"{table}: {row}")
                    if table == "conversation_words" and numbers[each.secret] & numbers_in(row[-1]):
                        found.setdefault(each.secret, []).append(f"{table}: {row[:-1]}")
    finally:
        connection.close()
    return found


def read_outside(path: Path) -> bytes:
    """Read a file in another process: closing it here would let go of the locks that the bot holds on its database."""
    return subprocess.run(["/bin/cat", path], capture_output=True, check=True).stdout  # noqa: S603 (ours)


def numbers_in(terms: bytes) -> set[int]:
    """The words of a chat as they stand in `conversation_words`, each by its number."""
    return set(np.frombuffer(terms, dtype="<u4").tolist())


@pytest.fixture(params=["sqlite", "postgres"])
def store(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[StoreAddress]:
    """Where the memory is kept, by one engine and then by the other."""
    server = request.getfixturevalue("database") if request.param == "postgres" else None
    SERVERS[tmp_path] = server
    yield StoreAddress(tmp_path / "memory.db", server)
    del SERVERS[tmp_path]


@pytest.mark.parametrize("way", WAYS)
async def test_nothing_is_left_of_any_kind_of_content(store: StoreAddress, way: str) -> None:
    forget, out_of_reach = WAYS[way]
    async with opened(store) as ann:
        told = {name: each for name, each in (await tell_all(ann)).items() if name not in out_of_reach}
        assert (await left_of(ann, list(told.values()))).keys() == {each.secret for each in told.values()}
        sent = len(ann.adapter.sent)
        for each in reversed(told.values()):  # first what waits: the next reply lets go what waits before it
            await forget(ann, each)
        await ann.memory.embeddings.embed_pending()
        await ann.core.services.outbox.resend()
        await ann.core.idle()
        left = await left_of(ann, list(told.values()))
        assert {name: left[each.secret] for name, each in told.items() if each.secret in left} == {}
        said = "\n".join(each.reply.text for each in ann.adapter.sent[sent:] if "Shall I forget" not in each.reply.text)
        assert [name for name, each in told.items() if each.secret in said] == []
        assert await ann.memory.upkeep.check() == []


async def test_what_a_waiting_message_replies_to_leaves_no_copy(tmp_path: Path) -> None:
    """Its words come with the reply, which may wait behind others when they are forgotten."""
    group = Conversation("test", "trip", "Trip", "group")
    async with chat(tmp_path, plugins=[MemoryPlugin(), Asking()]) as direct:
        ann = replace(direct, place=group)
        await ann.core.deliver(ann.message("/hold", addressed=True))
        before = ann.message("the gate opens with zugspitze4711x")
        asked = ann.message("what does she mean?", addressed=True)
        await ann.core.deliver(replace(asked, replied=before, reply_to=before.event_id))
        told = [Told("zugspitze4711x", before.event_id)]
        assert await left_of(ann, told)
        await ann.core.deliver(MessageDeleted(group, (before.event_id,)))
        assert await left_of(ann, told) == {}
        Asking.free.set()
        await ann.core.idle()
        assert await left_of(ann, told) == {}
        assert all("zugspitze" not in sent.reply.text for sent in ann.adapter.sent)


class Asking(Plugin):
    """Holds a chat up."""

    name = "asking"
    free = asyncio.Event()

    @command("hold", "waits")
    async def hold(self, _: Context) -> str:
        await self.free.wait()
        return "done"
