"""A language model that says what it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Self

from bot.models import Prompt, Sampling, SpeedReport


class ScriptedModel:
    """A language model that says what it was told to, one answer a question, and keeps what it was given.

    An exception among the answers is raised in its place. With `hold` set it stops before the last word of
    each answer until that event is set, and sets `held` when it does.
    """

    name = "scripted"
    last_speed: SpeedReport | None = None
    follows_schemas = True

    def __init__(self, *answers: str | Exception, context_size: int = 4096) -> None:
        self.context_size = context_size
        self.prompts: list[Prompt] = []
        self.samplings: list[Sampling] = []
        self.hold: asyncio.Event | None = None
        self.held = asyncio.Event()
        self._answers = list(answers)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        pass

    def count(self, text: str) -> int:
        """Count words."""
        return len(text.split())

    async def stream(self, prompt: Prompt, sampling: Sampling) -> AsyncIterator[str]:
        """Yield the next answer word by word."""
        self.prompts.append(prompt)
        self.samplings.append(sampling)
        answer = self._answers.pop(0) if self._answers else ""
        if isinstance(answer, Exception):
            raise answer
        *most, last = answer.split(" ")
        for word in most:
            yield f"{word} "
        if self.hold is not None:
            self.held.set()
            await self.hold.wait()
        yield last
