"""Browsers that are signed in, by cookies that scripts can't read; and the one-time codes that sign them in."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from bot import Person

CODE_MINUTES = 10
_MOST_SESSIONS = 1000
_MOST_CODES = 100
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """One browser. Whatever it changes something with carries `csrf`, which no other site's page can know."""

    person: Person
    expires_at: float
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32))


class SessionStore:
    """Holds sessions and codes by the digests of their secrets, as long as the process runs."""

    def __init__(self, seconds: float, now: Callable[[], float] = time.time) -> None:
        self.seconds = seconds
        self._now = now
        self._sessions: OrderedDict[bytes, BrowserSession] = OrderedDict()
        self._codes: OrderedDict[bytes, tuple[Person, float]] = OrderedDict()

    def open(self, person: Person) -> tuple[str, BrowserSession]:
        """Return the secret of a new session, and the session."""
        secret, session = secrets.token_urlsafe(32), BrowserSession(person, self._now() + self.seconds)
        _keep(self._sessions, _digest(secret), session, _MOST_SESSIONS)
        return secret, session

    def find(self, secret: str) -> BrowserSession | None:
        """Return the session of a cookie; None when there is none, or it has ended."""
        session = self._sessions.get(_digest(secret))
        if session is not None and session.expires_at <= self._now():
            self.end(secret)
            return None
        return session

    def end(self, secret: str) -> None:
        """End a session."""
        self._sessions.pop(_digest(secret), None)

    def make_code(self, person: Person) -> str:
        """Return a code that signs this person in, once, within a few minutes."""
        code = secrets.token_urlsafe(32)
        _keep(self._codes, _digest(code), (person, self._now() + CODE_MINUTES * 60), _MOST_CODES)
        return code

    def take_code(self, code: str) -> Person | None:
        """Take a code, which is good for nothing from then on, and return whom it signs in; None for a wrong one."""
        person, expires_at = self._codes.pop(_digest(code), (None, 0.0))
        return person if expires_at > self._now() else None


def _keep(kept: OrderedDict[bytes, _T], digest: bytes, value: _T, most: int) -> None:
    kept[digest] = value
    if len(kept) > most:
        kept.popitem(last=False)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
