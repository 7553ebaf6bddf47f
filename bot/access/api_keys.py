"""The keys that let programs in over HTTP: each is a person of its own, with a scope."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime

from bot.access.policy import WEB_PLATFORM, Role
from bot.errors import CommandError
from bot.events import Person
from bot.translation import gettext
from memory.access_records import ApiKey, Grant, KeyScope
from memory.ledger import Ledger

PREFIX = "sj-"
"""What a key begins with, so that it is known for one wherever it turns up."""
_BYTES = 32
_MOST_NAME_CHARS = 60


class ApiKeys:
    """Makes keys and knows them again. Only digests are stored: so many random bits need no slow hash."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def create(self, name: str, scope: KeyScope = "own") -> str:
        """Return a new key, which is shown this once.

        Raises CommandError for a name that is taken, or that nobody could tell from another.
        """
        if not (name.strip() == name and name.isprintable() and 0 < len(name) <= _MOST_NAME_CHARS):
            raise CommandError(
                gettext(
                    "“{name}” can't name a key: give 1 to {most} printable characters", name=name, most=_MOST_NAME_CHARS
                )
            )
        key = PREFIX + secrets.token_urlsafe(_BYTES)
        record = ApiKey(f"key:{secrets.token_hex(6)}", name, _digest(key), scope, datetime.now(UTC))
        grant = Grant(WEB_PLATFORM, "person", record.id, Role.MEMBER.value, name)
        if not await self._ledger.api_keys.add(record, grant):
            raise CommandError(
                gettext("there is a key called {name} already; `scrubjay keys revoke` takes it back", name=name)
            )
        return key

    async def find(self, key: str) -> Person | None:
        """Return whom a key stands for; None for one that is wrong or revoked."""
        if not key.startswith(PREFIX):
            return None
        record = await self._ledger.api_keys.find(_digest(key))
        return None if record is None else person_of(record)

    async def find_account(self, person: Person) -> ApiKey | None:
        """Return the key that stands for this person, as long as it is not revoked."""
        return await self._ledger.api_keys.find_account(person.id)

    async def any_exist(self) -> bool:
        """Say whether there is any key."""
        return bool(await self._ledger.api_keys.read_all())


def person_of(key: ApiKey) -> Person:
    """Return the person that a key stands for."""
    return Person(WEB_PLATFORM, key.id, key.name)


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
