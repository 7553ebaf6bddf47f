"""What a sender may decide about others and about themselves, and what they are told when they may not."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.access.pairing import TRIES, Pairing
from bot.access.policy import AllowList, Role
from bot.access.quotas import Quotas
from bot.access.scoped_access import ScopedAccess
from bot.errors import AccessDenied, CommandError, ScrubjayError
from bot.events import Conversation, Message, Person
from memory import Memory
from memory.access_records import Account
from memory.embedders.hashing import HashingEmbedder

LISTED = AllowList(owners=[("test", "ann"), ("test", "olga")])


class Bot:
    """What several people may do with one memory; what they were told in their direct chats is in `told`."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.told: list[tuple[Account, str]] = []

    def access(self, name: str, role: Role = Role.OWNER, *, platform: str = "test") -> ScopedAccess:
        """Return what this person may do in their direct chat."""
        sender = Person(platform, name, name.title())
        place = Conversation(platform, f"direct-{name}")
        message = Message("1", place, sender, "", datetime(2024, 5, 3, tzinfo=UTC))
        ledger = self.memory.ledger
        return ScopedAccess(ledger, LISTED, Quotas(ledger, {}), message, role, tell=self._tell)

    async def _tell(self, account: Account, text: str) -> bool:
        self.told.append((account, text))
        return True


@asynccontextmanager
async def open_bot(folder: Path) -> AsyncIterator[Bot]:
    async with Memory.open(folder / "memory.db", HashingEmbedder()) as memory:
        yield Bot(memory)


def says(error: type[ScrubjayError], sentence: str) -> AbstractContextManager[pytest.ExceptionInfo[ScrubjayError]]:
    """Expect an error that says just this."""
    return pytest.raises(error, match=f"^{re.escape(sentence)}$")


async def test_an_owner_changes_neither_an_owner_of_the_settings_nor_themselves(tmp_path: Path) -> None:
    async with open_bot(tmp_path) as bot:
        with says(CommandError, "The settings file makes them an owner, so change it there."):
            await bot.access("ann").decide("test:olga", None)
        with says(CommandError, "You can't take your own role away; another owner can."):
            await bot.access("zoe").decide("test:zoe", Role.MEMBER)
        assert await bot.memory.ledger.grants.read_all() == []


async def test_an_invitation_is_for_the_platform_that_it_was_asked_for_on(tmp_path: Path) -> None:
    async with open_bot(tmp_path) as bot:
        code = await bot.access("ann").invite(Role.GUEST)
        (entry,) = await bot.access("ann").audit(10)
        assert (entry.actor, entry.action, entry.subject) == ("test:ann", "made a code", "for the role guest, on test")
        today = datetime.now(UTC).date()
        pairing = Pairing(bot.memory.ledger)
        assert await pairing.pair(code, Person("other", "bob", "Bob"), today) is None
        assert await pairing.pair(code, Person("test", "bob", "Bob"), today) is Role.GUEST


async def test_linked_accounts_are_the_others_and_each_is_told(tmp_path: Path) -> None:
    async with open_bot(tmp_path) as bot:
        ann, anna = bot.access("ann"), bot.access("anna", Role.MEMBER, platform="other")
        assert await ann.list_linked() == []
        assert await anna.link(await ann.link_code()) == Account("test", "ann")
        assert await ann.list_linked() == [Account("other", "anna")]
        assert await anna.list_linked() == [Account("test", "ann")]
        assert [account for account, _ in bot.told] == [Account("test", "ann")]
        assert "other:anna" in bot.told[0][1]


async def test_a_link_code_is_for_another_account(tmp_path: Path) -> None:
    async with open_bot(tmp_path) as bot:
        ann = bot.access("ann")
        code = await ann.link_code()
        with says(CommandError, "Send that code from your other account, within 10 minutes."):
            await ann.link(code)


async def test_wrong_link_codes_are_refused_and_after_some_all_are(tmp_path: Path) -> None:
    async with open_bot(tmp_path) as bot:
        bob = bot.access("bob", Role.MEMBER)
        refused = []
        for number in range(2, 3 + TRIES):
            with pytest.raises(CommandError) as error:
                await bob.link(f"AAAA-BBBB-CCC{number}")
            refused.append(str(error.value))
        assert len(set(refused[:TRIES])) == 1
        assert refused[-1] != refused[0]
        with says(CommandError, refused[-1]):
            await bob.link(await bot.access("ann").link_code())


async def test_a_guest_switches_nothing_off(tmp_path: Path) -> None:
    async with open_bot(tmp_path) as bot:
        gus = bot.access("gus", Role.GUEST)
        with says(AccessDenied, "Guests can't switch the memory off. I keep nothing that guests say anyway."):
            await gus.pause()
        assert not await gus.is_paused()
