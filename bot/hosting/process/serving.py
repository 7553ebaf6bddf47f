"""The bot's side of what a plugin's process calls: the SDK, for what runs in it at the moment."""

from __future__ import annotations

import asyncio
import base64
import itertools
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from bot.access.scoped_access import ScopedAccess
from bot.access.scoped_memory import ScopedMemory
from bot.context import Context, HandlerIO
from bot.errors import PluginError
from bot.events import Attachment
from bot.hosting.process.marshal import answer_call, methods_of
from bot.hosting.process.peer import Method, Params
from bot.hosting.store import Values
from bot.jobs.context import JobContext
from bot.jobs.planning import Planner
from bot.plugin import Plugin
from bot.reading.pieces import About, Piece, Progress

_ATTACHMENT = TypeAdapter(Attachment)
_ITEMS: Mapping[str, TypeAdapter[Any]] = {kind.__name__: TypeAdapter(kind) for kind in (Piece, About, Progress)}
_PIECES_WAITING = 256
"""Pieces of a reply that wait to be shown; a plugin that is quicker than its platform then waits as well."""

_PARTS: Mapping[str, tuple[type[Any], Callable[[Any], object]]] = {
    "memory": (ScopedMemory, lambda context: context.memory),
    "access": (ScopedAccess, lambda context: context.access),
    "store.here": (Values, lambda context: context.store.here),
    "store.mine": (Values, lambda context: context.store.mine),
    "store.everywhere": (Values, lambda context: context.store.everywhere),
    "jobs": (Planner, lambda context: context.jobs),
    "io": (HandlerIO, lambda context: context.io),
}
"""What of a context a process may call: the class that says how, and where it is."""


@dataclass
class Run:
    """One call of a method: what it may use, and what it has sent so far. None ends the pieces."""

    context: Context | JobContext | None
    pieces: asyncio.Queue[Any] = field(default_factory=lambda: asyncio.Queue(_PIECES_WAITING))
    files: dict[int, AsyncIterator[bytes]] = field(default_factory=dict)
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    grow: Callable[[str], None] = field(default=lambda _: None)


class Served:
    """The methods that a process may call, each in the name of a run that is going on."""

    def __init__(self, plugin: Plugin) -> None:
        self._plugin = plugin
        self._runs: dict[int, Run] = {}
        self._numbers = itertools.count(1)
        self.methods: Mapping[str, Method] = self._all()

    @contextmanager
    def running(self, run: Run) -> Iterator[int]:
        """Let the process use what belongs to a run, while the block lasts; yield the run's number."""
        number = next(self._numbers)
        self._runs[number] = run
        try:
            yield number
        finally:
            del self._runs[number]

    def _all(self) -> dict[str, Method]:
        methods: dict[str, Method] = {
            "piece": self._piece,
            "item": self._item,
            "io.growing": self._start_growing,
            "io.grow": self._grow,
            "io.grown": self._stop_growing,
            "io.fetch": self._fetch,
            "io.fetched": self._read_fetched,
            "model.write": self._write,
            "model.write_json": self._write_json,
        }
        for part, (kind, _) in _PARTS.items():
            methods |= {f"{part}.{name}": self._serve_part(part, name) for name in methods_of(kind)}
        return methods | {f"keep.{name}": self._serve_store(name) for name in methods_of(Values)}

    def _serve_part(self, part: str, name: str) -> Method:
        kind, find = _PARTS[part]

        async def serve(params: Params) -> Any:
            return await answer_call(kind, find(self._context(params)), name, params["arguments"])

        return serve

    def _serve_store(self, name: str) -> Method:
        async def serve(params: Params) -> Any:
            return await answer_call(Values, self._plugin.store, name, params["arguments"])

        return serve

    async def _write(self, params: Params) -> str:
        return await self._plugin.model.write(**params["arguments"])

    async def _write_json(self, params: Params) -> dict[str, Any]:
        return await self._plugin.model.write_json(**params["arguments"])

    async def _piece(self, params: Params) -> None:
        # Pieces of a run that has been stopped may still be on their way.
        if (run := self._runs.get(params["run"])) is not None:
            await run.pieces.put(str(params["text"]))

    async def _item(self, params: Params) -> None:
        if (run := self._runs.get(params["run"])) is not None:
            await run.pieces.put(_ITEMS[params["kind"]].validate_python(params["item"]))

    async def _start_growing(self, params: Params) -> None:
        run = self._run(params)
        run.grow = await run.stack.enter_async_context(self._of_message(params).growing())

    async def _grow(self, params: Params) -> None:
        if (run := self._runs.get(params["run"])) is not None:
            run.grow(str(params["text"]))

    async def _stop_growing(self, params: Params) -> None:
        run = self._run(params)
        run.grow = lambda _: None
        await run.stack.aclose()

    async def _fetch(self, params: Params) -> int:
        run = self._run(params)
        attachment = _ATTACHMENT.validate_python(params["arguments"]["attachment"])
        handle = len(run.files)
        run.files[handle] = self._of_message(params).fetch(attachment)
        return handle

    async def _read_fetched(self, params: Params) -> str | None:
        pieces = self._run(params).files[params["arguments"]["handle"]]
        piece = await anext(pieces, None)
        return None if piece is None else base64.b64encode(piece).decode()

    def _run(self, params: Params) -> Run:
        run = self._runs.get(params["run"])
        if run is None:
            raise PluginError("what this belonged to is over")
        return run

    def _context(self, params: Params) -> Context | JobContext:
        context = self._run(params).context
        if context is None:
            raise PluginError("a reader of files has no context")
        return context

    def _of_message(self, params: Params) -> Context:
        context = self._context(params)
        if isinstance(context, JobContext):
            raise PluginError("a job has no message")
        return context
