"""Files on this machine, and at addresses, as documents of one conversation; each is known by where it is."""

from __future__ import annotations

import asyncio
import os
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import FileUnreadable
from bot.reading.incoming import IncomingFile
from bot.reading.kinds import UNKNOWN_MEDIA_TYPE, guess_media_type
from bot.reading.names import safe_name
from bot.reading.outcome import Outcome
from bot.reading.reading import Destination, Reading, Tell
from bot.translation import gettext
from memory import ConversationRecord, Document, Memory, Receipt, Scope, Selection

DOCUMENTS_PLATFORM = "files"
DOCUMENTS_ID = "documents"
DOCUMENTS_TITLE = "Documents"


async def documents_of(memory: Memory, owner_id: int) -> ConversationRecord:
    """Return the conversation in which the documents of this machine's owner are kept."""
    return await memory.conversations.ensure(DOCUMENTS_PLATFORM, DOCUMENTS_ID, title=DOCUMENTS_TITLE, owner_id=owner_id)


class Library:
    """Takes in files, follows them when they change or move, and forgets them when they are gone."""

    def __init__(
        self, memory: Memory, reading: Reading, conversation: ConversationRecord, owner_id: int | None
    ) -> None:
        self._memory = memory
        self._reading = reading
        self._conversation = conversation
        self._owner_id = owner_id

    @property
    def reading(self) -> Reading:
        """What reads the files."""
        return self._reading

    async def take(
        self, path: Path, tell: Tell = lambda _: None, *, password: str | None = None, again: bool = False
    ) -> Outcome:
        """Take a file in, or bring its document up to date. One that was moved keeps its document.

        Raises FileUnreadable and PasswordNeeded; then nothing has changed.
        """
        file, written = await asyncio.to_thread(_inspect, path)
        destination = Destination(self._conversation, self._owner_id, written)
        outcome = await self._reading.read(replace(file, password=password), destination, tell, again=again)
        document = outcome.change.document
        if document.source not in (None, file.source) and await asyncio.to_thread(_is_gone, document.source):
            await self._memory.documents.rename(document.id, file.name, file.source)
            moved = replace(document, name=file.name, source=file.source)
            return replace(outcome, change=replace(outcome.change, document=moved))
        return outcome

    async def take_address(self, address: str, tell: Tell = lambda _: None, *, again: bool = False) -> Outcome:
        """Get what is at an address and take it in, under that address. Raises FileUnreadable."""
        scheme = urlsplit(address).scheme.casefold()
        fetcher = next((each for each in self._reading.reads.fetchers if scheme in each.schemes), None)
        if fetcher is None:
            raise FileUnreadable(
                gettext(
                    "{address}: no installed plugin gets files from {scheme} addresses.",
                    address=address,
                    scheme=scheme,
                )
            )
        with tempfile.TemporaryDirectory(prefix="scrubjay-fetch-", ignore_cleanup_errors=True) as folder:
            with self._reading.reads.at_work(fetcher.handler) as works:
                if not works:
                    raise FileUnreadable(
                        gettext("{address} can't be fetched right now: its plugin was stopped.", address=address)
                    )
                file = await fetcher.handler(address, Path(folder))
            destination = Destination(self._conversation, self._owner_id, datetime.now(UTC))
            return await self._reading.read(file, destination, tell, again=again)

    async def forget(self, document: Document) -> Receipt:
        """Forget a document with all its passages."""
        scope = Scope.of_conversation(self._conversation.id)
        return await self._memory.forget(scope, Selection(document_ids=(document.id,)))

    async def document_at(self, path: Path) -> Document | None:
        """Return the document that was read from this path."""
        return await self._memory.documents.find(self._conversation, source=str(path))

    async def move(self, document: Document, path: Path) -> None:
        """Say that a document is now at this path."""
        await self._memory.documents.rename(document.id, safe_name(path.name), str(path))

    async def documents_under(self, folder: Path) -> dict[Path, Document]:
        """Return the documents that were read from a folder or from those in it, by their paths."""
        found = await self._memory.documents.find_by_source(self._conversation, f"{folder}{os.sep}")
        return {Path(each.source): each for each in found if each.source}


def _inspect(path: Path) -> tuple[IncomingFile, datetime]:
    """Return what is known of a file without reading it, and when it was written. Raises FileUnreadable."""
    try:
        known = path.stat()
        if not path.is_dir():
            with path.open("rb"):
                pass
    except OSError as error:
        raise FileUnreadable(
            gettext("{name} can't be opened: {why}.", name=path.name, why=error.strerror or error)
        ) from error
    name = safe_name(path.name)
    file = IncomingFile(path, name, guess_media_type(name) or UNKNOWN_MEDIA_TYPE, known.st_size, str(path))
    return file, datetime.fromtimestamp(known.st_mtime, UTC)


def _is_gone(source: str | None) -> bool:
    return source is not None and "://" not in source and os.path.isabs(source) and not os.path.lexists(source)  # noqa: PTH117 (a source is text)
