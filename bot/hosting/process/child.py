"""A plugin's own process: it loads the plugin, and runs its methods when the bot calls them."""

from __future__ import annotations

import asyncio
import base64
import inspect
import logging
import os
import platform
import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.configuration.loader import PLUGINS, load, make_plugin
from bot.errors import PluginError
from bot.events import Attachment, Reply
from bot.hosting.files import PluginFile, explain_failed_import
from bot.hosting.process.context_snapshot import BOT_FACTS, FACTS, JOB_FACTS
from bot.hosting.process.errors import describe
from bot.hosting.process.manifest import PROTOCOL, Manifest, write_record
from bot.hosting.process.marshal import remote
from bot.hosting.process.peer import LINE_LIMIT, Hangup, Method, Params, Peer
from bot.hosting.process.remote_context import RemoteWriter, make_caller, remote_context, remote_job_context
from bot.hosting.signature import convert_words
from bot.hosting.store import Values
from bot.plugin import Capability, Command, Plugin, read_marks
from bot.reading.incoming import IncomingFile
from bot.reading.pieces import ReadItem
from bot.translation import speak

_REPLY = TypeAdapter(Reply)
_ATTACHMENT = TypeAdapter(Attachment)
_FILE = TypeAdapter(IncomingFile)
_ITEM: TypeAdapter[ReadItem] = TypeAdapter(ReadItem)
METHODS = ("initialize", "start", "run", "read", "ping", "stop")
"""What the bot may call."""
_LAST_SECONDS = 3
"""How long the process outlives the bot, when a plugin keeps it from ending by itself."""


def main(incoming: int, outgoing: int) -> None:
    """Serve the bot over two pipes until it hangs up."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    asyncio.run(_serve(incoming, outgoing))


async def _serve(incoming: int, outgoing: int) -> None:
    lines = _lines(incoming, asyncio.get_running_loop())

    def write(line: bytes) -> None:
        view = memoryview(line)
        while view:
            view = view[os.write(outgoing, view) :]

    async with AsyncExitStack() as stack:
        child = Child(stack)
        child.peer = Peer(lines.get, write, child.methods, describe=describe)
        await child.peer.serve()
        child.peer.hang_up(Hangup("the bot has gone"))


def _lines(incoming: int, loop: asyncio.AbstractEventLoop) -> asyncio.Queue[bytes]:
    """Read lines in a thread, so that the end of the bot is seen even while the plugin blocks everything else."""
    lines: asyncio.Queue[bytes] = asyncio.Queue()

    def read() -> None:
        with os.fdopen(incoming, "rb") as pipe:
            while line := pipe.readline(LINE_LIMIT):
                loop.call_soon_threadsafe(lines.put_nowait, line)
        loop.call_soon_threadsafe(lines.put_nowait, b"")
        threading.Event().wait(_LAST_SECONDS)
        os._exit(1)  # sys.exit() ends this thread alone, and the loop may be blocked for ever

    threading.Thread(target=read, name="protocol", daemon=True).start()
    return lines


class Child:
    """The plugin and what the bot may ask of it. Whatever is open when the bot hangs up is closed by `stack`."""

    peer: Peer

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self._kind: type[Plugin] = Plugin
        self._name = ""
        self._plugin = Plugin()
        self.methods: dict[str, Method] = {name: getattr(self, f"_{name}") for name in METHODS}

    async def _initialize(self, params: Params) -> Any:
        """Import the plugin and describe it. Raises PluginError, which says what is wrong."""
        if params["protocol"] != PROTOCOL:
            raise PluginError(f"this process speaks version {PROTOCOL} of the protocol, not {params['protocol']}")
        self._name = params["name"]
        self._kind = _load(params["target"])
        manifest = manifest_of(self._kind, self._name)
        return {"protocol": PROTOCOL, "python": platform.python_version(), "manifest": manifest.model_dump(mode="json")}

    async def _start(self, params: Params) -> None:
        """Make the plugin with its settings and enter it."""
        self._plugin = make_plugin(self._kind, self._name, params["settings"])
        bot = BOT_FACTS.validate_python(params["bot"])
        self._plugin.store = remote(Values, "keep", make_caller(self.peer))
        self._plugin.model = RemoteWriter(bot, make_caller(self.peer))
        self._plugin.data_dir = bot.data_dir
        await self._stack.enter_async_context(self._plugin)

    async def _stop(self, _: Params) -> None:
        await self._stack.aclose()

    async def _ping(self, _: Params) -> str:
        return "pong"

    async def _run(self, params: Params) -> Any:
        """Run a command, a handler or an ingester; its pieces are sent as they come, its reply is returned."""
        run, method = params["run"], params["method"]
        if params["kind"] == "job":
            return await self._job(run, method, params)
        facts = FACTS.validate_python(params["context"])
        speak(facts.language)  # each call runs in a task of its own
        result = getattr(self._plugin, method)(
            remote_context(facts, self.peer, run), *self._arguments(method, params["arguments"], params["kind"])
        )
        if isinstance(result, AsyncIterator):
            async for piece in result:
                self.peer.notify("piece", run=run, text=piece)
            return None
        returned = await result
        reply = Reply(returned) if isinstance(returned, str) else returned
        return None if reply is None else _REPLY.dump_python(reply, mode="json")

    async def _job(self, run: int, method: str, params: Params) -> list[Any]:
        """Run a job, and return what it says, in order."""
        facts = JOB_FACTS.validate_python(params["context"])
        speak(facts.language)
        context = remote_job_context(facts, self.peer, run)
        returned = await getattr(self._plugin, method)(context)
        if returned:
            context.replies.append(Reply(returned) if isinstance(returned, str) else returned)
        return [_REPLY.dump_python(reply, mode="json") for reply in context.replies]

    async def _read(self, params: Params) -> None:
        """Read a file; what is in it is sent as it comes."""
        async for item in getattr(self._plugin, params["method"])(_FILE.validate_python(params["file"])):
            self.peer.notify(
                "item", run=params["run"], kind=type(item).__name__, item=_ITEM.dump_python(item, mode="json")
            )

    def _arguments(self, method: str, given: list[Any], kind: str) -> list[object]:
        if kind == "ingests":
            return [_ATTACHMENT.validate_python(each) for each in given]
        if kind == "on_message":
            return []
        command = next(mark for mark in read_marks(self._kind)[method] if isinstance(mark, Command))
        return convert_words(command.parameters, given, command.usage)


def manifest_of(kind: type[Plugin], name: str) -> Manifest:
    """Describe a plugin, of which nothing has been made yet."""
    marks = [(method, mark) for method, found in read_marks(kind).items() for mark in found]
    records = [(mark, write_record(method, mark, streams=_streams(mark))) for method, mark in marks]
    return Manifest(
        name=kind.name or name,
        summary=(inspect.getdoc(kind) or "").partition("\n")[0] if kind.__doc__ else "",
        settings=kind.Settings.model_json_schema(),
        settings_problem=_check_settings(kind),
        capabilities=tuple(record for _, record in records if record is not None),
        unsupported=tuple(sorted({type(mark).__name__ for mark, record in records if record is None})),
    )


def _streams(mark: Capability) -> bool:
    return inspect.isasyncgenfunction(mark.handler)


def _check_settings(kind: type[Plugin]) -> str | None:
    try:
        kind.Settings()
    except ValidationError as error:
        return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
    return None


def _load(target: Params) -> type[Plugin]:
    """Import what the bot has named: the bytes of a file, an entry point, or "package.module:Class"."""
    if "source" in target:
        return PluginFile(Path(target["file"]), base64.b64decode(target["source"])).load()
    try:
        found = load(PLUGINS, target["entry"])
    except (Exception, SystemExit) as error:
        raise explain_failed_import(target["entry"], error) from error
    if isinstance(found, type) and issubclass(found, Plugin):
        return found
    raise PluginError(f"{target['entry']} is not a class that derives from bot.Plugin")
