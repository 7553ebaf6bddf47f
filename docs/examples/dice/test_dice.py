from __future__ import annotations

from pathlib import Path

import pytest
from dice import Dice

from bot.testing import chat


def dice() -> Dice:
    return Dice(Dice.Settings(seed=7))


async def test_it_rolls_what_it_is_told(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[dice()]) as ann:
        (one,) = await ann.says("/roll")
        assert 1 <= int(one) <= 6
        (two,) = await ann.says("/roll 2d20")
        parts, total = two.split(" = ")
        assert sum(map(int, parts.split(" + "))) == int(total)


async def test_it_rolls_in_the_middle_of_a_sentence(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[dice()]) as ann:
        (said,) = await ann.says("please roll 1d1000 for me")
        assert said.isdecimal()


async def test_it_knows_the_best_roll_of_each_person(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[dice()]) as ann:
        assert await ann.says("/best") == ["You have not rolled yet."]
        rolls = [int((await ann.says("/roll d100"))[0]) for _ in range(5)]
        assert await ann.says("/best") == [f"Your best roll is {max(rolls)}."]
        assert await ann.as_person("Bo").says("/best") == ["You have not rolled yet."]


@pytest.mark.parametrize("wrong", ["six", "0d6", "101d6", "d1", "2d"])
async def test_what_are_no_dice_are_refused_with_a_sentence(wrong: str, tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[dice()]) as ann:
        (told,) = await ann.says(f"/roll {wrong}")
        assert "dice" in told
        assert "error" not in told
