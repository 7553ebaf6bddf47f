"""Files that come with a message: fetched, read, and told about; an encrypted one's password is asked for."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import CommandError, FileUnreadable, NotYetReadable, PasswordNeeded
from bot.events import Attachment, Message, Reply
from bot.reading.incoming import IncomingFile
from bot.reading.names import safe_name
from bot.reading.outcome import Outcome, Told, describe_progress
from bot.reading.reading import Destination, Reading
from bot.translation import format_number, gettext

if TYPE_CHECKING:
    from bot.context import HandlerIO

_NO = frozenset({"no", "n", "cancel", "stop", "skip", "nein", "não", "non"})
_PASSWORD_TRIES = 3
_PATIENCE = 600


@dataclass(frozen=True, slots=True)
class AttachmentReader:
    """Reads the files of one message into one place.

    With `aloud` false, in a group that has not addressed the bot, nothing is asked or told. `may_store` raises
    CommandError when by then nothing may be stored any more. `keep` takes a file that can't be read yet; `alive` is
    called while reading gets on, or waits its turn, and `see` is told which document a file became.
    """

    reading: Reading
    io: HandlerIO
    message: Message
    destination: Destination
    may_store: Callable[[], Awaitable[None]]
    keep: Callable[[IncomingFile, NotYetReadable], Awaitable[str]]
    alive: Callable[[], None]
    aloud: bool
    see: Callable[[int], Awaitable[None]] | None = None

    async def take(self, file: Attachment) -> Told:
        """Read one file; return what there is to tell of it. Raises FileUnreadable and CommandError."""
        async with self._fetch(file) as fetched:
            return await self.take_in(fetched)

    async def take_in(self, file: IncomingFile) -> Told:
        """Read a file that is here already. Raises FileUnreadable and CommandError."""
        try:
            outcome = await self._read(file)
        except NotYetReadable as error:
            return Told(await self.keep(file, error))
        if self.see is not None:
            await self.see(outcome.change.document.id)
        return Told(outcome.sentence(), outcome.answers, outcome.words)

    @asynccontextmanager
    async def _fetch(self, file: Attachment) -> AsyncIterator[IncomingFile]:
        """Keep the file on disk for as long as it is read. Raises FileUnreadable when it is too large."""
        name = safe_name(file.name)
        most = self.reading.options.most_megabytes << 20
        if file.size is not None and file.size > most:
            raise FileUnreadable(self._too_large(name))
        with tempfile.TemporaryDirectory(prefix="scrubjay-file-", ignore_cleanup_errors=True) as folder:
            path, size = Path(folder, name), 0
            with path.open("wb") as target:  # noqa: ASYNC230 (a moment)
                async for piece in self.io.fetch(file):
                    size += len(piece)
                    if size > most:
                        raise FileUnreadable(self._too_large(name))
                    await asyncio.to_thread(target.write, piece)
            source = f"{self.message.conversation.platform}:{self.message.event_id}#{self._number_of(file)}"
            yield IncomingFile(path, name, file.media_type, size, source, caption=self.message.text)

    async def _read(self, file: IncomingFile) -> Outcome:
        for _ in range(_PASSWORD_TRIES):
            try:
                return await self._read_once(file)
            except PasswordNeeded as error:
                if not self.aloud:
                    raise
                file = replace(file, password=await self._ask_password(file.name, str(error)))
        return await self._read_once(file)

    async def _read_once(self, file: IncomingFile) -> Outcome:
        reading = partial(self.reading.read, file, self.destination, before_storing=self.may_store, alive=self.alive)
        if not self.aloud:
            return await reading(lambda _: self.alive())
        async with self.io.growing() as grow:
            return await reading(lambda progress: grow(describe_progress(file.name, progress)))

    async def _ask_password(self, name: str, why: str) -> str:
        """Ask for a password; the message that holds it is not stored. Raises CommandError when there is none."""
        question = gettext(
            "{why} What is its password? I use it once and don't keep it; “no” leaves the file unread.", why=why
        )
        said = (await self.io.ask(Reply(question, secret=True), _PATIENCE)).strip()
        if said.casefold() in _NO:
            raise CommandError(gettext("I have left {name} unread.", name=name))
        return said

    def _number_of(self, file: Attachment) -> int:
        return self.message.attachments.index(file) + 1

    def _too_large(self, name: str) -> str:
        return gettext(
            "{name} is larger than {limit} MB, so I have not read it.",
            name=name,
            limit=format_number(self.reading.options.most_megabytes),
        )
