from __future__ import annotations

import asyncio
import io
import os
import signal
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from adapters.console.adapter import ConsoleAdapter
from adapters.console.input import HOW_TO_LEAVE, CommandCompleter, Lines, PipedLines, TerminalLines
from adapters.console.screen import PlainScreen, TerminalScreen
from bot.adapter import Adapter, Delivery
from bot.errors import AttachmentError
from bot.events import Event, Message, Reply, Source
from tests.emulators.patience import PATIENCE

MARA = Source(
    n=1,
    text="booked the hotel",
    author="Mara",
    said_at=datetime(2024, 5, 3, 21, 14, tzinfo=UTC),
    conversation="Lisbon trip",
    platform="whatsapp",
    kind="message",
    score=0.9,
)


class Core:
    """Answers what is delivered, as the real one does: after `deliver` has returned."""

    def __init__(self, adapter: ConsoleAdapter, answer: Callable[[Message], Awaitable[None]]) -> None:
        self._adapter = adapter
        self._answer = answer
        self._tasks: list[asyncio.Task[None]] = []
        self.heard: list[Message] = []

    async def deliver(self, event: Event) -> Delivery:
        assert isinstance(event, Message)
        self.heard.append(event)
        if event.text == "refuse me":
            return Delivery.REFUSED
        self._tasks.append(asyncio.ensure_future(self._answer(event)))
        return Delivery.ACCEPTED

    async def run(self) -> list[str]:
        async with asyncio.timeout(PATIENCE), self._adapter:
            await self._adapter.run(self.deliver)
            await asyncio.gather(*self._tasks)
        return [message.text for message in self.heard]


class Typed:
    """A person whose lines are known beforehand."""

    interactive = True

    def __init__(self, *lines: str) -> None:
        self._lines = list(lines)
        self.secrets: list[bool] = []

    async def next(self, *, secret: bool = False) -> str | None:
        await asyncio.sleep(0)
        self.secrets.append(secret)
        return self._lines.pop(0) if self._lines else None


def piped(text: bytes) -> tuple[ConsoleAdapter, io.StringIO]:
    out = io.StringIO()
    return ConsoleAdapter(lines=PipedLines(io.BytesIO(text)), screen=PlainScreen(out, UTC)), out


def on_terminal(lines: Lines) -> tuple[ConsoleAdapter, io.StringIO]:
    out = io.StringIO()
    able = {"TERM": "xterm"}  # whatever runs the tests; a dumb terminal is shown no growing reply
    console = Console(file=out, force_terminal=True, width=80, height=10, color_system=None, _environ=able)
    return ConsoleAdapter(lines=lines, screen=TerminalScreen(console, UTC)), out


async def answer_with_source(adapter: ConsoleAdapter, message: Message) -> None:
    stream = await adapter.begin(message)
    await stream.grow("Mara")
    await stream.grow("Mara booked")
    await stream.finish(Reply("Mara booked it [1]", (MARA,)))


def test_it_is_an_adapter() -> None:
    adapter, _ = piped(b"")
    assert isinstance(adapter, Adapter)


async def test_each_piped_line_is_a_question_and_replies_come_out_as_plain_text_with_sources() -> None:
    adapter, out = piped("who booked?\n\n  où est-ce ?  ".encode())
    heard = await Core(adapter, lambda message: answer_with_source(adapter, message)).run()

    assert heard == ["who booked?", "où est-ce ?"]
    one = "Mara booked it [1]\n  [1] Mara, 3 May 2024 21:14, Lisbon trip (WhatsApp)\n\n"
    assert out.getvalue() == one * 2


async def test_piped_bytes_that_are_no_utf_8_are_replaced_and_the_rest_goes_on() -> None:
    adapter, _ = piped(b"caf\xe9?\nnext\n")
    heard = await Core(adapter, lambda message: answer_with_source(adapter, message)).run()

    assert heard == ["caf\ufffd?", "next"]


async def test_the_messages_come_from_the_owner_in_one_direct_chat_and_have_ids_of_their_own() -> None:
    adapter, _ = piped(b"one\ntwo\n")
    core = Core(adapter, lambda message: answer_with_source(adapter, message))
    await core.run()

    assert {(m.sender.platform, m.sender.id, m.conversation.kind) for m in core.heard} == {
        ("console", "owner", "direct")
    }
    assert len({m.event_id for m in core.heard}) == 2
    assert all(m.sent_at.tzinfo is not None for m in core.heard)


async def test_the_next_line_waits_for_the_answer_to_the_one_before() -> None:
    adapter, _ = piped(b"one\ntwo\n")
    order: list[str] = []

    async def slow(message: Message) -> None:
        order.append(f"asked {message.text}")
        await asyncio.sleep(0.02)
        order.append(f"answered {message.text}")
        await adapter.send(message.conversation, Reply("done"), reply_to=message.event_id)

    await Core(adapter, slow).run()
    assert order == ["asked one", "answered one", "asked two", "answered two"]


async def test_a_message_that_is_refused_does_not_hold_up_the_next() -> None:
    adapter, _ = piped(b"refuse me\nhello\n")
    heard = await Core(adapter, lambda message: answer_with_source(adapter, message)).run()

    assert heard == ["refuse me", "hello"]


async def test_a_message_that_nobody_replies_to_does_not_hold_up_the_next() -> None:
    out = io.StringIO()

    async def idle() -> None:
        await asyncio.sleep(0.01)

    lines = PipedLines(io.BytesIO(b"one\ntwo\n"))
    adapter = ConsoleAdapter(lines=lines, screen=PlainScreen(out, UTC), idle=idle)

    async def say_nothing(_message: Message) -> None:
        return

    assert await Core(adapter, say_nothing).run() == ["one", "two"]


@pytest.mark.parametrize("word", ["/quit", "/exit"])
async def test_quit_leaves(word: str) -> None:
    adapter, _ = piped(f"{word}\nnever said\n".encode())
    assert await Core(adapter, lambda message: answer_with_source(adapter, message)).run() == []


async def test_a_failure_is_shown_and_the_chat_goes_on() -> None:
    adapter, out = piped(b"one\n")

    async def fail(message: Message) -> None:
        stream = await adapter.begin(message)
        await stream.fail("That went wrong (error 7).")

    await Core(adapter, fail).run()
    assert out.getvalue() == "That went wrong (error 7).\n\n"


async def test_a_growing_reply_is_replaced_by_the_whole_one() -> None:
    adapter, out = on_terminal(Typed("who?"))
    await Core(adapter, lambda message: answer_with_source(adapter, message)).run()

    assert "  Mara booked it [1]" in out.getvalue()
    assert "  [1] Mara, 3 May 2024 21:14, Lisbon trip (WhatsApp)" in out.getvalue()


async def test_a_reply_higher_than_the_terminal_shows_its_end_while_it_grows() -> None:
    adapter, out = on_terminal(Typed("count"))
    text = "\n\n".join(f"line {n}" for n in range(40))

    async def long(message: Message) -> None:
        stream = await adapter.begin(message)
        await stream.grow(text)
        async with asyncio.timeout(PATIENCE):
            while "line 39" not in out.getvalue():  # noqa: ASYNC110 (the screen is drawn beside this)
                await asyncio.sleep(0.01)
        assert "line 3\n" not in out.getvalue()
        await stream.finish(Reply(text))

    await Core(adapter, long).run()
    assert "line 3 " in out.getvalue()


async def test_remembered_text_cannot_steer_the_terminal() -> None:
    evil = "\x1b]52;c;ZXZpbA==\x07\x1b[2Jhello\x9b31m"
    source = Source(**{**{name: getattr(MARA, name) for name in MARA.__slots__}, "author": evil})
    for adapter, out in (on_terminal(Typed("hi")), piped(b"hi\n")):

        async def answer(message: Message, adapter: ConsoleAdapter = adapter) -> None:
            await (await adapter.begin(message)).finish(Reply(evil, (source,)))

        await Core(adapter, answer).run()
        assert "hello" in out.getvalue()
        for control in ("\x1b]", "\x1b[2J", "\x07", "\x9b"):
            assert control not in out.getvalue()


async def test_ctrl_c_stops_the_answer_that_is_being_written_and_the_chat_goes_on() -> None:
    adapter, out = on_terminal(Typed("long story", "next"))
    stopped = asyncio.Event()

    async def answer(message: Message) -> None:
        if message.text == "/stop":
            stopped.set()
            return
        stream = await adapter.begin(message)
        if message.text == "long story":
            await stream.grow("once upon a time")
            os.kill(os.getpid(), signal.SIGINT)
            await stopped.wait()
            await stream.fail("Stopped.")
        else:
            await stream.finish(Reply("here I am"))

    assert await Core(adapter, answer).run() == ["long story", "/stop", "next"]
    assert "Stopped." in out.getvalue()
    assert "here I am" in out.getvalue()


async def _heard(line: str) -> Message:
    adapter, _ = piped(f"{line}\n".encode())

    async def answer(message: Message) -> None:
        await adapter.send(message.conversation, Reply("ok"), reply_to=message.event_id)

    core = Core(adapter, answer)
    await core.run()
    return core.heard[0]


@pytest.mark.parametrize(
    "written",
    [
        "'{path}' what is in it?",
        '"{path}" what is in it?',
        "{escaped} what is in it?",
        "file://{quoted} what is in it?",
        "  '{path}'   what is in it?  ",
    ],
)
async def test_a_line_that_begins_with_the_path_of_a_file_sends_it(tmp_path: Path, written: str) -> None:
    path = tmp_path / "trip to Lisboa é.pdf"
    path.write_bytes(b"%PDF-" + bytes(range(256)) * 2000)
    line = written.format(path=path, escaped=str(path).replace(" ", "\\ "), quoted=quote(str(path)))
    message = await _heard(line)
    (file,) = message.attachments
    assert (message.text, file.name, file.media_type) == ("what is in it?", path.name, "application/pdf")
    assert file.size == path.stat().st_size
    adapter, _ = piped(b"")
    assert b"".join([piece async for piece in adapter.fetch(file)]) == path.read_bytes()
    path.unlink()
    with pytest.raises(AttachmentError, match=r"trip to Lisboa é\.pdf can't be read"):
        [piece async for piece in adapter.fetch(file)]


async def test_the_next_line_waits_for_all_that_is_said_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    done = asyncio.Event()
    heard: list[str] = []
    lines = PipedLines(io.BytesIO(f"{tmp_path}/a.txt what is in it?\nnext\n".encode()))

    async def idle() -> None:
        await done.wait()

    adapter = ConsoleAdapter(lines=lines, screen=PlainScreen(io.StringIO(), UTC), idle=idle)

    async def answer(message: Message) -> None:
        await adapter.send(message.conversation, Reply("I have read it."), reply_to=message.event_id)
        await asyncio.sleep(0)
        heard.extend(each.text for each in core.heard)
        await adapter.send(message.conversation, Reply("An a."), reply_to=message.event_id)
        done.set()

    core = Core(adapter, answer)
    assert await core.run() == ["what is in it?", "next"]
    assert heard[0] == "what is in it?"
    assert heard.count("next") == 1


async def test_several_files_are_sent_at_once(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    message = await _heard(f"{tmp_path}/a.txt {tmp_path}/b.txt")
    assert (message.text, [file.name for file in message.attachments]) == ("", ["a.txt", "b.txt"])


@pytest.mark.parametrize(
    "line",
    [
        "/memories",
        "/frogt",
        "either/or",
        "/nowhere/at/all is where?",
        "see /tmp",
        "what is in a.txt?",
        "~nobody-there/x",
        "/" + "x" * 5000,
        "'",
        "file://[",
        "and/or",
    ],
)
async def test_what_names_no_file_is_said_as_it_stands(line: str) -> None:
    message = await _heard(line)
    assert (message.text, message.attachments) == (line, ())


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/nowhere/at/all.pdf", "There is no file /nowhere/at/all.pdf here"),
        ("./missing.txt what is in it?", "There is no file ./missing.txt here"),
        ("report.pdf", "There is no file report.pdf here"),
        ("'two words.pdf'", "There is no file two words.pdf here"),
        ("/nowhere/at/all", "There is no file /nowhere/at/all here"),
        ("~/no-such-notes", "There is no file ~/no-such-notes here"),
        ("/", "/ is a folder; `scrubjay ingest /` reads the files in it."),
        ("~/", "~/ is a folder; `scrubjay ingest ~/` reads the files in it."),
    ],
)
async def test_a_path_that_names_no_file_is_told_and_not_taken_for_talk(line: str, told: str) -> None:
    adapter, out = piped(f"{line}\n".encode())

    async def answer(message: Message) -> None:
        raise AssertionError(message.text)

    assert await Core(adapter, answer).run() == []
    assert told in out.getvalue()


async def test_a_command_is_no_path_even_where_a_folder_has_its_name() -> None:
    out = io.StringIO()
    adapter = ConsoleAdapter(
        commands=[("usr", "not the folder")],
        lines=PipedLines(io.BytesIO(b"/usr\n")),
        screen=PlainScreen(out, UTC),
    )

    async def answer(message: Message) -> None:
        await adapter.send(message.conversation, Reply("ok"), reply_to=message.event_id)

    assert await Core(adapter, answer).run() == ["/usr"]


async def test_what_was_typed_is_kept_for_the_next_time_in_a_file_only_its_owner_can_read(tmp_path: Path) -> None:
    history = tmp_path / "data" / "history"
    with create_pipe_input() as keys:
        lines = TerminalLines([], history, terminal_input=keys, terminal_output=DummyOutput())
        keys.send_text("when did we book?\r\x04")
        assert await lines.next() == "when did we book?"
        assert await lines.next() is None

    assert "when did we book?" in history.read_text()
    assert history.stat().st_mode & 0o077 == 0


async def test_a_secret_is_in_no_history(tmp_path: Path) -> None:
    history = tmp_path / "history"
    with create_pipe_input() as keys:
        lines = TerminalLines([], history, terminal_input=keys, terminal_output=DummyOutput())
        keys.send_text("tortoise42\rwhen did we book?\r\x04")
        assert await lines.next(secret=True) == "tortoise42"
        assert await lines.next() == "when did we book?"
        assert await lines.next() is None

    assert "tortoise42" not in history.read_text()


async def test_the_line_after_a_secret_question_and_no_other_is_typed_as_a_secret() -> None:
    async def answer(message: Message) -> None:
        stream = await adapter.begin(message)
        await stream.finish(Reply("What is its password?", secret=True) if message.text == "read" else Reply("Read."))

    typed = Typed("hello", "read", "tortoise42", "thanks")
    adapter, _ = on_terminal(typed)
    await Core(adapter, answer).run()
    assert typed.secrets == [False, False, True, False, False]


class Shown(DummyOutput):
    """A terminal that keeps what is written to it."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, data: str) -> None:
        self.text += data


async def test_ctrl_c_drops_the_line_and_on_an_empty_line_tells_how_to_leave_and_leaves_the_second_time() -> None:
    shown = Shown()
    with create_pipe_input() as keys:
        lines = TerminalLines([], None, terminal_input=keys, terminal_output=shown)
        keys.send_text("half a quest\x03whole\r")
        assert await lines.next() == "whole"
        assert HOW_TO_LEAVE not in shown.text
        keys.send_text("\x03still here\r")
        assert await lines.next() == "still here"
        assert HOW_TO_LEAVE in shown.text
        keys.send_text("\x03\x03")
        assert await lines.next() is None


def test_commands_are_completed_by_name_with_their_help() -> None:
    completer = CommandCompleter([("help", "what I can do"), ("forget", "remove it"), ("facts", "what holds")])

    def complete(text: str) -> list[tuple[str, str]]:
        found = completer.get_completions(Document(text), CompleteEvent())
        return [(each.text, each.display_meta_text) for each in found]

    assert complete("/f") == [("/facts", "what holds"), ("/forget", "remove it")]
    assert complete("/forget 1") == complete("hello /f") == []
