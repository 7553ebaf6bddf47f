"""The records of who may talk to the bot, and on what terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

GrantKind = Literal["person", "conversation", "workspace"]
GrantedRole = Literal["owner", "member", "guest", "denied"]


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """A person as a platform names them; unlike a `Person`, nothing of theirs need be stored."""

    platform: str
    id: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What was decided about a person, a conversation, or a whole workspace (a Slack team, a Discord server)."""

    platform: str
    kind: GrantKind
    external_id: str
    role: GrantedRole
    name: str = ""


KeyScope = Literal["own", "key", "all"]
"""What a key reads beside what it has stored itself: what is the owner's too, nothing more, or everything."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A program that may use the bot; only its key's digest is kept. `id` is its account on the platform "http"."""

    id: str
    name: str
    digest: bytes
    scope: KeyScope
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Code:
    """A one-time code: only its digest is kept. `expires_at` is in seconds since 1970 UTC.

    One with a `role` lets in who sends it, on `platform` alone where that is set. One without links the account
    `platform`, `external_id`, which asked for it.
    """

    digest: bytes
    expires_at: float
    role: GrantedRole | None = None
    platform: str | None = None
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Something that somebody decided: `actor` and `subject` name accounts as "platform:id", never what was said."""

    at: datetime
    actor: str
    action: str
    subject: str
