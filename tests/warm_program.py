"""The program in a process that is forked from one which has imported it all: most of a start is imports.

What is forked has arguments, an environment, a folder, streams and an exit code of its own, and ends as any program
does. Whoever runs the command that `warm_command` returns runs a small one (`warm_start.py`), which hands its streams
over, waits, and ends with the same code. Signals are not handed on: a test of those starts the program itself.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROGRAM = Path(sys.executable).with_name("scrubjay")
GROUPS = ("scrubjay.commands", "scrubjay.exports", "scrubjay.plugins")
LONGEST = 1 << 20


def warm_command() -> list[str]:
    """Return what to run before the program's arguments; where nothing can be forked, the program itself."""
    if sys.platform != "linux":
        return [str(PROGRAM)]
    return [sys.executable, "-I", "-S", str(ROOT / "tests" / "warm_start.py"), _start()]


@cache
def _start() -> str:
    """Start the process that imports and forks, once for a run of tests; return the address where it listens."""
    folder = Path(tempfile.mkdtemp(prefix="scrubjay-warm-"))
    address = str(folder / "socket")
    # It sees what a program of the tests sees: a bare environment. It ends when its input does, however we end.
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder)}
    server = subprocess.Popen(  # noqa: S603 (this file)
        [sys.executable, __file__, address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    if server.stdin is None or server.stdout is None:
        raise AssertionError("both are pipes")
    if not server.stdout.readline():
        raise RuntimeError("the program can't be imported")

    server.stdout.close()
    atexit.register(_end, server, folder)
    return address


def _end(server: subprocess.Popen[bytes], folder: Path) -> None:
    if server.stdin is not None:
        server.stdin.close()
    server.wait()
    shutil.rmtree(folder, ignore_errors=True)


def serve(address: str) -> None:
    """Fork a program for each that asks. Returns in the forked one alone, when everything is as it asked."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listening.bind(address)
    listening.listen(64)
    _import_all()
    if threading.active_count() > 1:
        raise AssertionError("a process with threads must not fork")
    gc.collect()
    gc.freeze()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        ready, _, _ = select.select([listening.fileno(), 0], [], [])
        if 0 in ready:
            os._exit(0)
        asking, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            _attend(asking)
            return
        asking.close()
        with contextlib.suppress(ChildProcessError):  # none is left
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass


def _import_all() -> None:
    """Import what the program imports sooner or later, and no library that starts threads as it is imported."""
    import bot.commands  # noqa: PLC0415 (the tests that only ask for the address need none of it)

    for module in pkgutil.iter_modules(bot.commands.__path__, "bot.commands."):
        importlib.import_module(module.name)
    for name in ("bot.app", "memory.databases", "memory.sqlite.store", "memory.embedders.hashing"):
        importlib.import_module(name)
    for group in GROUPS:
        for entry in entry_points(group=group):
            with contextlib.suppress(ImportError):  # an extra that is not installed
                importlib.import_module(entry.module)


def _attend(asking: socket.socket) -> None:
    """Fork the program, wait for it and answer how it ended, or end it when nobody waits any more."""
    asked, streams, _, _ = socket.recv_fds(asking, LONGEST, 3)
    program = os.fork()
    if program == 0:
        asking.close()
        _become(json.loads(asked), streams)
        return
    for stream in streams:
        os.close(stream)
    ended = os.pidfd_open(program)
    ready, _, _ = select.select([ended, asking.fileno()], [], [])
    if ended not in ready:
        os.kill(program, signal.SIGKILL)
    _, status = os.waitpid(program, 0)
    with contextlib.suppress(OSError):
        asking.sendall(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _become(asked: dict[str, object], streams: list[int]) -> None:
    """Take over the arguments, the environment, the folder and the streams of who asked."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    environment = asked["environment"]
    assert isinstance(environment, dict)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(str(asked["folder"]))
    arguments = asked["arguments"]
    assert isinstance(arguments, list)
    sys.argv = [str(PROGRAM), *arguments]
    sys.path[:0] = [each for each in str(environment.get("PYTHONPATH", "")).split(os.pathsep) if each]


if __name__ == "__main__":
    sys.path[0] = str(ROOT)
    serve(sys.argv[1])
    from bot.commands.cli import main

    main()
