"""Several bots on one database for a few seconds; `make torture` does it with many more messages and kills."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.torture.processes import Driver, Load


async def kill_two(driver: Driver) -> None:
    """Kill bots while there is work to do, and have others take over."""
    for _ in range(2):
        await driver.start_bot()
        await driver.kill_one()


@pytest.mark.slow
async def test_bots_that_are_killed_lose_and_double_nothing_and_keep_the_order(database: str, tmp_path: Path) -> None:
    driver = Driver(database, tmp_path, Load(conversations=12, messages=12, bots=2))
    async with asyncio.timeout(300):
        outcome = await driver.run(kill_two)
    assert (outcome.messages, outcome.kills) == (144, 2)
