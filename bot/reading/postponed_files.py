"""Files that can't be read yet, because a model or a library is missing: kept, and read once it is there."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from bot.errors import FORGOTTEN_MEANWHILE, NOT_KEPT, CommandError, FileUnreadable, NotYetReadable, ReaderFailed
from bot.events import Message, Reply, from_json, to_json
from bot.pipeline.outbox import OutgoingReply
from bot.pipeline.received import Received
from bot.reading.incoming import IncomingFile
from bot.reading.reading import Destination
from bot.translation import gettext, gettext_noop
from memory.errors import SourceForgotten
from memory.private_files import create_private, make_private_folder
from memory.records import Passage, Scope, Selection

if TYPE_CHECKING:
    from bot.pipeline.services import Services

logger = logging.getLogger(__name__)

_BEING_COPIED = 600.0
"""Seconds for which a file without a note may be one that is being copied."""
_KEPT = gettext_noop("{error} I have kept the file, and will read it as soon as I can.")
_NO_ROOM = gettext_noop("{error} I have no room to keep the file until then, so send it again.")
_COULD_NOT = gettext_noop("{name}, which I had kept, can't be read: its reader failed.")


@dataclass(frozen=True, slots=True)
class _Note:
    """What is known of a kept file. It belongs to its conversation, and is forgotten with it."""

    message: Message
    passage_id: int
    name: str
    media_type: str
    size: int
    source: str
    aloud: bool


class KeptFiles:
    """The files in the folder `kept` beside the database, each with a note in its conversation.

    The memory removes a file with its note, when its message is forgotten. One that never got its note, because the bot
    was killed, is removed when the folder is next looked at.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._notes = services.memory.ledger.kept_files
        self._folder = self._notes.folder

    async def keep(self, file: IncomingFile, received: Received, error: FileUnreadable, *, aloud: bool) -> str:
        """Keep a file that came with a message; return the sentence that says so, or that there is no room.

        Where not `aloud`, nothing is told when it is read.
        """
        if received.passage_id is None:
            raise CommandError(gettext(NOT_KEPT))
        most = self._services.reading.options.kept_megabytes << 20
        if await asyncio.to_thread(_measure, self._folder) + file.size > most:
            return gettext(_NO_ROOM, error=error)
        name = uuid4().hex
        await asyncio.to_thread(_copy, file.path, self._folder / name)
        what = (file.name, file.media_type, file.size, file.source)
        note = _Note(received.message, received.passage_id, *what, aloud)
        try:
            await self._notes.keep(name, received.conversation.id, to_json(note), received.own)
        except SourceForgotten as gone:
            await asyncio.to_thread(shutil.rmtree, self._folder / name, ignore_errors=True)
            raise CommandError(gettext(FORGOTTEN_MEANWHILE)) from gone
        return gettext(_KEPT, error=error)

    async def read(self) -> None:
        """Read what can be read by now, and tell what came of it where it was sent; the rest stays."""
        notes = await self._read_notes()
        await asyncio.to_thread(_sweep, self._folder, frozenset(notes))
        waiting: set[str] = set()
        for name, note in sorted(notes.items(), key=lambda each: each[1].size):
            if note.message.conversation.platform in self._services.outbox.platforms and note.media_type not in waiting:
                try:
                    said = await self._read(name, note)
                except NotYetReadable:
                    waiting.add(note.media_type)
                else:
                    await self._finish(name, note, said)

    async def _read(self, name: str, note: _Note) -> str | None:
        """Read one file; return what there is to say. Raises NotYetReadable."""
        path = self._folder / name / note.name
        passage = await self._find_passage(note)
        if passage is None or not path.exists():
            return None
        file = IncomingFile(path, note.name, note.media_type, note.size, note.source)
        destination = Destination(
            passage.conversation, passage.author_id, note.message.sent_at, drawn_from=(passage.id,)
        )
        try:
            outcome = await self._services.reading.read(file, destination, before_storing=lambda: self._may_store(note))
        except NotYetReadable:
            raise
        except CommandError:
            return None
        except FileUnreadable as error:
            return str(error)
        except ReaderFailed:
            logger.exception("The file %s, kept for later, could not be read", note.name)
            return gettext(_COULD_NOT, name=note.name)
        is_same = outcome.change.document.source == note.source  # it was read, but not told before an end came
        return (replace(outcome, duplicate=False) if is_same else outcome).sentence()

    async def _finish(self, name: str, note: _Note, said: str | None) -> None:
        message = note.message
        if said is not None and note.aloud and (passage := await self._find_passage(note)) is not None:
            outgoing = OutgoingReply(message.conversation, Reply(said), message.event_id, "command")
            await self._services.outbox.send(outgoing, passage.conversation, None)
        await self._notes.delete(name)
        await asyncio.to_thread(shutil.rmtree, self._folder / name, ignore_errors=True)

    async def _may_store(self, note: _Note) -> None:
        """Raise CommandError when the message is forgotten by now, or nothing may be kept there any more."""
        if await self._find_passage(note) is None:
            raise CommandError(gettext("The message is gone."))

    async def _find_passage(self, note: _Note) -> Passage | None:
        """Return the message that the file came with; None when it is gone, or its sender may keep nothing now."""
        if not await self._services.access.gate.keeps(note.message.sender, note.message.conversation):
            return None
        selection = Selection(passage_ids=(note.passage_id,))
        return next(iter(await self._services.memory.passages.select(Scope.all(), selection, limit=1)), None)

    async def _read_notes(self) -> dict[str, _Note]:
        """Return each note by the name of its file. One that can't be read is dropped."""
        notes: dict[str, _Note] = {}
        for name, written in (await self._notes.read_all()).items():
            try:
                notes[name] = from_json(_Note, written)
            except ValueError:
                logger.exception("The note of the kept file %s can't be read, and is dropped", name)
                await self._notes.delete(name)
        return notes


def _copy(source: Path, folder: Path) -> None:
    make_private_folder(folder.parent)
    folder.mkdir(mode=0o700)
    with source.open("rb") as given, os.fdopen(create_private(folder / source.name), "wb") as kept:
        shutil.copyfileobj(given, kept)


def _measure(folder: Path) -> int:
    return sum(file.stat().st_size for file in _list_files(folder))


def _list_files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.glob("*/*") if file.is_file())


def _sweep(folder: Path, noted: frozenset[str]) -> None:
    """Remove the files without a note; a young one may be about to get its own."""
    for each in folder.iterdir() if folder.is_dir() else ():
        if each.name not in noted and time.time() - each.stat().st_mtime > _BEING_COPIED:
            shutil.rmtree(each, ignore_errors=True)
