"""A language model that another one can take the place of while the bot runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Self

from bot.models import (
    CallsTools,
    LanguageModel,
    Prompt,
    Sampling,
    SeesPictures,
    SpeedReport,
    ToolSpec,
    Turn,
    WantedCall,
)


class SwitchableModel:
    """The model that answers now. What was begun with one ends with it, since an answer is laid out for its model.

    `async with using(model)` is what begins something.
    """

    def __init__(self, model: LanguageModel) -> None:
        self._current = _Opened(model)
        self._replaced: dict[asyncio.Task[None], _Opened] = {}
        self._switching = asyncio.Lock()

    @property
    def current(self) -> LanguageModel:
        """The model that the next answer is written by."""
        return self._current.model

    @property
    def name(self) -> str:
        """The current model's name."""
        return self.current.name

    @property
    def context_size(self) -> int:
        """How many tokens prompt and answer may have together."""
        return self.current.context_size

    @property
    def last_speed(self) -> SpeedReport | None:
        """The report of the current model's last generation."""
        return self.current.last_speed

    @property
    def follows_schemas(self) -> bool:
        """Whether the current model can be held to a schema."""
        return self.current.follows_schemas

    async def __aenter__(self) -> Self:
        """Load the model."""
        await self._current.open()
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Free every model that is loaded; answers in progress fail."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._current.close)
            for task, opened in list(self._replaced.items()):
                task.cancel()
                stack.push_async_callback(opened.close)  # (a task that is cancelled before it began does nothing)
                stack.push_async_callback(asyncio.wait, {task})

    async def switch(self, model: LanguageModel) -> None:
        """Have another model write from the next answer on; the one before is freed when its last answer is written.

        It is loaded first: where that fails (ModelError), the one before goes on. For a while memory holds both.
        """
        async with self._switching:
            opened = _Opened(model)
            await opened.open()
            before, self._current = self._current, opened
        task = asyncio.create_task(before.close_when_unused(), name=f"free {before.model.name}")
        self._replaced[task] = before
        task.add_done_callback(self._replaced.pop)

    def count(self, text: str) -> int:
        """Return the number of tokens of `text` for the current model."""
        return self.current.count(text)

    async def stream(self, prompt: Prompt, sampling: Sampling) -> AsyncIterator[str]:
        """Yield the answer in pieces."""
        async with self.hold() as model:
            pieces = model.stream(prompt, sampling)
            try:
                async for piece in pieces:
                    yield piece
            finally:
                if isinstance(pieces, AsyncGenerator):
                    await pieces.aclose()

    async def choose_calls(
        self, turns: Sequence[Turn], tools: Sequence[ToolSpec], sampling: Sampling, *, must_call: bool = False
    ) -> tuple[WantedCall, ...] | None:
        """Return what the current model wants called; None where it has no way of its own to ask for that."""
        async with self.hold() as model:
            if not isinstance(model, CallsTools):
                return None
            return await model.choose_calls(turns, tools, sampling, must_call=must_call)

    async def sees_pictures(self) -> bool:
        """Say whether the current model can look at pictures."""
        async with self.hold() as model:
            return isinstance(model, SeesPictures) and await model.sees_pictures()

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[LanguageModel]:
        """Yield the current model, which stays loaded while the block runs."""
        opened = self._current
        with opened:
            yield opened.model


@asynccontextmanager
async def using(model: LanguageModel) -> AsyncIterator[LanguageModel]:
    """Yield the model to begin something with; one that can be switched stays the same, and loaded, for the block."""
    if isinstance(model, SwitchableModel):
        async with model.hold() as current:
            yield current
    else:
        yield model


def current_model(model: LanguageModel) -> LanguageModel:
    """Return the model that would write now, to look at."""
    return model.current if isinstance(model, SwitchableModel) else model


class _Opened:
    """A model, and how many things are being written with it."""

    def __init__(self, model: LanguageModel) -> None:
        self.model = model
        self._users = 0
        self._unused = asyncio.Event()
        self._unused.set()
        self._is_open = False

    def __enter__(self) -> None:
        self._users += 1
        self._unused.clear()

    def __exit__(self, *exc: object) -> None:
        self._users -= 1
        if not self._users:
            self._unused.set()

    async def open(self) -> None:
        await self.model.__aenter__()
        self._is_open = True

    async def close(self) -> None:
        if self._is_open:
            self._is_open = False
            await self.model.__aexit__(None, None, None)

    async def close_when_unused(self) -> None:
        try:
            await self._unused.wait()
        finally:
            await self.close()
