"""Chat in the terminal the bot runs in, or through pipes: a question a line in, replies out."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Self
from uuid import uuid4

from rich.console import Console

from adapters.console.attachments import find_trouble, read_file, split_files_off
from adapters.console.files import save_all
from adapters.console.input import Lines, PipedLines, TerminalLines
from adapters.console.interrupt import interrupts
from adapters.console.screen import PlainScreen, Screen, TerminalScreen
from bot import LocalZone
from bot.adapter import Deliver, Delivery, Limits
from bot.choices import number_options
from bot.events import Attachment, Conversation, Message, Person, Reply
from bot.translation import current_language

OWNER = Person("console", "owner", "You")
CONVERSATION = Conversation("console", "chat", "Chat")
LEAVING = ("/quit", "/exit")
STOP = "/stop"
TEXT_CHARS = 10_000_000
FRAME_SECONDS = 0.08
STOPPING_SECONDS = 2.0
"""How long a stopped reply may take to say so before the person can go on."""

Idle = Callable[[], Awaitable[None]]
"""Waits until nothing is being handled: `Core.idle`."""


@dataclass(slots=True)
class ConsoleTurn:
    """A question that was asked, and whether its reply has come; `many` when there may be more than one."""

    event_id: str
    many: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)


class ConsoleAdapter:
    """The console as a chat platform with one person, the machine's owner, in one direct chat.

    On a terminal replies grow as they are written, Ctrl-C stops the one that is being written, Ctrl-D leaves.
    Without a terminal each line of standard input is a question, and the replies come out as plain text.
    A line that begins with the path of a file sends the file. `commands` (name and help) are completed; what was typed
    is kept in `history_file`, what comes with replies in `files_folder`. With `idle` the next line is taken also when a
    handler has nothing to say.
    """

    name = "console"
    limits = Limits(text_chars=TEXT_CHARS, edit_seconds_direct=FRAME_SECONDS)

    def __init__(
        self,
        *,
        person: Person = OWNER,
        commands: Iterable[tuple[str, str]] = (),
        history_file: Path | None = None,
        zone: tzinfo | None = None,
        lines: Lines | None = None,
        screen: Screen | None = None,
        idle: Idle | None = None,
        files_folder: Path = Path("files"),
    ) -> None:
        self._idle = idle
        self._files_folder = files_folder
        self._person = person
        commands = tuple(commands)
        self._commands = frozenset(name for name, _ in commands)
        self._lines = lines or _lines(commands, history_file)
        self._screen = screen or _screen(zone or LocalZone())
        self._turn: ConsoleTurn | None = None
        self._asked_secret = False

    async def __aenter__(self) -> Self:
        """Need nothing: the console is there."""
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Leave the screen tidy."""
        self._screen.drop()

    async def run(self, deliver: Deliver) -> None:
        """Deliver one line after the other, each when the one before is answered, until there are no more."""
        while (line := await self._lines.next(secret=self._asked_secret)) is not None:
            self._asked_secret = False
            text = line.strip()
            if text in LEAVING:
                return
            if text:
                await self._say(text, deliver)

    async def begin(self, message: Message) -> ConsoleReply:
        """Start a reply; it grows on the screen as long as the person waits for it."""
        return ConsoleReply(self, message.event_id)

    async def send(self, conversation: Conversation, reply: Reply, *, reply_to: str | None = None) -> tuple[str, ...]:  # noqa: ARG002 (there is but one conversation)
        """Show a whole reply."""
        await self.show(reply)
        self.end_turn(reply_to)
        return (uuid4().hex,)

    def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """Yield the bytes of a file whose path was typed."""
        return read_file(attachment)

    async def show(self, reply: Reply) -> None:
        """Put a whole reply on the screen, its options numbered, its files saved."""
        self._asked_secret = reply.secret
        saved = await asyncio.to_thread(save_all, reply.files, self._files_folder) if reply.files else []
        shown = number_options(reply)
        self._screen.finish(replace(shown, text="\n\n".join(part for part in (shown.text, "\n".join(saved)) if part)))

    def show_growing(self, event_id: str, text: str) -> None:
        """Put a part of a reply on the screen, unless the person has gone on."""
        if self._turn is not None and self._turn.event_id == event_id:
            self._screen.grow(text)

    def end_turn(self, event_id: str | None) -> None:
        """Let the person go on when this was the question they wait for."""
        if self._turn is not None and self._turn.event_id == event_id:
            self._turn.over.set()

    async def _say(self, text: str, deliver: Deliver) -> None:
        said, files = await asyncio.to_thread(split_files_off, text)
        trouble = None if files else await asyncio.to_thread(find_trouble, text, self._commands)
        if trouble is not None:
            self._screen.note(trouble)
            return
        message = self._message(said, files)
        self._turn = turn = ConsoleTurn(message.event_id, many=bool(files))
        self._screen.wait()
        try:
            if await deliver(message) is Delivery.ACCEPTED:
                await self._wait_for_reply(turn, deliver)
        finally:
            self._screen.drop()
            self._turn = None

    async def _wait_for_reply(self, turn: ConsoleTurn, deliver: Deliver) -> None:
        with interrupts() if self._lines.interactive else nullcontext(asyncio.Event()) as pressed:
            tasks = [asyncio.create_task(self._stop_on_interrupt(pressed, turn, deliver), name="console-stop")]
            if self._idle is None or not turn.many:
                tasks.append(asyncio.create_task(turn.over.wait(), name="console-reply"))
            if self._idle is not None:
                tasks.append(asyncio.create_task(_wait_for(self._idle()), name="console-idle"))
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks)

    async def _stop_on_interrupt(self, pressed: asyncio.Event, turn: ConsoleTurn, deliver: Deliver) -> bool:
        await pressed.wait()
        await deliver(self._message(STOP))
        with suppress(TimeoutError):
            await asyncio.wait_for(turn.over.wait(), STOPPING_SECONDS)
        return True

    def _message(self, text: str, files: tuple[Attachment, ...] = ()) -> Message:
        return Message(
            uuid4().hex,
            CONVERSATION,
            self._person,
            text,
            datetime.now(UTC),
            attachments=files,
            language=current_language(),
        )


class ConsoleReply:
    """One reply while it is being written."""

    def __init__(self, adapter: ConsoleAdapter, event_id: str) -> None:
        self._adapter = adapter
        self._event_id = event_id

    async def grow(self, text: str) -> None:
        """Show the text so far."""
        self._adapter.show_growing(self._event_id, text)

    async def finish(self, reply: Reply) -> tuple[str, ...]:
        """Show the whole reply with its sources."""
        await self._adapter.show(reply)
        self._adapter.end_turn(self._event_id)
        return (uuid4().hex,)

    async def fail(self, text: str) -> None:
        """Show this sentence in place of an answer."""
        await self._adapter.show(Reply(text))
        self._adapter.end_turn(self._event_id)


async def _wait_for(work: Awaitable[None]) -> bool:
    await work
    return True


def _lines(commands: Iterable[tuple[str, str]], history_file: Path | None) -> Lines:
    if sys.stdin.isatty() and sys.stdout.isatty():
        return TerminalLines(commands, history_file)
    return PipedLines(sys.stdin.buffer)


def _screen(zone: tzinfo) -> Screen:
    if sys.stdin.isatty() and sys.stdout.isatty():
        return TerminalScreen(Console(), zone)
    return PlainScreen(sys.stdout, zone)
