"""One-time codes: the proof that who writes on a platform is who the owner, or another account, gave the code to."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import date

from bot.access.policy import Role
from bot.events import Person, platform_of
from memory.access_records import Account, Code
from memory.ledger import Ledger

MINUTES = 10
"""How long a code is good."""
TRIES = 5
"""How many wrong codes a person may send in a day."""

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32, without those that are taken for another: 5 bits each
_GROUPS, _GROUP = 3, 4
_GAP = r"[-\s]?"
_PART = f"[{_LETTERS}]{{{_GROUP}}}"
_BARE = re.compile("-".join([_PART] * _GROUPS), re.IGNORECASE)
_NAMED = re.compile(rf"/(?:pair|start)(?:@[\w.-]+)?\s+({_GAP.join([_PART] * _GROUPS)})", re.IGNORECASE)
_RUN_OF_LETTERS = re.compile(f"[{_LETTERS}]{{{_GROUPS * _GROUP},}}")
_WRONG = "wrong codes"


def code_in(text: str) -> str | None:
    """Return the code of a text that is nothing else, but for a "/pair" (or "/start", as Telegram's links send)."""
    said = text.strip().strip("`")
    match = _NAMED.fullmatch(said)
    return match[1] if match else said if _BARE.fullmatch(said) else None


class Pairing:
    """Makes codes and takes them. Only digests are stored: 60 random bits are beyond guessing in ten minutes."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def invite(self, role: Role, platform: str | None = None) -> str:
        """Return a code that gives who sends it this role: on one platform, with all bots there, or on any."""
        platform = platform and platform_of(platform)
        return await self._make_code(lambda digest, end: Code(digest, end, role=role.value, platform=platform))

    async def link_code(self, account: Account) -> str:
        """Return a code that links the account which sends it with this one."""
        return await self._make_code(
            lambda digest, end: Code(digest, end, platform=account.platform, external_id=account.id)
        )

    async def pair(self, code: str, person: Person, today: date) -> Role | None:
        """Take a code, and return the role that the sender has now; None for a wrong code."""
        account = account_of(person)
        role = await self._ledger.pair(_digest(code), account, person.name, now=time.time())
        if role is None:
            await self.count_failure(account, today)
        return None if role is None else Role(role)

    async def is_good(self, code: str) -> bool:
        """Say whether this is a code for pairing or linking that would be taken now, anywhere."""
        return await self._ledger.codes.find(_digest(code), now=time.time()) is not None

    async def spoil(self, code: str) -> bool:
        """Withdraw a code that others have seen; say whether it was valid."""
        return await self._ledger.codes.take(_digest(code), now=time.time()) is not None

    async def has_good_codes(self) -> bool:
        """Say whether there is any code that would be taken now."""
        return bool(await self._ledger.codes.list_digests(now=time.time()))

    async def spoil_all_in(self, text: str) -> bool:
        """Withdraw every code that a text shows, however it is written there; say whether there was a valid one."""
        valid = frozenset(await self._ledger.codes.list_digests(now=time.time()))
        seen = [code for code in _windows(text) if _digest(code) in valid] if valid else []
        return any([await self.spoil(code) for code in seen])

    async def find_asker(self, code: str) -> Account | None:
        """Return the account that asked for this link code; None for a wrong code."""
        return await self._ledger.find_asking_account(_digest(code), now=time.time())

    async def link(self, code: str, account: Account) -> Account | None:
        """Take a link code, and return the account that this one is now linked with; None for a wrong code."""
        return await self._ledger.link(_digest(code), account, now=time.time())

    async def tries_left(self, account: Account, today: date) -> int:
        """Return how many wrong codes this person may still send today."""
        return max(0, TRIES - await self._ledger.usage.count(account, today, _WRONG))

    async def count_failure(self, account: Account, today: date) -> None:
        """Count a wrong code."""
        await self._ledger.usage.add(account, today, _WRONG)

    async def _make_code(self, record: Callable[[bytes, float], Code]) -> str:
        letters = [secrets.choice(_LETTERS) for _ in range(_GROUPS * _GROUP)]
        code = "-".join("".join(letters[start : start + _GROUP]) for start in range(0, len(letters), _GROUP))
        now = time.time()
        await self._ledger.codes.keep(record(_digest(code), now + MINUTES * 60), now=now)
        return code


def account_of(person: Person) -> Account:
    """Return how a platform names a person."""
    return Account(person.platform, person.id)


def _digest(code: str) -> bytes:
    """Return what is stored of a code, however it was typed. So many random bits need no slow hash."""
    return hashlib.sha256(_bare(code).encode()).digest()


def _bare(text: str) -> str:
    """Return a text as codes are compared: neither case nor what stands between letters counts."""
    return "".join(filter(str.isalnum, text.upper()))


def _windows(text: str) -> Iterator[str]:
    """Yield every part of a text that could be a code, whatever stands around it and between its letters."""
    size = _GROUPS * _GROUP
    bare = _bare(text)
    for run in _RUN_OF_LETTERS.finditer(bare):
        for start in range(run.start(), run.end() - size + 1):
            yield bare[start : start + size]
