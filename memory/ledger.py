"""What is known of the people the bot serves, beside what they said; in the same database as the memory."""

from __future__ import annotations

from memory.access_records import Account, Grant, GrantedRole
from memory.engine import AccessTables

_RANKS: dict[GrantedRole, int] = {"denied": 0, "guest": 1, "member": 2, "owner": 3}


class Ledger:
    """The grants, codes, keys, links, pauses and counts of one database, and what plugins keep and how they are set."""

    def __init__(self, tables: AccessTables) -> None:
        self.grants = tables.grants
        self.audit = tables.audit
        self.codes = tables.codes
        self.api_keys = tables.api_keys
        self.links = tables.links
        self.pauses = tables.pauses
        self.usage = tables.usage
        self.last_seen = tables.last_seen
        self.plugin_states = tables.plugin_states
        self.plugin_values = tables.plugin_values
        self.buttons = tables.buttons
        self.kept_files = tables.kept_files
        self.owner_chats = tables.owner_chats
        self.unhandled_updates = tables.unhandled_updates

    async def pair(self, digest: bytes, account: Account, name: str, *, now: float) -> GrantedRole | None:
        """Take a pairing code for an account, and give it the code's role; None when there is no such code.

        Who has a higher role keeps it. A code for another platform counts as none here, and stays good.
        """
        code = await self.codes.find(digest, now=now)
        if code is None or code.role is None or code.platform not in (None, account.platform):
            return None
        held = await self.grants.find(account.platform, [("person", account.id)])
        role = max([code.role, *(grant.role for grant in held)], key=_RANKS.__getitem__)
        grant = Grant(account.platform, "person", account.id, role, name)
        taken = await self.codes.take(digest, now=now, grant=grant)
        if taken is None:
            return None
        await self.audit.add(f"{account.platform}:{account.id}", "paired", f"as {role}")
        return role

    async def link(self, digest: bytes, account: Account, *, now: float) -> Account | None:
        """Take a link code for an account, and join it with the one that asked for it; None without such a code."""
        other = await self.find_asking_account(digest, now=now)
        if other is None:
            return None
        taken = await self.codes.take(digest, now=now, link=(other, account))
        return None if taken is None else other

    async def find_asking_account(self, digest: bytes, *, now: float) -> Account | None:
        """Return the account that asked for this link code."""
        code = await self.codes.find(digest, now=now)
        if code is None or code.role is not None or code.platform is None or code.external_id is None:
            return None
        return Account(code.platform, code.external_id)
