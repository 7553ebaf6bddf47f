"""The 24 hours after somebody's last message, in which they may be answered freely.

https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-messages#customer-service-windows
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Literal

from bot.adapter import Recent

WINDOW = timedelta(hours=24)
MARGIN = timedelta(minutes=1)
RETRY_AFTER = timedelta(hours=1)
"""How long after a refusal nothing is tried again: another process may have heard of them meanwhile."""
MOST_CHATS = 10_000

State = Literal["open", "closed", "unknown"]


def _now() -> datetime:
    return datetime.now(UTC)


class ServiceWindows:
    """Which chats are open, as far as this process has heard; what came before its start it does not know."""

    def __init__(self, now: Callable[[], datetime] = _now) -> None:
        self._now = now
        self._heard: Recent[str, datetime] = Recent(MOST_CHATS)
        self._refused: Recent[str, datetime] = Recent(MOST_CHATS)

    def note_message(self, chat: str, at: datetime) -> None:
        """Note that somebody has written; messages may come late, and in any order."""
        heard = self._heard.get(chat)
        self._heard.keep(chat, at if heard is None else max(at, heard))
        if self._is_fresh(chat):
            self._refused.take(chat)

    def note_refusal(self, chat: str) -> None:
        """Note that WhatsApp takes nothing there."""
        self._heard.take(chat)
        self._refused.keep(chat, self._now())

    def state(self, chat: str) -> State:
        """Say whether a chat is open; where nothing is known it is to be tried."""
        if self._is_fresh(chat):
            return "open"
        refused = self._refused.get(chat)
        return "closed" if refused is not None and self._now() - refused < RETRY_AFTER else "unknown"

    def _is_fresh(self, chat: str) -> bool:
        heard = self._heard.get(chat)
        return heard is not None and self._now() - heard < WINDOW - MARGIN
