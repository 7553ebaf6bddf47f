"""Another model takes over while the bot runs."""

from __future__ import annotations

import asyncio
from typing import Self

import pytest

from bot.errors import ModelError
from bot.models import Prompt, Sampling, Turn
from bot.models.switching import SwitchableModel, current_model, using
from bot.testing.scripted_model import ScriptedModel
from tests.emulators.patience import PATIENCE

PROMPT = Prompt((Turn("user", "Go on"),), "Go on")


class Watched(ScriptedModel):
    """Shows whether it is loaded."""

    def __init__(self, *answers: str, broken: bool = False) -> None:
        super().__init__(*answers)
        self.is_loaded, self.freed = False, asyncio.Event()
        self._broken = broken

    async def __aenter__(self) -> Self:
        if self._broken:
            raise ModelError("the file is damaged")
        self.is_loaded = True
        return self

    async def __aexit__(self, *exc: object) -> None:
        self.is_loaded = False
        self.freed.set()


async def write(model: SwitchableModel) -> str:
    return "".join([piece async for piece in model.stream(PROMPT, Sampling())])


async def test_what_was_begun_with_a_model_ends_with_it_and_then_it_is_freed() -> None:
    old, new = Watched("from the old one"), Watched("from the new one")
    old.hold = asyncio.Event()
    async with SwitchableModel(old) as model:
        writing = asyncio.create_task(write(model))
        await old.held.wait()
        await model.switch(new)
        assert current_model(model) is new
        assert (old.is_loaded, new.is_loaded) == (True, True)
        assert await write(model) == "from the new one"
        old.hold.set()
        assert await writing == "from the old one"
        async with asyncio.timeout(PATIENCE):
            await old.freed.wait()
    assert not new.is_loaded


async def test_a_model_that_is_used_stays_the_same_until_that_ends() -> None:
    old, new = Watched(), Watched()
    async with SwitchableModel(old) as model:
        async with using(model) as used:
            await model.switch(new)
            assert used is old
            assert old.is_loaded
        await old.freed.wait()
        async with using(model) as used:
            assert used is new
    async with using(old) as used:
        assert used is old  # one that can't be switched is itself


async def test_a_model_that_can_not_be_loaded_leaves_the_one_before() -> None:
    old = Watched("still there")
    async with SwitchableModel(old) as model:
        with pytest.raises(ModelError, match="damaged"):
            await model.switch(Watched(broken=True))
        assert await write(model) == "still there"
        assert model.name == old.name
    assert not old.is_loaded


async def test_leaving_frees_also_what_something_is_still_written_with() -> None:
    old, new = Watched("never said whole"), Watched()
    old.hold = asyncio.Event()
    async with SwitchableModel(old) as model:
        writing = asyncio.create_task(write(model))
        await old.held.wait()
        await model.switch(new)
    assert not old.is_loaded
    assert not new.is_loaded
    writing.cancel()
    await asyncio.wait({writing})
