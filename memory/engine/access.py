"""Who may talk to the bot, how much, and where it listens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from memory.access_records import Account, ApiKey, AuditEntry, Code, Grant, GrantKind


class GrantStore(Protocol):
    """What owners have decided, in chats or on the command line; every read sees what any process has committed."""

    async def find(self, platform: str, subjects: Sequence[tuple[GrantKind, str]]) -> list[Grant]:
        """Return the decisions about these subjects, each (kind, id) on one platform."""

    async def read_all(self) -> list[Grant]:
        """Return every decision, by platform, kind and name."""

    async def find_people(self, name: str) -> list[Grant]:
        """Return the people whom the memory knows by this name, case ignored, as guests: nothing is decided of them."""

    async def keep(self, grant: Grant) -> None:
        """Decide about a subject; an earlier decision about it is replaced, but for its name if this has none."""


class CodeStore(Protocol):
    """One-time codes, by their digests: each is good once, and not for long.

    Every comparison takes the same time: how long it takes tells nothing about how near a guess came.
    """

    async def keep(self, code: Code, *, now: float) -> None:
        """Keep a code; what has expired by `now` is removed, and an older code for the same link."""

    async def find(self, digest: bytes, *, now: float) -> Code | None:
        """Return the code with this digest, if it is still good, and leave it good."""

    async def list_digests(self, *, now: float) -> list[bytes]:
        """Return the digests of all codes that are still good."""

    async def take(
        self,
        digest: bytes,
        *,
        now: float,
        grant: Grant | None = None,
        link: tuple[Account, Account] | None = None,
    ) -> Code | None:
        """Return the code with this digest, if it is still good, and make it good for nothing.

        What it brings, a decision to keep or two accounts to link, is done in the same transaction: of two takers, in
        two processes, one gets it.
        """


class KeyStore(Protocol):
    """The keys of programs, by their digests; every read sees what any process has committed."""

    async def add(self, key: ApiKey, grant: Grant) -> bool:
        """Keep a key, and what it may do, in one transaction; False when there is one of that name."""

    async def find(self, digest: bytes) -> ApiKey | None:
        """Return the key with this digest."""

    async def find_account(self, account_id: str) -> ApiKey | None:
        """Return the key whose account this is."""

    async def read_all(self) -> list[ApiKey]:
        """Return every key, by name."""

    async def revoke(self, name: str) -> bool:
        """Delete a key, and the grant of its account; what it stored stays. False when there is none of that name."""


class LinkStore(Protocol):
    """Accounts on several platforms that are known to be one person's."""

    async def find_linked(self, account: Account) -> list[Account]:
        """Return the accounts linked with this one, itself among them."""

    async def find_people(self, account: Account) -> list[int]:
        """Return the ids of the people whom the memory knows by these accounts."""

    async def find_account(self, person_id: int) -> Account | None:
        """Return the account of somebody the memory knows."""

    async def unlink(self, account: Account) -> bool:
        """Take an account out of its links; False when it has none."""


class AuditStore(Protocol):
    """Who decided what; only ever added to, and after many thousand entries the oldest go."""

    async def add(self, actor: str, action: str, subject: str) -> None:
        """Add an entry, as of now."""

    async def read_latest(self, limit: int) -> list[AuditEntry]:
        """Return the latest entries, the latest first."""


class PauseStore(Protocol):
    """Where the memory is switched off, and by whom. A group's pause holds for its threads as well."""

    async def find(self, platform: str, external_id: str) -> str | None:
        """Return the platform's id of the person who switched it off; None where it is on."""

    async def start(self, platform: str, external_id: str, person: str) -> None:
        """Switch it off; who did so first stays the one who did."""

    async def end(self, platform: str, external_id: str) -> None:
        """Switch it on again."""


class UsageStore(Protocol):
    """How much each person has used of the bot today. A person's linked accounts count together."""

    async def count(self, account: Account, day: date, what: str) -> int:
        """Return the day's count."""

    async def add(self, account: Account, day: date, what: str, *, limit: int | None = None) -> bool:
        """Count one more, unless that would go over the limit; say whether it was counted. Other days' counts go."""


class LastSeenStore(Protocol):
    """The time of the last message that was seen on each platform, stored or not: later ones can be asked for."""

    async def find(self, platform: str) -> datetime | None:
        """Return when the last message was sent that was seen; None where none ever was."""

    async def keep(self, platform: str, moment: datetime) -> None:
        """Note when the last message was sent; an earlier one changes nothing."""
