"""Answers the command line's `ask` from a bot that runs, over a Unix socket that its user alone can open.

One line of JSON comes, and lines of JSON go: whether the question is accepted, the text as it grows, and the answer
(`bot.commands.running_bot` reads them). What can't be answered as the command itself would is refused.
"""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import os
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.app import App
from bot.commands.asking import answer_question
from bot.commands.options import ScopeChoice
from bot.commands.running_bot import MOST_BYTES, settings_digest, socket_path
from bot.errors import ScrubjayError
from bot.models.engine import make_model
from bot.models.switching import current_model
from memory.errors import MemoryStoreError

logger = logging.getLogger(__name__)

_WAITING = 16
"""Connections that wait to be accepted."""
_REQUEST_SECONDS = 5.0
_FRAME_SECONDS = 1 / 12
"""Between two states of a text that grows."""


@asynccontextmanager
async def serve_questions(app: App) -> AsyncIterator[None]:
    """Answer the command line while the block runs. Where no socket can be had, it goes on answering itself."""
    path = socket_path(app.settings)
    listener = None if path is None else _listen(path)
    if path is None or listener is None:
        yield
        return
    made = _inode(path)
    server = _AnswerServer(app, listener)
    try:
        yield
    finally:
        await server.close()
        if _inode(path) == made:  # another bot may have put its own there since
            path.unlink(missing_ok=True)


def _listen(path: Path) -> socket.socket | None:
    """Return a listening socket; None where another bot has one already, or it can't be made."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if not _bind(listener, path):
            listener.close()
            return None
        path.chmod(0o600)  # nobody can connect before it listens
        listener.listen(_WAITING)
        listener.settimeout(0.0)
    except OSError as error:
        listener.close()
        logger.info("the command line can't ask this bot: %s: %s", path, error.strerror)
        return None
    return listener


def _bind(listener: socket.socket, path: Path) -> bool:
    """Bind a socket to a path; False where somebody listens there. Raises OSError.

    A socket that a dead process left is put out of the way.
    """
    try:
        listener.bind(str(path))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        if not path.is_socket() or _is_answered(path):
            return False
        path.unlink(missing_ok=True)
        listener.bind(str(path))
    return True


def _inode(path: Path) -> int | None:
    with suppress(OSError):
        return path.lstat().st_ino
    return None


def _is_answered(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(_REQUEST_SECONDS)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            return False
        except OSError:
            return True
    return True


class _AnswerServer:
    """Serves a listening socket until it is closed.

    What is accepted has its task before anything else can happen, and each task closes its connection: none is left
    open, whenever the bot stops.
    """

    def __init__(self, app: App, listener: socket.socket) -> None:
        self._app = app
        self._digest = settings_digest(app.settings)
        self._listener = listener
        self._tasks: set[asyncio.Task[None]] = set()
        asyncio.get_running_loop().add_reader(listener.fileno(), self._accept)

    async def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._listener.fileno())
        self._listener.close()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:  # it went away again
            return
        connection.settimeout(0.0)
        task = asyncio.create_task(self._serve(connection), name="answer the command line")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: connection.close())

    async def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError, ValueError, KeyError, TypeError, TimeoutError):
            if not _is_same_user(connection):
                return
            async with asyncio.timeout(_REQUEST_SECONDS):
                request = json.loads(await _read_line(connection))
            if request["settings"] != self._digest or not self._has_its_model():
                await _send(connection, {"accepted": False})
                return
            await _send(connection, {"accepted": True})
            await self._answer_while_heard(connection, request)

    def _has_its_model(self) -> bool:
        """Tell whether the model that answers is the one that a command would load now."""
        try:
            made = make_model(self._app.settings)
        except ScrubjayError:
            return False
        current = current_model(self._app.model)
        return type(made) is type(current) and made.name == current.name

    async def _answer_while_heard(self, connection: socket.socket, request: dict[str, Any]) -> None:
        """Answer, unless whoever asked goes away before."""
        answering = asyncio.create_task(self._answer(connection, request), name="answer")
        leaving = asyncio.create_task(asyncio.get_running_loop().sock_recv(connection, 1), name="wait for the end")
        try:
            await asyncio.wait([answering, leaving], return_when=asyncio.FIRST_COMPLETED)
        finally:
            answering.cancel()
            leaving.cancel()
            await asyncio.gather(answering, leaving, return_exceptions=True)

    async def _answer(self, connection: socket.socket, request: dict[str, Any]) -> None:
        growing = _Growing(connection)
        async with asyncio.TaskGroup() as tasks:
            if request["grow"]:
                tasks.create_task(growing.send(), name="show the answer")
            try:
                shown = await answer_question(
                    self._app.settings,
                    self._app.memory,
                    self._app.answerer,
                    request["question"],
                    ScopeChoice(request["scope"]),
                    growing.note if request["grow"] else None,
                )
            except (ScrubjayError, MemoryStoreError) as error:  # the command runs into it itself, and says so
                logger.info("a question of the command line could not be answered: %s", error)
                return
            finally:
                growing.end()
        await _send(connection, {"answer": asdict(shown)})


class _Growing:
    """Sends a text as it grows, a few times a second, whole lines alone."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._grown = asyncio.Event()
        self._ended = asyncio.Event()
        self._so_far: Callable[[], str] = str

    def note(self, so_far: Callable[[], str]) -> None:
        self._so_far = so_far
        self._grown.set()

    def end(self) -> None:
        self._ended.set()
        self._grown.set()

    async def send(self) -> None:
        while await self._grown.wait() and not self._ended.is_set():
            self._grown.clear()
            await _send(self._connection, {"growing": self._so_far()})
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), _FRAME_SECONDS)


async def _read_line(connection: socket.socket) -> bytes:
    """Return what comes before the first line break. Raises OSError, and ValueError where none comes in time."""
    loop, read = asyncio.get_running_loop(), b""
    while b"\n" not in read:
        piece = await loop.sock_recv(connection, MOST_BYTES)
        read += piece
        if not piece or len(read) > MOST_BYTES:
            raise ValueError("not a request")
    return read.partition(b"\n")[0]


async def _send(connection: socket.socket, reply: dict[str, object]) -> None:
    await asyncio.get_running_loop().sock_sendall(connection, json.dumps(reply).encode() + b"\n")


def _is_same_user(connection: socket.socket) -> bool:
    """Tell whether the other side is of the same user, where the system says; its file's mode holds anyway."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, user, _ = struct.unpack("3i", credentials)
    return bool(user == os.getuid())
