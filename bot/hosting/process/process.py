"""One run of a plugin's process, from its start to its end, and why it ended."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import logging
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import PluginError
from bot.hosting.process.errors import describe
from bot.hosting.process.peer import LINE_LIMIT, Hangup, Method, Params, Peer, ProtocolError

logger = logging.getLogger(__name__)

_LEAVING_SECONDS = 3
_STDERR_LIMIT = 1 << 16
_MOST_LOGGED = 1000
"""Lines of a run's output that are logged; a plugin that prints in a loop must not fill the disk."""


@dataclass(frozen=True, slots=True)
class ProcessOptions:
    """What a process gets: its interpreter (None: the bot's own), its memory, its environment variables.

    Once it has started it is ended when it does not answer for `silent_seconds`. `paths` are looked through first for
    what it imports.
    """

    python: Path | None = None
    memory_mb: int = 2048
    silent_seconds: float = 30
    start_seconds: float = 30
    environment: Mapping[str, str] = field(default_factory=dict)
    paths: tuple[Path, ...] = ()


class PluginProcess:
    """A process that is up. `ended` says why, once it has ended."""

    def __init__(self, name: str, process: Process, options: ProcessOptions, methods: Mapping[str, Method]) -> None:
        self.name = name
        self.options = options
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._process = process
        self._reason = ""
        self._tasks: list[asyncio.Task[None]] = []
        known = {**methods, "refused": self._log_refusal}
        self.peer = Peer(self._line, self._write, known, describe=describe)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @classmethod
    @asynccontextmanager
    async def open(
        cls, name: str, options: ProcessOptions, methods: Mapping[str, Method]
    ) -> AsyncIterator[PluginProcess]:
        """Start a process, and end it with the block. Raises PluginError when it can't be started."""
        launched = await _launch(options)
        self = cls(name, launched, options, methods)
        serving = asyncio.create_task(self._serve(), name=f"plugin process {name}")
        self._tasks.append(asyncio.create_task(self._log(), name=f"output of {name}"))
        try:
            yield self
        except BaseException:
            self.kill("it was ended")
            raise
        finally:
            self._hang_up()
            await asyncio.shield(self.ended)  # a cancelled block, too, leaves no process behind
            for task in self._tasks:
                task.cancel()
            await asyncio.wait([serving, *self._tasks])

    def watch(self) -> None:
        """End it from now on when it does not answer for `silent_seconds`; importing may take longer than that."""
        self._tasks.append(asyncio.create_task(self._ping_regularly(), name=f"pulse of {self.name}"))

    def kill(self, reason: str) -> None:
        """End the process and all that it has started, for this reason unless there was one before."""
        self._reason = self._reason or reason
        with suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    async def _serve(self) -> None:
        try:
            await self.peer.serve()
        except ProtocolError as error:
            self.kill(str(error))
        except (OSError, ValueError) as error:  # a line beyond the limit is a ValueError of the reader
            self.kill(
                f"it wrote a line of more than {LINE_LIMIT >> 20} MiB" if isinstance(error, ValueError) else str(error)
            )
        self._hang_up()  # the end of its input tells it to leave
        await self._wait_until_gone()
        reason = self._reason or _describe_end(self._process.returncode)
        self.peer.hang_up(Hangup(reason))
        self.ended.set_result(reason)

    async def _wait_until_gone(self) -> None:
        """See that the process ends, and all that it has started with it.

        Its end alone can't be waited for: what it has started may hold its pipes open.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(_LEAVING_SECONDS):
                await self._process.wait()
        self.kill("" if self._process.returncode is not None else "it did not end when it was told to")
        with suppress(TimeoutError):
            async with asyncio.timeout(_LEAVING_SECONDS):
                await self._process.wait()

    async def _ping_regularly(self) -> None:
        """End a process that is stuck: its loop is blocked, and nothing else can run in it."""
        seconds = self.options.silent_seconds
        while True:
            await asyncio.sleep(seconds / 2)
            try:
                async with asyncio.timeout(seconds):
                    await self.peer.call("ping")
            except TimeoutError:
                if self.peer.busy:
                    continue  # it is we who keep it waiting
                self.kill(f"it was blocked, and did not answer for {seconds:g} seconds")
            except Hangup:
                return

    async def _log(self) -> None:
        """Pass on what the plugin writes; how much of it is bounded."""
        if self._process.stderr is None:
            return
        logged = 0
        while text := await self._process.stderr.read(_STDERR_LIMIT):
            for line in text.decode("utf-8", "replace").splitlines():
                logged += 1
                if logged < _MOST_LOGGED:
                    logger.info("[%s] %.500s", self.name, line)
                elif logged == _MOST_LOGGED:
                    logger.warning("[%s] writes so much that the rest is not logged", self.name)

    async def _line(self) -> bytes:
        return b"" if self._process.stdout is None else await self._process.stdout.readline()

    def _write(self, line: bytes) -> None:
        if self._process.stdin is not None and not self._process.stdin.is_closing():
            self._process.stdin.write(line)

    def _hang_up(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()

    async def _log_refusal(self, params: Params) -> None:
        self._reason = str(params.get("reason"))


async def _launch(options: ProcessOptions) -> Process:
    python = options.python or Path(sys.executable)
    told = {
        "python": [sys.implementation.name, *sys.version_info[:2]],
        "first": [str(path) for path in options.paths],
        "paths": _find_bot(),
        "memory_mb": options.memory_mb,
    }
    try:
        return await asyncio.create_subprocess_exec(
            str(python),
            # Isolated: neither a variable nor the current folder can put other modules before the SDK.
            *("-I", "-X", "utf8", str(_bootstrap()), json.dumps(told)),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            limit=LINE_LIMIT,
            env={"PATH": os.defpath, **options.environment},  # the bot's own holds tokens
            start_new_session=True,  # a group of its own: ended as a whole, and out of reach of Ctrl-C
        )
    except OSError as error:
        raise PluginError(f"{python} can't be run: {error.strerror}") from error


def _find_bot() -> list[str]:
    """Return where the bot's packages are."""
    return [path for path in sys.path if path and Path(path).is_dir()]


def _bootstrap() -> Path:
    spec = importlib.util.find_spec("bot.hosting.process.bootstrap")
    if spec is None or spec.origin is None:
        raise PluginError("Scrubjay is not installed as files, so it can't start plugins in processes of their own")
    return Path(spec.origin)


def _describe_end(code: int | None) -> str:
    if code is None:
        return "it can't be ended"
    if code >= 0:
        return f"it ended by itself, with exit code {code}"
    try:
        return f"it was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"it was killed by signal {-code}"
