"""Ana in her direct chat with the bot, on each platform: what every platform must do is written once with it."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC
from pathlib import Path
from typing import Protocol, TypeVar

from adapters.console.adapter import ConsoleAdapter
from adapters.console.screen import PlainScreen
from bot.adapter import Adapter
from bot.answering.answer import Answerer
from bot.app import build_core
from bot.choices import OVER
from bot.events import Person
from bot.models import LanguageModel
from bot.models.extractive import ExtractiveModel
from bot.pipeline.core import CoreOptions
from bot.plugin import Plugin
from bot.testing import Everybody
from memory import Memory
from memory.embedders.hashing import HashingEmbedder
from plugins.memory import MemoryPlugin
from tests.adapters import bots, discord_bot, slack_bot, telegram_bot, whatsapp_bot
from tests.emulators import discord_places, slack_workspace, telegram_chats, whatsapp_script
from tests.emulators.discord import DiscordServer
from tests.emulators.patience import PATIENCE
from tests.emulators.slack import SlackServer
from tests.emulators.telegram import TelegramServer
from tests.emulators.whatsapp import WhatsAppServer

PostedT = TypeVar("PostedT")
Found = TypeVar("Found")

ONLINE = ["telegram", "slack", "discord", "whatsapp"]
EVERYWHERE = ["console", *ONLINE]


class Seat(Protocol):
    """Ana in her direct chat with the bot."""

    adapter: Adapter

    async def connected(self) -> None:
        """Wait until the bot hears what is said; most platforms keep for it what is said before."""
        await asyncio.sleep(0)

    async def says(self, text: str) -> None:
        """Send a message."""

    async def uses(self, name: str, text: str = "") -> None:
        """Use a command in the way that the platform has for it."""
        await self.says(f"/{name} {text}")

    async def sends_file(self, name: str, data: bytes) -> None:
        """Send a file."""

    def shown(self) -> list[str]:
        """Return what the bot has said, each message as it stands now."""
        ...

    def received(self) -> dict[str, bytes]:
        """Return the files that the bot has sent."""
        ...


class PlatformSeat(Seat, Protocol):
    """The same where a message goes over a network, and stays with the platform.

    Where the platform does not show by itself what was pressed, the bot `shows_presses` in its question.
    """

    shows_presses: bool = True

    async def says_twice(self, text: str) -> None:
        """Send a message that the platform delivers twice."""

    async def edits_last(self, text: str) -> None:
        """Change the message that was sent last."""

    async def judges(self, text: str, *, good: bool) -> None:
        """Give a thumb to the message of the bot that has this in it."""

    async def presses(self, label: str) -> str:
        """Press a button of the last message that has it, and return what Ana alone is told."""
        ...


class Writer(Protocol[PostedT]):
    """A person on an emulated platform, as far as what they do is the same on each."""

    async def says(self, text: str, /) -> PostedT:
        """Send a message."""
        ...

    async def sends_file(self, name: str, data: bytes, media_type: str, /) -> PostedT:
        """Send a file."""
        ...

    async def edits(self, posted: PostedT, text: str, /) -> None:
        """Change a message."""


class WriterSeat(PlatformSeat, Protocol[PostedT]):
    """What Ana writes on an emulated platform."""

    _writer: Writer[PostedT]
    _said: PostedT

    async def says(self, text: str) -> None:
        self._said = await self._writer.says(text)

    async def sends_file(self, name: str, data: bytes) -> None:
        await self._writer.sends_file(name, data, "application/octet-stream")

    async def edits_last(self, text: str) -> None:
        await self._writer.edits(self._said, text)


class ConsoleSeat(io.StringIO, Seat):
    """The lines that are typed, and the file that replies are written to, each in one piece."""

    interactive = False

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._replies: list[str] = []
        self._typed: asyncio.Queue[str] = asyncio.Queue()
        ana = Person("console", "owner", "Ana")
        screen, self._folder = PlainScreen(self, UTC), folder
        self.adapter: Adapter = ConsoleAdapter(person=ana, lines=self, screen=screen, files_folder=folder)

    def write(self, text: str) -> int:
        self._replies.append(text.strip())
        return len(text)

    async def next(self, *, secret: bool = False) -> str | None:  # noqa: ARG002 (the protocol's)
        return await self._typed.get()

    async def says(self, text: str) -> None:
        self._typed.put_nowait(text)

    async def sends_file(self, name: str, data: bytes) -> None:
        path = self._folder.with_name(name)
        await asyncio.to_thread(path.write_bytes, data)
        await self.says(f'"{path}"')

    def shown(self) -> list[str]:
        return self._replies

    def received(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self._folder.iterdir()} if self._folder.is_dir() else {}


class TelegramSeat(WriterSeat[telegram_chats.Posted]):
    def __init__(self, server: TelegramServer) -> None:
        self._server = server
        self._ana = self._writer = server.user("Ana")
        self.adapter: Adapter = telegram_bot.adapter_for(server)

    async def says_twice(self, text: str) -> None:
        await self.says(text)
        self._server.deliver(self._said)

    async def presses(self, label: str) -> str:
        posted = next(each for each in reversed(self._ana.messages) if label in str(each.keyboard))
        return await self._ana.presses(posted, label)

    async def judges(self, text: str, *, good: bool) -> None:
        posted = next(each for each in self._ana.room.from_bot if text in each.text)
        await self._ana.reacts(posted, "👍" if good else "👎")

    def shown(self) -> list[str]:
        return self._ana.room.texts

    def received(self) -> dict[str, bytes]:
        sent = [posted.file["document"] for posted in self._ana.messages if posted.file]
        return {each["file_name"]: self._server.files[each["file_id"]] for each in sent}


class SlackSeat(WriterSeat[slack_workspace.Posted]):
    def __init__(self, server: SlackServer) -> None:
        self._server = server
        self._ana = self._writer = server.person("Ana")
        self.adapter: Adapter = slack_bot.adapter_for(server)

    async def says_twice(self, text: str) -> None:
        self._server.events.hold()
        await self.says(text)
        self._server.events.release(copies=2)
        await self._server.events.settled()

    async def uses(self, name: str, text: str = "") -> None:
        await self._ana.uses(f"/{name}", text)

    async def presses(self, label: str) -> str:
        posted = next(each for each in reversed(self._ana.messages) if label in each.buttons)
        return await self._ana.presses(posted, label)

    async def judges(self, text: str, *, good: bool) -> None:
        posted = next(each for each in self._ana.messages if text in each.shown)
        self._ana.reacts(posted, "+1" if good else "-1")

    def shown(self) -> list[str]:
        return [posted.shown for posted in self._ana.messages if not posted.is_streaming]

    def received(self) -> dict[str, bytes]:
        files = [file for posted in self._ana.messages for file in posted.files]
        return {file["name"]: self._server.files[file["id"]] for file in files}


class DiscordSeat(WriterSeat[discord_places.Posted]):
    def __init__(self, server: DiscordServer) -> None:
        self._server = server
        self._ana = self._writer = server.person("Ana")
        self.adapter: Adapter = discord_bot.adapter_for(server)

    async def connected(self) -> None:
        await self._server.connected()

    async def says_twice(self, text: str) -> None:
        await self.says(text)
        await self._server.tell("MESSAGE_CREATE", self._said)

    async def uses(self, name: str, text: str = "") -> None:
        await self._ana.uses(name, **({"text": text} if text else {}))

    async def presses(self, label: str) -> str:
        posted = next(each for each in reversed(self._ana.room.by_bot()) if label in str(each.buttons))
        return await self._ana.presses(posted, label)

    async def judges(self, text: str, *, good: bool) -> None:
        posted = next(each for each in self._ana.room.by_bot() if text in each.text)
        await self._ana.reacts(posted, "👍" if good else "👎")

    def shown(self) -> list[str]:
        return [posted.text for posted in self._ana.room.by_bot()]

    def received(self) -> dict[str, bytes]:
        files = [file for posted in self._ana.room.by_bot() for file in posted.files]
        return {file["filename"]: self._server.files[file["filename"]] for file in files}


class WhatsAppSeat(WriterSeat[whatsapp_script.Posted]):
    shows_presses = False

    def __init__(self, server: WhatsAppServer) -> None:
        self._server = server
        self._ana = self._writer = server.person("Ana")
        self.adapter: Adapter = whatsapp_bot.adapter_for(server)

    async def says_twice(self, text: str) -> None:
        self._server.deliveries.hold()
        await self.says(text)
        self._server.deliveries.release(copies=2)
        await self._server.deliveries.settled()

    async def presses(self, label: str) -> str:
        """Press a button; what WhatsApp then tells Ana is a message like any other."""
        posted = next(each for each in reversed(self._ana.messages) if label in each.options)
        known = len(self._ana.messages)
        await self._ana.presses(posted, label)
        said = await self._server.until(lambda: self._ana.messages[known:] or None)
        return OVER if said[0].text == OVER else ""

    async def judges(self, text: str, *, good: bool) -> None:
        posted = next(each for each in self._ana.messages if text in each.text)
        self._ana.reacts(posted, "👍" if good else "👎")

    def shown(self) -> list[str]:
        return [posted.text for posted in self._ana.messages if posted.text]

    def received(self) -> dict[str, bytes]:
        sent = [posted.content for posted in self._ana.messages if "id" in posted.content]
        return {each["filename"]: self._server.files[each["id"]] for each in sent}


@asynccontextmanager
async def seat_on(platform: str, folder: Path) -> AsyncIterator[Seat]:
    """Open a platform with Ana on it."""
    match platform:
        case "telegram":
            async with TelegramServer.open() as telegram:
                yield TelegramSeat(telegram)
        case "slack":
            async with SlackServer.open() as slack:
                yield SlackSeat(slack)
        case "discord":
            async with DiscordServer.open() as discord:
                yield DiscordSeat(discord)
        case "whatsapp":
            async with WhatsAppServer.open() as whatsapp:
                yield WhatsAppSeat(whatsapp)
        case _:
            yield ConsoleSeat(folder / "files")


@asynccontextmanager
async def bot_for(
    seat: Seat,
    folder: Path,
    model: LanguageModel | None = None,
    plugins: Sequence[Plugin] = (),
    options: CoreOptions | None = None,
) -> AsyncIterator[Memory]:
    """Run a bot that everybody may talk to, and nobody there owns."""
    async with (
        Memory.open(folder / "memory.db", HashingEmbedder()) as memory,
        build_core(
            memory,
            Answerer(memory, model or ExtractiveModel()),
            access=Everybody(owner=Person(seat.adapter.name, "nobody", "Owner")),
            plugins=[MemoryPlugin(), *plugins],
            options=options or CoreOptions(grace=2),
        ) as core,
        bots.serving(core, [seat.adapter]),
    ):
        await seat.connected()
        yield memory


async def sees(seat: Seat, pattern: str) -> str:
    """Wait for a message of the bot in which this is found."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not (found := [text for text in seat.shown() if re.search(pattern, text, re.DOTALL)]):  # noqa: ASYNC110 (the emulators share no event)
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"Ana does not see {pattern!r}, but: {seat.shown()}") from None
    return found[0]


async def until(true: Callable[[], bool]) -> None:
    """Wait until something has come true."""
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 (the emulators share no event)
            await asyncio.sleep(0.01)


async def keeps(memory: Memory, text: str, count: int) -> None:
    """Wait until so many things are stored that have this in them."""
    async with asyncio.timeout(PATIENCE):
        while len(await bots.stored(memory, text)) != count:  # noqa: ASYNC110 (the memory tells nobody)
            await asyncio.sleep(0.01)


async def wait_for_last(find: Callable[[], Sequence[Found]], what: str, shown: Callable[[], list[str]]) -> Found:
    """Return the last of what is found, as soon as anything is; `shown` says what there was instead."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not (found := find()):  # noqa: ASYNC110 (the emulators share no event)
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"Ana does not get {what!r}, but: {shown()}") from None
    return found[-1]
