"""Clients that stop reading or sending are dropped, and what was written for them ends; the others are served."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from adapters.http.server import bind, serve
from adapters.http.settings import HttpSettings
from tests.emulators.patience import PATIENCE

PIECE = b"x" * 65536


class Endless:
    """An app that streams until nobody is there; `pieces` are those that were made."""

    def __init__(self, most: int | None = None) -> None:
        self.ended = asyncio.Event()
        self.pieces = 0
        self._most = most
        self.app = Starlette(routes=[Route("/", self._stream)])

    async def _stream(self, _: Request) -> StreamingResponse:
        return StreamingResponse(self._pieces())

    async def _pieces(self) -> AsyncIterator[bytes]:
        try:
            while self._most is None or self.pieces < self._most:
                self.pieces += 1
                yield PIECE
                await asyncio.sleep(0)  # what makes an answer waits for something, too
        finally:
            self.ended.set()


async def ask(port: int) -> socket.socket:
    """Ask for the stream without reading any of it."""
    client = socket.socket()
    client.setblocking(False)  # noqa: FBT003 (the library's)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(client, ("127.0.0.1", port))
    await loop.sock_sendall(client, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return client


async def test_a_client_that_reads_nothing_is_dropped() -> None:
    endless, bound = Endless(), bind("127.0.0.1", 0)
    serving = asyncio.create_task(serve(endless.app, bound, HttpSettings(write_seconds=0.2)))
    with await ask(bound.getsockname()[1]):
        async with asyncio.timeout(PATIENCE):
            await endless.ended.wait()
    serving.cancel()
    await asyncio.wait([serving])


async def test_a_client_that_reads_gets_all_of_it() -> None:
    endless, bound = Endless(most=200), bind("127.0.0.1", 0)
    serving = asyncio.create_task(serve(endless.app, bound, HttpSettings(write_seconds=PATIENCE)))
    with await ask(bound.getsockname()[1]) as client:
        loop, read = asyncio.get_running_loop(), 0
        async with asyncio.timeout(PATIENCE):
            while read < 200 * len(PIECE):
                read += len(await loop.sock_recv(client, 1 << 20))
    assert endless.pieces == 200
    serving.cancel()
    await asyncio.wait([serving])


async def hello(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"hello, {len(await request.body())}")


async def ended(port: int, sent: bytes) -> bool:
    """Send that and no more, and wait until the server has ended the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    try:
        while await reader.read(1000):
            pass
    except ConnectionError:
        pass
    writer.close()
    return True


HALF_SENT = (
    b"",
    b"GET / HT",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Endless: ",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf of it",
)


async def test_clients_that_send_half_a_request_are_dropped() -> None:
    bound = bind("127.0.0.1", 0)
    app = Starlette(routes=[Route("/", hello, methods=["GET", "POST"])])
    serving = asyncio.create_task(serve(app, bound, HttpSettings(read_seconds=0.2)))
    port = bound.getsockname()[1]
    async with asyncio.timeout(PATIENCE):
        assert all(await asyncio.gather(*(ended(port, sent) for sent in HALF_SENT * 25)))
    serving.cancel()
    await asyncio.wait([serving])


async def test_whoever_sends_in_pieces_is_served_while_others_have_stopped() -> None:
    bound = bind("127.0.0.1", 0)
    app = Starlette(routes=[Route("/", hello, methods=["GET", "POST"])])
    serving = asyncio.create_task(serve(app, bound, HttpSettings(read_seconds=PATIENCE)))
    port = bound.getsockname()[1]
    stopped = [await asyncio.open_connection("127.0.0.1", port) for _ in range(100)]
    for _, writer in stopped:
        writer.write(b"GET / HT")
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in (b"POST / HTTP/1.1\r\nHost: loc", b"alhost\r\nContent-Length: 6\r\n\r\nabc", b"def"):
        writer.write(piece)
        await writer.drain()
    async with asyncio.timeout(PATIENCE):
        assert (await reader.readuntil(b"hello, 6")).startswith(b"HTTP/1.1 200")
    for _, each in [*stopped, (reader, writer)]:
        each.close()
    serving.cancel()
    await asyncio.wait([serving])
