"""What becomes of messages after the API took them: a refusal may only come as a status, some seconds later.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components#statuses-object
"""

from __future__ import annotations

import asyncio
import logging

from adapters.whatsapp.failures import WINDOW_CLOSED, read_code, read_details
from adapters.whatsapp.places import Json
from bot.adapter import Recent

logger = logging.getLogger(__name__)

MOST_KNOWN = 10_000


class DeliveryStatuses:
    """Keeps the first status of each message that is waited for; statuses may be told before the wait begins."""

    def __init__(self) -> None:
        self._codes: Recent[str, int] = Recent(MOST_KNOWN)
        self._waiting: dict[str, asyncio.Event] = {}

    def note(self, status: Json) -> None:
        """Take a status: "sent", "delivered", "read" or "failed"."""
        message, failed = str(status.get("id", "")), status.get("status") == "failed"
        errors = [each for each in status.get("errors") or () if isinstance(each, dict)]
        error = errors[0] if errors else {}
        code = read_code(error) if failed else 0
        self._codes.keep(message, code)
        waiting = self._waiting.get(message)
        if waiting is not None:
            waiting.set()
        if failed and (waiting is None or code != WINDOW_CLOSED):
            logger.warning("WhatsApp could not deliver a message: %s (%d)", read_details(error), code)

    async def wait(self, message: str, seconds: float) -> int | None:
        """Return the code of a message's failure, 0 where there is none; None when nothing is told in time."""
        if not self._codes.knows(message):
            self._waiting[message] = asyncio.Event()
            try:
                async with asyncio.timeout(seconds):
                    await self._waiting[message].wait()
            except TimeoutError:
                return None
            finally:
                del self._waiting[message]
        return self._codes.get(message)
