"""The way out: replies part by part, through limits, outages and chats that are closed."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from adapters.whatsapp.api import GraphApi
from adapters.whatsapp.failures import (
    BAD_PARAMETERS,
    WINDOW_CLOSED,
    RefusedError,
    WindowClosedError,
)
from adapters.whatsapp.layout import Part, parts_of
from adapters.whatsapp.places import Json, Recipient
from adapters.whatsapp.rate_limits import Pace
from adapters.whatsapp.statuses import DeliveryStatuses
from adapters.whatsapp.uploads import shape_of, upload
from adapters.whatsapp.window import ServiceWindows
from bot.events import OutFile, Reply
from bot.translation import gettext

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class WhatsAppReplyProgress:
    """What of a reply is sent: the ids of its messages, and how many of its parts and files they are."""

    sent: list[str] = field(default_factory=list)
    parts: int = 0
    files: int = 0


class WhatsAppSender:
    """Sends to people and groups. A reply that fails half-way goes on where it stopped when it is sent again."""

    def __init__(
        self,
        api: GraphApi,
        pace: Pace,
        windows: ServiceWindows,
        statuses: DeliveryStatuses,
        *,
        status_seconds: float,
    ) -> None:
        self._api = api
        self._status_seconds = status_seconds
        self._pace = pace
        self._windows = windows
        self._statuses = statuses
        self._unfinished: dict[tuple[Recipient, str | None, Reply], WhatsAppReplyProgress] = {}

    async def reply(self, recipient: Recipient, reply: Reply, quoted: str | None) -> tuple[str, ...]:
        """Send a whole reply, which quotes a message where `quoted` names one; return its event ids.

        Somebody who can't be reached for good gets nothing, and no ids. Raises AdapterError when trying again may
        help, WindowClosedError when it has to wait until they write.
        """
        key = (recipient, quoted, reply)
        progress = self._unfinished.setdefault(key, WhatsAppReplyProgress())
        try:
            await self._send_parts(recipient, reply, quoted, progress)
            await self._send_files(recipient, reply, quoted, progress)
        except RefusedError as error:
            logger.warning("WhatsApp refuses a reply for good: %s", error)
        del self._unfinished[key]
        return tuple(message for message in progress.sent if message)

    async def _send_parts(
        self, recipient: Recipient, reply: Reply, quoted: str | None, progress: WhatsAppReplyProgress
    ) -> None:
        for part in parts_of(reply, direct=recipient.direct)[progress.parts :]:
            await self._send(recipient, part.content, quoted, progress)
            progress.parts += 1

    async def _send_files(
        self, recipient: Recipient, reply: Reply, quoted: str | None, progress: WhatsAppReplyProgress
    ) -> None:
        for file in reply.files[progress.files :]:
            await self._send(recipient, await self._content_of(recipient, file), quoted, progress)
            progress.files += 1

    async def _content_of(self, recipient: Recipient, file: OutFile) -> Json:
        """Hand a file over; where WhatsApp takes none of its kind, a sentence says so."""
        shape = shape_of(file)
        if shape is None:
            return Part(
                gettext("WhatsApp takes no files like {name}, so I can't send it here.", name=file.name)
            ).content
        self._check_window(recipient)  # nothing is handed over that can't be sent
        return await upload(self._api, file, shape)

    async def _send(
        self, recipient: Recipient, content: Json, quoted: str | None, progress: WhatsAppReplyProgress
    ) -> None:
        """Send one message; the first of a reply quotes, and shows whether the chat is open."""
        self._check_window(recipient)
        context = {"context": {"message_id": quoted}} if quoted is not None and not progress.sent else {}
        body = {"messaging_product": "whatsapp", **recipient.address, **content}
        try:
            message = await self._post(recipient, body, context)
        except WindowClosedError:
            self._windows.note_refusal(recipient.id)
            raise
        if not progress.sent:
            await self._check_arrival(recipient, message)
        progress.sent.append(message)

    async def _post(self, recipient: Recipient, body: Json, context: Json) -> str:
        """Send one message; without its quote where that may be what is refused, as of one that was deleted."""
        try:
            return await self._pace.send(recipient.id, self._call({**body, **context}))
        except RefusedError as error:
            if not context or error.code not in BAD_PARAMETERS:
                raise
            logger.info("WhatsApp takes no quote of a message, and the reply goes without: %s", error)
            return await self._pace.send(recipient.id, self._call(body))

    def _call(self, body: Json) -> Callable[[], Awaitable[str]]:
        async def call() -> str:
            return _read_id(await self._api.post(f"{self._api.number}/messages", body))

        return call

    def _check_window(self, recipient: Recipient) -> None:
        if self._windows.state(recipient.id) == "closed":
            raise WindowClosedError

    async def _check_arrival(self, recipient: Recipient, message: str) -> None:
        """Where it is not known that a chat is open, wait for what becomes of the first message there."""
        if self._windows.state(recipient.id) == "unknown":
            code = await self._statuses.wait(message, self._status_seconds)
            if code == WINDOW_CLOSED:
                self._windows.note_refusal(recipient.id)
                raise WindowClosedError


def _read_id(answer: Json) -> str:
    """Return the id of a message that was taken; what is taken counts as sent, however the server says so."""
    messages = answer.get("messages")
    first = messages[0] if isinstance(messages, list) and messages else None
    return str(first.get("id", "")) if isinstance(first, dict) else ""
