"""A plugin in a process of its own, as the bot sees it: its methods are there, and run elsewhere."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, suppress
from types import MethodType
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, TypeAdapter

from bot.context import Context
from bot.errors import PluginError, PluginStopped
from bot.events import Attachment, Reply
from bot.hosting.process.context_snapshot import write_bot, write_context
from bot.hosting.process.errors import to_exception
from bot.hosting.process.inspection import fetch_manifest
from bot.hosting.process.manifest import CapabilityRecord, Manifest, read
from bot.hosting.process.peer import Hangup, RemoteError
from bot.hosting.process.process import PluginProcess, ProcessOptions
from bot.hosting.process.serving import Run, Served
from bot.jobs.context import JobContext
from bot.plugin import Capability, Plugin
from bot.reading.incoming import IncomingFile
from bot.reading.pieces import ReadItem

logger = logging.getLogger(__name__)

_REPLY = TypeAdapter(Reply)
_FILE = TypeAdapter(IncomingFile)
_ATTACHMENT = TypeAdapter(Attachment)
_PATIENCE_SECONDS = 10
"""How long a call waits for a process that is being started again."""
BACKOFF = (0.5, 2, 4, 8, 15, 30, 60)
_STEADY_SECONDS = 60
"""A process that lasted this long is not about to die at once again."""


class AnySettings(BaseModel):
    """Settings that are checked by the process that knows them."""

    model_config = ConfigDict(extra="allow")


class PluginInProcess(Plugin):
    """Starts the process when it is entered, and again, after a pause, whenever it ends.

    What runs in it when it ends raises PluginStopped; what is called before it is up again waits for it.
    """

    Settings = AnySettings

    def __init__(
        self, name: str, target: Mapping[str, str], settings: Mapping[str, object], options: ProcessOptions
    ) -> None:
        super().__init__(AnySettings.model_validate(settings))
        self.manifest = Manifest(name=name)
        self._name = name
        self._target = target
        self._options = options
        self._process: PluginProcess | None = None
        self._reason = ""
        self._told = False  # what was being done when it ended has failed, and counts by itself
        self._up = asyncio.Event()
        self._served = Served(self)
        self._stack = AsyncExitStack()
        self._keeper: asyncio.Task[None] | None = None
        self._on_stop: Callable[[str], None] = lambda _: None

    @property
    def name(self) -> str:  # type: ignore[override] # a class has one name, these objects have one each
        """What the plugin is called."""
        return self._name

    @property
    def pid(self) -> int | None:
        """The number of its process, while that is up."""
        return None if self._process is None else self._process.pid

    def on_stop(self, listener: Callable[[str], None]) -> None:
        """Have a function called with the reason when the process ends by itself, with nothing being done in it."""
        self._on_stop = listener

    async def __aenter__(self) -> Self:
        """Start the process. Raises PluginError, which says what is wrong with the plugin or its settings."""
        self._process = await self._launch()
        self._up.set()
        self._keeper = asyncio.create_task(self._keep(), name=f"keeper of {self._name}")
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Let the plugin leave, and end its process."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        process, self._process = self._process, None
        if process is not None and not process.ended.done():
            try:
                async with asyncio.timeout(self._options.silent_seconds):
                    await process.peer.call("stop")
            except (TimeoutError, RemoteError, Hangup) as error:
                logger.warning("The plugin %s did not leave in order: %s", self._name, error)
        await self._stack.aclose()

    def settings_schema(self) -> dict[str, object]:
        """Return the JSON schema that the process has given; none before it was started."""
        return self.manifest.settings

    def capabilities(self) -> tuple[Capability, ...]:
        """Return what the process has said that the plugin can do."""
        return tuple(read(record, self._handler(record), self._name) for record in self.manifest.capabilities)

    async def _launch(self) -> PluginProcess:
        async with AsyncExitStack() as stack:
            process = await stack.enter_async_context(
                PluginProcess.open(self._name, self._options, self._served.methods)
            )
            await self._start_plugin(process)
            process.watch()
            self._stack = stack.pop_all()
        return process

    async def _start_plugin(self, process: PluginProcess) -> None:
        self.manifest = await fetch_manifest(process, self._name, self._target)
        self._refuse_wrong(self.manifest)
        try:
            async with asyncio.timeout(self._options.start_seconds):
                settings = self.settings.model_dump(mode="json")
                await process.peer.call("start", settings=settings, bot=write_bot(self))
        except TimeoutError:
            raise PluginError(f"{self._name} was not ready within {self._options.start_seconds:g} seconds") from None
        except RemoteError as error:
            raise PluginError(str(error)) from to_exception(error)
        except Hangup as error:
            reason = await asyncio.shield(process.ended)
            raise PluginError(f"the process of {self._name} ended as it was started: {reason}") from error

    def _refuse_wrong(self, manifest: Manifest) -> None:
        if manifest.name != self._name:
            raise PluginError(f"{self._name} calls itself {manifest.name}; give both the same name")
        if manifest.unsupported:
            raise PluginError(
                f"{self._name} uses what is not available in a separate process: {', '.join(manifest.unsupported)}"
            )
        try:
            self.capabilities()
        except (re.error, ValueError, PluginError) as error:
            raise PluginError(f"{self._name} says what it can do in a way that makes no sense: {error}") from error

    async def _keep(self) -> None:
        """Start the process again whenever it ends."""
        attempt = 0
        loop = asyncio.get_running_loop()
        while self._process is not None:
            since = loop.time()
            reason = await asyncio.shield(self._process.ended)
            self._up.clear()
            self._process = None
            self._fail(reason)
            await self._stack.aclose()
            attempt = 0 if loop.time() - since > _STEADY_SECONDS else attempt
            while self._process is None:
                await asyncio.sleep(BACKOFF[min(attempt, len(BACKOFF) - 1)])
                attempt += 1
                try:
                    self._process = await self._launch()
                    self._up.set()
                except PluginError as error:
                    self._fail(str(error))

    def _fail(self, reason: str) -> None:
        self._reason = reason
        logger.error("The process of the plugin %s has ended: %s", self._name, reason)
        if not self._told:
            self._on_stop(reason)
        self._told = False

    # the bot's calls

    def _handler(self, record: CapabilityRecord) -> Callable[..., Any]:
        """Return what runs a method over there, bound to this object as any plugin's method is."""

        async def reading(self: PluginInProcess, file: IncomingFile) -> AsyncIterator[ReadItem]:
            params = {"method": record.method, "file": _FILE.dump_python(file, mode="json")}
            async for item in self._stream("read", Run(None), params):
                yield item

        async def streaming(self: PluginInProcess, context: Context, *arguments: object) -> AsyncIterator[str]:
            async for piece in self._stream("run", Run(context), _make_params(record, context, arguments)):
                yield piece

        async def working(self: PluginInProcess, context: JobContext) -> None:
            for said in await self._call("run", Run(context), _make_params(record, context, ())):
                await context.reply(_REPLY.validate_python(said))

        async def running(self: PluginInProcess, context: Context, *arguments: object) -> Reply | None:
            returned = await self._call("run", Run(context), _make_params(record, context, arguments))
            return None if returned is None else _REPLY.validate_python(returned)

        by_kind: dict[str, Callable[..., Any]] = {"reads": reading, "job": working}
        return MethodType(by_kind.get(record.kind, streaming if record.streams else running), self)

    async def _stream(self, method: str, run: Run, params: Mapping[str, Any]) -> AsyncIterator[Any]:
        async def call() -> None:
            try:
                await self._call(method, run, params)
            finally:
                await run.pieces.put(None)

        task = asyncio.create_task(call(), name=f"stream of {self._name}")
        try:
            while (piece := await run.pieces.get()) is not None:
                yield piece
            await task
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _wait_for_process(self) -> PluginProcess:
        """Return the process; one that is being started again is waited for. Raises PluginStopped."""
        if self._process is not None and self._process.ended.done():
            self._up.clear()  # its keeper does not know yet
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._up.wait()
        if self._process is None or self._process.ended.done():
            raise PluginStopped(f"{self._name} has stopped ({self._reason}), and is not up again yet.")
        return self._process

    async def _call(self, method: str, run: Run, params: Mapping[str, Any]) -> Any:
        process = await self._wait_for_process()
        try:
            with self._served.running(run) as number:
                async with run.stack:
                    return await process.peer.call(method, run=number, **params)
        except RemoteError as error:
            raise to_exception(error) from None
        except Hangup as error:
            self._told = True
            reason = f"{self._name} stopped in the middle of this: {error}. I am starting it again."
            raise PluginStopped(reason) from error


def _make_params(
    record: CapabilityRecord, context: Context | JobContext, arguments: tuple[object, ...]
) -> dict[str, Any]:
    given = [
        _ATTACHMENT.dump_python(each, mode="json") if isinstance(each, Attachment) else str(each) for each in arguments
    ]
    return {"method": record.method, "kind": record.kind, "arguments": given, "context": write_context(context)}
