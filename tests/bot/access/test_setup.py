"""From the settings to who may talk, and how much."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.access.policy import Role
from bot.access.setup import open_policy, quotas_of
from bot.configuration.settings import AccessSettings
from bot.events import Conversation, Person
from memory import Memory
from memory.embedders.hashing import HashingEmbedder


@asynccontextmanager
async def open_memory(folder: Path) -> AsyncIterator[Memory]:
    async with Memory.open(folder / "memory.db", HashingEmbedder()) as memory:
        yield memory


async def test_everybody_in_a_workspace_that_the_settings_list_may_talk(tmp_path: Path) -> None:
    async with open_memory(tmp_path) as memory:
        policy = open_policy(AccessSettings(workspaces=("slack:T1",)), memory.ledger)
        bob = Person("slack", "U2", "Bob")
        place = Conversation("slack", "C1", kind="group", workspace="T1")
        assert await policy.role(bob, place) is Role.MEMBER
        assert await policy.role(bob, Conversation("slack", "C1", kind="group", workspace="T2")) is None


async def test_an_account_may_have_a_colon_in_it(tmp_path: Path) -> None:
    async with open_memory(tmp_path) as memory:
        policy = open_policy(AccessSettings(owners=("matrix:@ann:example.org",)), memory.ledger)
        assert policy.people == {("matrix", "@ann:example.org"): Role.OWNER}


async def test_members_and_guests_have_quotas_of_their_own_and_owners_have_none(tmp_path: Path) -> None:
    settings = AccessSettings(daily_messages=4, daily_answers=3, guest_daily_messages=2, guest_daily_answers=1)
    async with open_memory(tmp_path) as memory:
        quotas = quotas_of(settings, memory.ledger, None)
        limits = {role: (quotas.limit(role, "messages"), quotas.limit(role, "answers")) for role in Role}
        assert limits == {Role.OWNER: (None, None), Role.MEMBER: (4, 3), Role.GUEST: (2, 1)}


async def test_days_are_those_of_the_zone_that_is_set(tmp_path: Path) -> None:
    east, west = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Niue")  # 25 hours apart: never the same day
    async with open_memory(tmp_path) as memory:
        days = [quotas_of(AccessSettings(), memory.ledger, zone).today() for zone in (west, east)]
        assert days[0] < days[1]
