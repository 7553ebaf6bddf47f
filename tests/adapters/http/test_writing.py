"""A stream that is written slowly shows now and then that it is alive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from adapters.http.v1.writing import Writing
from bot.answering import Turn
from bot.events import Conversation
from bot.models import Prompt, Sampling
from bot.testing import ScriptedModel
from tests.adapters.web_bot import web_bot


class Waiting(ScriptedModel):
    """Writes its second word only when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = asyncio.Event()

    async def stream(self, prompt: Prompt, sampling: Sampling) -> AsyncIterator[str]:  # noqa: ARG002 (the protocol's)
        yield "one "
        await self.go_on.wait()
        yield "two"


async def test_a_stream_in_which_nothing_comes_is_pinged_until_something_does(tmp_path: Path) -> None:
    model = Waiting()
    async with web_bot(tmp_path, model=model) as web:
        requests = web.adapter._requests
        assert requests is not None
        owner = await requests.owner()
        caller = await requests.caller(owner, Conversation(owner.platform, owner.id, "Chat"))
        async with Writing(caller, [Turn("user", "Go on")], Sampling(), with_memory=False, ping_seconds=0.01) as it:
            pieces: list[str] = []
            async for piece in it.pieces():
                pieces.append(piece)
                if pieces.count("") == 3:
                    model.go_on.set()
    assert [piece for piece in pieces if piece] == ["one ", "two"]
    assert pieces.count("") >= 3
