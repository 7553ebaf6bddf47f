"""Several bots on one database for a few seconds; `make torture` does it with many more messages and kills."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.torture.processes import Driver, Load


async def make_trouble(driver: Driver) -> None:
    """Kill bots and break off their connections while there is work to do."""
    await driver.start_bot()
    await driver.kill_one()
    await driver.break_off()
    await driver.start_bot()
    await driver.kill_one()


@pytest.mark.slow
async def test_bots_that_are_killed_lose_and_double_nothing_and_keep_the_order(database: str, tmp_path: Path) -> None:
    driver = Driver(database, tmp_path, Load(conversations=10, messages=8, bots=2))
    async with asyncio.timeout(300):
        outcome = await driver.run(make_trouble)
    assert (outcome.messages, outcome.kills, outcome.crashes) == (80, 2, 1)
