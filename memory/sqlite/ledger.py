"""What is known of the people the bot serves, beside what they said; in the same file as the memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from memory.access_records import Account, Grant, GrantedRole
from memory.sqlite.codes import Codes
from memory.sqlite.grants import Grants, put
from memory.sqlite.last_seen import Attendance
from memory.sqlite.links import Links, join
from memory.sqlite.pauses import Pauses
from memory.sqlite.plugin_states import PluginStates
from memory.sqlite.plugin_values import PluginValues
from memory.sqlite.store import Store
from memory.sqlite.usage import Usage

_RANKS: dict[GrantedRole, int] = {"denied": 0, "guest": 1, "member": 2, "owner": 3}


class Ledger:
    """The grants, codes, links, pauses and counts of one database, and what plugins keep and how they are set.

    Each write is committed when the call returns.
    """

    def __init__(self, store: Store) -> None:
        self.grants = Grants(store)
        self.codes = Codes(store)
        self.links = Links(store)
        self.pauses = Pauses(store)
        self.usage = Usage(store)
        self.attendance = Attendance(store)
        self.plugin_states = PluginStates(store)
        self.plugin_values = PluginValues(store)

    async def pair(self, digest: bytes, account: Account, name: str, *, now: float) -> GrantedRole | None:
        """Take a pairing code for an account, and give it the code's role; None when there is no such code.

        Who has a higher role keeps it. A code for another platform is none here, and stays good.
        """
        code = await self.codes.find(digest, now=now)
        if code is None or code.role is None or code.platform not in (None, account.platform):
            return None
        held = await self.grants.about(account.platform, [("person", account.id)])
        role = max([code.role, *(grant.role for grant in held)], key=_RANKS.__getitem__)
        grant = Grant(account.platform, "person", account.id, role, name)
        taken = await self.codes.take(digest, now=now, use=lambda connection, _: put(connection, grant))
        return None if taken is None else role

    async def link(self, digest: bytes, account: Account, *, now: float) -> Account | None:
        """Take a link code for an account, and join it with the one that asked for it; None without such a code."""
        other = await self.asked_by(digest, now=now)
        if other is None:
            return None
        taken = await self.codes.take(digest, now=now, use=lambda connection, _: join(connection, other, account))
        return None if taken is None else other

    async def asked_by(self, digest: bytes, *, now: float) -> Account | None:
        """Return the account that asked for this link code."""
        code = await self.codes.find(digest, now=now)
        if code is None or code.role is not None or code.platform is None or code.external_id is None:
            return None
        return Account(code.platform, code.external_id)


@asynccontextmanager
async def open_ledger(path: Path) -> AsyncIterator[Ledger]:
    """Open the ledger at `path` alone: the memory beside it takes an embedding model. Raises StorageError."""
    async with Store.open(path) as store:
        yield Ledger(store)
