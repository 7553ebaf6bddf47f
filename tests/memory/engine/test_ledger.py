from __future__ import annotations

from datetime import date

import pytest

from memory import Memory
from memory.access_records import Account, Code, Grant
from memory.ledger import Ledger

ANN, BOB, EVE = Account("telegram", "1"), Account("telegram", "2"), Account("slack", "U3")
TODAY, TOMORROW = date(2024, 5, 3), date(2024, 5, 4)


@pytest.fixture
def ledger(memory: Memory) -> Ledger:
    return memory.ledger


def pairing(digest: bytes, platform: str | None = None, expires_at: float = 100) -> Code:
    return Code(digest, expires_at, role="member", platform=platform)


def linking(digest: bytes, asked_by: Account) -> Code:
    return Code(digest, 100, platform=asked_by.platform, external_id=asked_by.id)


async def test_a_code_is_good_once_and_only_until_it_expires(ledger: Ledger) -> None:
    await ledger.codes.keep(pairing(b"one"), now=0)
    assert await ledger.pair(b"other", ANN, "Ann", now=1) is None
    assert await ledger.pair(b"one", ANN, "Ann", now=100) is None
    assert await ledger.pair(b"one", ANN, "Ann", now=99) == "member"
    assert await ledger.pair(b"one", BOB, "Bob", now=99) is None
    assert await ledger.grants.read_all() == [Grant("telegram", "person", "1", "member", "Ann")]


async def test_a_code_for_one_platform_is_none_on_another_and_stays_good(ledger: Ledger) -> None:
    await ledger.codes.keep(pairing(b"one", "slack"), now=0)
    assert await ledger.pair(b"one", ANN, "Ann", now=1) is None
    assert await ledger.pair(b"one", EVE, "Eve", now=1) == "member"


async def test_a_code_of_a_lower_role_takes_nothing_from_who_has_a_higher_one(ledger: Ledger) -> None:
    await ledger.grants.keep(Grant("telegram", "person", "1", "owner", "Ann"))
    await ledger.codes.keep(pairing(b"one"), now=0)
    assert await ledger.pair(b"one", ANN, "Ann", now=1) == "owner"


async def test_a_link_code_lets_nobody_in_and_a_pairing_code_links_nobody(ledger: Ledger) -> None:
    await ledger.codes.keep(linking(b"link", ANN), now=0)
    await ledger.codes.keep(pairing(b"pair"), now=0)
    assert await ledger.pair(b"link", EVE, "Eve", now=1) is None
    assert await ledger.link(b"pair", EVE, now=1) is None
    assert await ledger.grants.read_all() == []
    assert await ledger.links.find_linked(EVE) == [EVE]


async def test_linked_accounts_are_one_until_one_of_them_leaves(ledger: Ledger) -> None:
    third = Account("discord", "9")
    for digest, asked_by, sent_by in ((b"1", ANN, EVE), (b"2", third, BOB), (b"3", ANN, BOB)):
        await ledger.codes.keep(linking(digest, asked_by), now=0)
        assert await ledger.link(digest, sent_by, now=1) == asked_by
    assert await ledger.links.find_linked(third) == sorted([ANN, BOB, EVE, third])
    assert await ledger.links.unlink(ANN)
    assert not await ledger.links.unlink(ANN)
    assert await ledger.links.find_linked(ANN) == [ANN]
    assert await ledger.links.find_linked(EVE) == sorted([BOB, EVE, third])
    assert await ledger.links.unlink(BOB)
    assert await ledger.links.unlink(EVE)
    assert not await ledger.links.unlink(third), "a link of one is none"


async def test_linked_accounts_count_together_and_each_day_begins_at_nothing(ledger: Ledger) -> None:
    await ledger.codes.keep(linking(b"1", ANN), now=0)
    await ledger.link(b"1", EVE, now=1)
    assert await ledger.usage.add(ANN, TODAY, "answers", limit=2)
    assert await ledger.usage.add(EVE, TODAY, "answers", limit=2)
    assert not await ledger.usage.add(ANN, TODAY, "answers", limit=2)
    assert await ledger.usage.add(BOB, TODAY, "answers", limit=2)
    assert await ledger.usage.count(EVE, TODAY, "answers") == 2
    assert await ledger.usage.add(ANN, TOMORROW, "answers", limit=2)
    assert await ledger.usage.count(ANN, TODAY, "answers") == 0
