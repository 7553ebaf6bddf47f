"""The record of what could not be delivered to the bot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
