"""What was received and not yet handled, what could not be delivered, and what is to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that was acknowledged but not yet handled: its passage, and the payload `receive` was given."""

    passage_id: int
    payload: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply that is stored but not yet known to be sent; `payload` is the sender's own affair."""

    id: int
    conversation_id: int
    in_reply_to: int | None
    payload: str


@dataclass(frozen=True, slots=True)
class UnhandledUpdate:
    """What a platform told and the bot could not take: `payload` is the update as it came, `problem` says why.

    `conversation` is the platform's id of the chat, "" where that is not known.
    """

    platform: str
    conversation: str
    payload: str
    problem: str
    met_at: datetime
