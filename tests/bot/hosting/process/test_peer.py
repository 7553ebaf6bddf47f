from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import CommandError
from bot.hosting.process.errors import describe, to_exception
from bot.hosting.process.peer import LINE_LIMIT, Hangup, Method, Params, Peer, ProtocolError, RemoteError
from tests.emulators.patience import PATIENCE


class Ends:
    """Two peers that are joined by queues."""

    def __init__(self, **methods: Method) -> None:
        to_far: asyncio.Queue[bytes] = asyncio.Queue()
        to_near: asyncio.Queue[bytes] = asyncio.Queue()
        self.near = Peer(to_near.get, to_far.put_nowait, {}, describe=describe)
        self.far = Peer(to_far.get, to_near.put_nowait, methods, describe=describe)
        self._queues = (to_far, to_near)

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self.near.serve()), asyncio.create_task(self.far.serve())]
        return self

    async def __aexit__(self, *exc: object) -> None:
        for queue in self._queues:
            queue.put_nowait(b"")
        await asyncio.wait(self._tasks)
        self.near.hang_up(Hangup("the end"))
        self.far.hang_up(Hangup("the end"))


async def double(params: Params) -> int:
    return 2 * int(params["number"])


async def refuse(_: Params) -> None:
    raise CommandError("not like that")


async def test_a_call_is_answered_and_what_is_raised_arrives_as_what_it_was() -> None:
    async with Ends(double=double, refuse=refuse) as ends:
        assert await asyncio.gather(*(ends.near.call("double", number=n) for n in range(50))) == list(range(0, 100, 2))
        with pytest.raises(RemoteError) as caught:
            await ends.near.call("refuse")
        assert isinstance(to_exception(caught.value), CommandError)
        assert "refuse" in caught.value.trace
        with pytest.raises(RemoteError, match="there is no method nothing"):
            await ends.near.call("nothing")
        with pytest.raises(RemoteError, match="KeyError"):
            await ends.near.call("double")


async def test_cancelling_a_call_cancels_it_at_the_other_end() -> None:
    begun, cancelled = asyncio.Event(), asyncio.Event()

    async def wait(_: Params) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    async with Ends(wait=wait) as ends:
        call = asyncio.create_task(ends.near.call("wait"))
        await begun.wait()
        call.cancel()
        async with asyncio.timeout(PATIENCE):
            await cancelled.wait()


async def test_open_calls_end_with_the_connection() -> None:
    async def wait(_: Params) -> None:
        await asyncio.Event().wait()

    async with Ends(wait=wait) as ends:
        call = asyncio.create_task(ends.near.call("wait"))
        await asyncio.sleep(0)
        ends.near.hang_up(Hangup("gone"))
        with pytest.raises(Hangup, match="gone"):
            await call
        with pytest.raises(Hangup, match="gone"):
            await ends.near.call("wait")


async def test_a_result_that_is_too_large_is_an_error_of_its_call_alone() -> None:
    async def flood(_: Params) -> str:
        return "x" * LINE_LIMIT

    async with Ends(flood=flood, double=double) as ends:
        with pytest.raises(RemoteError, match=r"a message of 16\.8 MB is more than fits through"):
            await ends.near.call("flood")
        assert await ends.near.call("double", number=2) == 4


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
MESSAGES = st.fixed_dictionaries(
    {"jsonrpc": st.just("2.0")},
    optional={
        "id": st.integers(0, 3) | ANYTHING,
        "method": st.sampled_from(["double", "refuse", "cancel"]) | ANYTHING,
        "params": st.fixed_dictionaries({}, optional={"id": ANYTHING, "number": ANYTHING}) | ANYTHING,
        "result": ANYTHING,
        "error": st.fixed_dictionaries({"message": ANYTHING, "data": ANYTHING}) | ANYTHING,
    },
)


@given(st.lists(MESSAGES | ANYTHING, max_size=5))
def test_whatever_the_other_end_writes_is_answered_or_is_a_protocol_error(messages: list[Any]) -> None:
    async def play() -> None:
        lines = [json.dumps(message).encode() + b"\n" for message in messages] + [b""]
        written: list[bytes] = []

        async def read() -> bytes:
            return lines.pop(0)

        peer = Peer(read, written.append, {"double": double, "refuse": refuse}, describe=describe)
        open_call = asyncio.create_task(peer.call("ping"))
        await asyncio.sleep(0)
        with suppress(ProtocolError):
            await peer.serve()
        await peer.settle()
        peer.hang_up(Hangup("the end"))
        with suppress(Hangup, RemoteError):
            await open_call
        assert all(json.loads(line)["jsonrpc"] == "2.0" for line in written)

    asyncio.run(play())


@given(st.binary(max_size=60))
def test_bytes_that_are_no_message_are_a_protocol_error(line: bytes) -> None:
    async def play() -> None:
        lines = [line + b"\n", b""]

        async def read() -> bytes:
            return lines.pop(0)

        await Peer(read, lambda _: None, {}, describe=describe).serve()

    with pytest.raises(ProtocolError):
        asyncio.run(play())
