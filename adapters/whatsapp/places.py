"""Where things stand on WhatsApp: people and groups, and the ids that the core knows them by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Self

from bot.events import Conversation

PLATFORM = "whatsapp"
Json = dict[str, Any]

_USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
"""An id that Meta gives a person towards one business: it names them where their phone number is hidden."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom messages are sent to: a person, by their user id or phone number, or a group."""

    id: str
    direct: bool

    @classmethod
    def of(cls, conversation: Conversation) -> Self:
        """Return where a conversation takes place."""
        return cls(conversation.id, conversation.kind == "direct")

    @property
    def address(self) -> Json:
        """What a message to it begins with."""
        if not self.direct:
            return {"recipient_type": "group", "to": self.id}
        return {"recipient_type": "individual", "recipient" if _USER_ID.fullmatch(self.id) else "to": self.id}
