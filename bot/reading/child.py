"""Reads a file in a process of its own, with limits: what a hostile file does there stays there."""

from __future__ import annotations

import asyncio
import inspect
import logging
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from bot.errors import FileUnreadable, PasswordNeeded
from bot.reading import child_main
from bot.reading.child_limits import MEGABYTE, ChildAccess, ChildLimits
from bot.reading.child_protocol import (
    LONGEST_LINE,
    SOURCE,
    ChildRequest,
    CodeLocation,
    Ending,
    read_block,
    read_ending,
    read_item,
    write_request,
)
from bot.reading.pieces import ReadItem
from bot.translation import current_language, gettext, ngettext

logger = logging.getLogger(__name__)

Options = TypeVar("Options")
Item = TypeVar("Item")

_PASSED_ON = frozenset({"CUDA_VISIBLE_DEVICES", "DYLD_LIBRARY_PATH", "LD_LIBRARY_PATH", "SYSTEMROOT"})
"""What the child sees of our environment: what Python may need to start at all, and none of the bot's tokens."""

_NICENESS = 10
_BELOW_NORMAL_PRIORITY = 0x4000  # what `subprocess` has under this name, on Windows alone


async def in_child(
    function: Callable[[Path, Options], Iterator[ReadItem]],
    path: Path,
    options: Options,
    limits: ChildLimits | None = None,
    access: ChildAccess | None = None,
) -> AsyncGenerator[ReadItem]:
    """Yield what `function(path, options)` yields in a child process, which is gone when this ends, however it ends.

    `function` is a generator function at the top of a module; `options` None, or of a class that pydantic can write as
    JSON (a model, a dataclass). Raises FileUnreadable and PasswordNeeded as the function does, and FileUnreadable with
    one sentence when the child dies, uses too much, is silent for too long, or sends something other than an item.
    """
    request = _make_request(function, path, options, limits or ChildLimits(), access or ChildAccess())
    async with aclosing(_run(request, path.name, read_item)) as items:
        async for item in items:
            yield item


async def bytes_from_child(
    function: Callable[[Path, Options], Iterator[bytes]],
    path: Path,
    options: Options,
    limits: ChildLimits | None = None,
    access: ChildAccess | None = None,
) -> AsyncGenerator[bytes]:
    """Yield the blocks of bytes that `function(path, options)` yields in a child process: what a packed file holds.

    All is as with `in_child`; a block is at most a few megabytes long.
    """
    request = _make_request(function, path, options, limits or ChildLimits(), access or ChildAccess())
    async with aclosing(_run(request, path.name, read_block)) as blocks:
        async for block in blocks:
            yield block


async def _run(request: ChildRequest, name: str, parse: Callable[[bytes], Item]) -> AsyncGenerator[Item]:
    """Yield what a child answers, each line as `parse` reads it; the child is gone when this ends."""
    child = await _start()
    giving_way = asyncio.get_running_loop().call_later(request.limits.equal_seconds, _give_way, child.pid)
    try:
        async with aclosing(_read(child, request, name, parse)) as items:
            async for item in items:
                yield item
    finally:
        giving_way.cancel()
        await _end(child)


def _make_request(
    function: Callable[[Path, Options], Iterator[Item]],
    path: Path,
    options: Options,
    limits: ChildLimits,
    access: ChildAccess,
) -> ChildRequest:
    return ChildRequest(
        search=tuple(str(Path(each).absolute()) for each in sys.path),
        function=_locate(function),
        path=os.path.realpath(path),
        options_type=None if options is None else _locate(type(options)),
        options="null" if options is None else TypeAdapter(type(options)).dump_json(options).decode(),
        limits=limits,
        access=replace(access, readable=(*access.readable, *_find_libraries())),
        language=current_language(),
    )


def _find_libraries() -> list[str]:
    """Return the folders of libraries that the environment names."""
    return [folder for folder in os.environ.get("LD_LIBRARY_PATH", "").split(":") if folder]


async def _start() -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        child_main.__file__,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        limit=LONGEST_LINE,
        start_new_session=True,
        env={name: value for name, value in os.environ.items() if name in _PASSED_ON},
        creationflags=_BELOW_NORMAL_PRIORITY if sys.platform == "win32" else 0,
    )


def _give_way(group: int) -> None:
    """Let a child and what it has started stand back behind the bot; it may not set its priority itself."""
    if sys.platform != "win32":  # there it does from the start
        with suppress(OSError):
            os.setpriority(os.PRIO_PGRP, group, os.getpriority(os.PRIO_PROCESS, 0) + _NICENESS)


async def _read(
    child: asyncio.subprocess.Process, request: ChildRequest, name: str, parse: Callable[[bytes], Item]
) -> AsyncGenerator[Item]:
    if child.stdin is None or child.stdout is None:
        raise AssertionError("both are pipes")
    with suppress(ConnectionError):  # it has died already, which its silence will show
        child.stdin.write(write_request(request))
        await child.stdin.drain()
    room = request.limits.output_mb * MEGABYTE
    while True:
        line = await _read_line(child.stdout, request.limits, name)
        if not line:
            raise await _explain_end(child, request.limits, name)
        if line == b"\n":  # what comes before the last word for one that could not say it
            continue
        room -= len(line)
        if room < 0:
            raise FileUnreadable(
                gettext(
                    "{name} holds more text than I read: over {megabytes} MB.",
                    name=name,
                    megabytes=request.limits.output_mb,
                )
            )
        if (ending := parse_line(line, name, read_ending)) is not None:
            _raise_unless_done(ending, request.limits, name)
            return
        yield parse_line(line, name, parse)


async def _read_line(pipe: asyncio.StreamReader, limits: ChildLimits, name: str) -> bytes:
    """Return the next line; an empty one at the end."""
    try:
        async with asyncio.timeout(limits.silent_seconds):
            return await pipe.readline()
    except TimeoutError:
        seconds = ngettext("{number} second", "{number} seconds", round(limits.silent_seconds))
        raise FileUnreadable(
            gettext(
                "{name} can't be read: its reader was silent for {seconds}, so I gave up.", name=name, seconds=seconds
            )
        ) from None
    except ValueError:  # a line without end
        raise FileUnreadable(gettext("{name} can't be read: its reader sent something invalid.", name=name)) from None


def parse_line(line: bytes, name: str, parse: Callable[[bytes], Item]) -> Item:
    """Read a line of the child's, which may be anything. Raises FileUnreadable."""
    try:
        return parse(line)
    except (ValueError, OverflowError, KeyError, TypeError, AttributeError, RecursionError):
        raise FileUnreadable(gettext("{name} can't be read: its reader sent something invalid.", name=name)) from None


def _raise_unless_done(ending: Ending, limits: ChildLimits, name: str) -> None:
    match ending.kind:
        case "done":
            return
        case "password":
            raise PasswordNeeded(ending.message)
        case "unreadable":
            raise FileUnreadable(ending.message)
        case "memory":
            raise FileUnreadable(_explain_memory(limits, name))
    logger.warning("Reading %s failed:\n%s", name, ending.trace)
    raise FileUnreadable(
        gettext(
            "{name} can't be read: it is damaged, or of a kind I don't know ({message}).",
            name=name,
            message=ending.message,
        )
    )


async def _explain_end(child: asyncio.subprocess.Process, limits: ChildLimits, name: str) -> FileUnreadable:
    """Return what to say of a child that has ended without a last word."""
    _kill(child)  # it may only have closed its pipe
    code = await child.wait()
    logger.warning("The process that read %s ended with %d", name, code)
    if sys.platform != "win32":
        if code == -signal.SIGXCPU:
            most = gettext(
                "{seconds} seconds of work{setting}",
                seconds=limits.cpu_seconds,
                setting=_name_setting(limits.seconds_setting),
            )
            return FileUnreadable(gettext("{name} takes too long to read: more than {most}.", name=name, most=most))
        if code == -signal.SIGKILL:
            return FileUnreadable(
                gettext(
                    "{name} can't be read: the system stopped its reader, most likely because memory ran out.",
                    name=name,
                )
            )
    return FileUnreadable(
        gettext("{name} can't be read: its reader crashed over it. The file may be damaged.", name=name)
    )


def _explain_memory(limits: ChildLimits, name: str) -> str:
    most = gettext(
        "{megabytes} MB of memory{setting}",
        megabytes=limits.memory_mb,
        setting=_name_setting(limits.memory_setting),
    )
    return gettext("{name} can't be read: it needs more than {most}.", name=name, most=most)


def _name_setting(setting: str) -> str:
    return gettext(" ({setting} in the settings)", setting=setting) if setting else ""


async def _end(child: asyncio.subprocess.Process) -> None:
    """End the child and all that it has started, and wait until it is gone."""
    _kill(child)
    if child.stdin is not None:
        child.stdin.close()
    if isinstance(child.stdout, asyncio.StreamReader):
        with suppress(ValueError, ConnectionError):
            while await child.stdout.read(
                1 << 16
            ):  # what is unread would keep the pipe, and so the process object, open
                pass
    await child.wait()


def _kill(child: asyncio.subprocess.Process) -> None:
    if child.returncode is not None:
        return
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            child.kill()
        else:
            os.killpg(child.pid, signal.SIGKILL)


def _locate(found: Callable[..., object]) -> CodeLocation:
    """Return where the child finds a function or class. Raises TypeError for one that is not at a module's top."""
    if "<" in found.__qualname__:
        raise TypeError(f"{found.__qualname__} can't be found by a child process: define it at the top of its module")
    module = sys.modules.get(found.__module__)
    file = inspect.getsourcefile(module) if module is not None else None
    source: bytes | None = getattr(module, SOURCE, None)
    return CodeLocation(
        found.__module__, found.__qualname__, file, None if source is None else source.decode("latin-1")
    )
