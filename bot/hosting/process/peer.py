"""One end of a JSON-RPC 2.0 connection, an object a line, where either end may call the other (jsonrpc.org)."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

LINE_LIMIT = 16 << 20
"""Bytes in one line; a reply with its files fits."""
AT_ONCE = 256
"""Calls of the other end that are worked on at the same time; the rest wait in the pipe."""

METHOD_NOT_FOUND = -32601
RAISED = -32000

Params = Mapping[str, Any]
Method = Callable[[Params], Awaitable[Any]]


class ProtocolError(Exception):
    """Raised when the other end sends something other than a message of the protocol."""


class Hangup(Exception):  # noqa: N818 (an end, perhaps a quiet one)
    """Raised in calls that are open when the other end goes away."""


class RemoteError(Exception):
    """Raised when the other end answers with an error. `kind` is the name of the exception that was raised there."""

    def __init__(self, message: str, kind: str = "", trace: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.trace = trace


class Peer:
    """Calls the methods of the other end, and answers its calls.

    `read` returns the next line, b"" at the end; `write` takes one and does not wait. What `methods` raise is sent as
    an error.
    """

    def __init__(
        self,
        read: Callable[[], Awaitable[bytes]],
        write: Callable[[bytes], None],
        methods: Mapping[str, Method],
        *,
        describe: Callable[[BaseException], dict[str, str]],
    ) -> None:
        self._read = read
        self._write = write
        self._methods = methods
        self._describe = describe
        self._numbers = itertools.count(1)
        self._open: dict[int, asyncio.Future[Any]] = {}
        self._working: dict[int, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._gone: Exception | None = None
        self.busy = False
        """Whether it is busy with what the other end has sent, so that it reads nothing more for now."""

    async def serve(self) -> None:
        """Work until the other end goes away; then `hang_up`. Raises ProtocolError when it talks nonsense."""
        while line := await self._read():
            self.busy = True
            await self._take(_parse(line))
            self.busy = False

    def hang_up(self, why: Exception) -> None:
        """End every open call with this error, and stop working for the other end."""
        self._gone = self._gone or why
        for call in self._open.values():
            if not call.done():
                call.set_exception(why)
        self._open.clear()
        for task in self._working.values():
            task.cancel()

    async def call(self, method: str, /, **params: Any) -> Any:
        """Call a method of the other end and return its result; being cancelled cancels it there.

        Raises RemoteError for what it raised, and Hangup when it goes away.
        """
        if self._gone is not None:
            raise self._gone
        number = next(self._numbers)
        answer = self._open[number] = asyncio.get_running_loop().create_future()
        try:
            self._send({"id": number, "method": method, "params": params})
            return await answer
        except asyncio.CancelledError:
            if self._gone is None:
                self.notify("cancel", id=number)
            raise
        finally:
            self._open.pop(number, None)

    def notify(self, method: str, /, **params: Any) -> None:
        """Tell the other end something that has no answer."""
        self._send({"method": method, "params": params})

    async def settle(self) -> None:
        """Wait until nothing is worked on for the other end."""
        while self._working:
            await asyncio.wait(self._working.values())

    async def _take(self, message: Any) -> None:
        match message:
            case {"method": "cancel", "params": {"id": int(number)}}:
                if (working := self._working.get(number)) is not None:
                    working.cancel()
            case {"method": str(method), "id": int(number), "params": dict(params)}:
                # Nothing more is read until there is room: the full pipe then makes the other end wait.
                await self._slots.acquire()
                task = asyncio.create_task(self._work(number, method, params), name=f"call {method}")
                self._working[number] = task
                task.add_done_callback(lambda _: self._finish(number))
            case {"method": str(method), "params": dict(params)}:
                await self._handle(method, params)
            case {"id": int(number), "result": result}:
                self._settle(number, lambda answer: answer.set_result(result))
            case {"id": int(number), "error": dict(failure)}:
                data = failure.get("data")
                known = data if isinstance(data, dict) else {}
                error = RemoteError(
                    str(failure.get("message")), str(known.get("kind", "")), str(known.get("trace", ""))
                )
                self._settle(number, lambda answer: answer.set_exception(error))
            case _:
                raise ProtocolError("it sent a message that is neither a call nor an answer")

    async def _handle(self, method: str, params: Params) -> None:
        known = self._methods.get(method)
        if known is None:
            return
        # Awaited where a call is a task: the pieces of a text have to arrive in their order.
        try:
            await known(params)
        except Exception as error:
            raise ProtocolError(f"what it told with {method} makes no sense: {type(error).__name__}") from error

    def _settle(self, number: int, settle: Callable[[asyncio.Future[Any]], None]) -> None:
        answer = self._open.pop(number, None)
        if answer is not None and not answer.done():
            settle(answer)

    def _finish(self, number: int) -> None:
        self._slots.release()
        self._working.pop(number, None)

    async def _work(self, number: int, method: str, params: Params) -> None:
        known = self._methods.get(method)
        if known is None:
            error: dict[str, Any] = {"code": METHOD_NOT_FOUND, "message": f"there is no method {method}"}
            self._send({"id": number, "error": error})
            return
        try:
            outcome: dict[str, Any] = {"result": await known(params)}
        except asyncio.CancelledError:
            outcome = {"error": {"code": RAISED, "message": "cancelled", "data": {"kind": "CancelledError"}}}
        except (Exception, SystemExit) as raised:  # noqa: BLE001 (the other end is told)
            data = self._describe(raised)
            outcome = {"error": {"code": RAISED, "message": data.pop("message"), "data": data}}
        if self._gone is None:
            try:
                self._send({"id": number, **outcome})
            except ProtocolError as error:  # a result longer than a line, of which the caller still has to hear
                self._send({"id": number, "error": {"code": RAISED, "message": str(error)}})

    def _send(self, message: dict[str, Any]) -> None:
        line = json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n"
        if len(line) > LINE_LIMIT:
            raise ProtocolError(f"a message of {len(line) / 1e6:.1f} MB is more than fits through")
        self._write(line)


def _parse(line: bytes) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"it wrote something that is not JSON: {line[:60]!r}") from error
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        raise ProtocolError(f"it wrote something that is not JSON-RPC 2.0: {line[:60]!r}")
    return message
