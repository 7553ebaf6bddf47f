"""The files of one message on their way into the memory, with what the core knows: who sent it, where, and when."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.errors import FORGOTTEN_MEANWHILE, NOT_KEPT, AdapterError, CommandError, FileUnreadable, NotYetReadable
from bot.events import Attachment
from bot.pipeline.received import Received
from bot.pipeline.router import is_addressed
from bot.pipeline.services import Services
from bot.pipeline.session import Session
from bot.reading.attachments import AttachmentReader
from bot.reading.incoming import IncomingFile
from bot.reading.outcome import Told
from bot.reading.postponed_files import KeptFiles
from bot.reading.reading import Destination
from bot.translation import gettext
from memory import Scope, Selection

if TYPE_CHECKING:
    from bot.context import HandlerIO

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MessageFiles:
    """Reads files that come with a message, or because of it. They are forgotten with it."""

    services: Services
    received: Received
    session: Session
    io: HandlerIO

    async def take(self, file: Attachment) -> Told | None:
        """Read a file that came with the message; return what is told: nothing but its words where nobody spoke to it.

        Raises FileUnreadable and AdapterError, where somebody has.
        """
        aloud = is_addressed(self.received.message)
        try:
            told = await self._reader(aloud=aloud).take(file)
        except (FileUnreadable, AdapterError) as error:
            if aloud:
                raise
            logger.info("A file of message %s was not read: %s", self.received.message.event_id, error)
            return None
        return told if aloud else replace(told, sentence="")

    async def take_in(self, file: IncomingFile) -> str:
        """Read a file that a plugin has got; return what came of it. Raises FileUnreadable and CommandError."""
        return (await self._reader(aloud=True).take_in(file)).sentence

    def _reader(self, *, aloud: bool) -> AttachmentReader:
        received = self.received
        own = tuple(received.own)
        destination = Destination(received.conversation, received.person.id, received.message.sent_at, drawn_from=own)

        async def keep(unread: IncomingFile, error: NotYetReadable) -> str:
            await self._may_store()
            return await KeptFiles(self.services).keep(unread, received, error, aloud=aloud)

        return AttachmentReader(
            self.services.reading,
            self.io,
            received.message,
            destination,
            self._may_store,
            keep,
            self.session.extend,
            aloud,
            self._see,
        )

    async def _see(self, document_id: int) -> None:
        """Withdraw the codes that a file shows to others: a picture of one, or a voice note that spells it."""
        await self.services.access.gate.spoil_codes_in_document(self.received.message.conversation, document_id)

    async def _may_store(self) -> None:
        """Raise CommandError when the message is forgotten by now, or nothing may be kept here any more."""
        message, own = self.received.message, tuple(self.received.own)
        if not own or not await self.services.access.gate.keeps(message.sender, message.conversation):
            raise CommandError(gettext(NOT_KEPT))
        if not await self.services.memory.passages.select(Scope.all(), Selection(passage_ids=own), limit=1):
            raise CommandError(gettext(FORGOTTEN_MEANWHILE))
