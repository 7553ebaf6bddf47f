"""Namespaces: a process that sees no network, no other process, no shared memory and no mounts but its own."""

from __future__ import annotations

import os
import re
import resource
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bot.reading.child_limits import ChildLimits
from bot.reading.sandbox.libc import PR_SET_PDEATHSIG, call, prctl

USER, PROCESSES, NETWORK, IPC, MOUNTS = 0x10000000, 0x20000000, 0x40000000, 0x08000000, 0x00020000
_STDERR = 2
_CRASHES = frozenset({signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGTRAP})
_NEARLY_ALL = 0.75
_OUT_OF_MEMORY = re.compile(rb"memory allocation of|bad_alloc|out ?of ?memory|cannot allocate memory", re.IGNORECASE)
"""What the libraries of Rust and C++ say before they end the process."""
_KEPT = 1 << 14
_TRIED = (PROCESSES | NETWORK | IPC | MOUNTS, PROCESSES | NETWORK | IPC, NETWORK | IPC, IPC)
"""The more the better; a kernel, or a container, may refuse some."""
_NAMES = {USER: "user", PROCESSES: "processes", NETWORK: "network", IPC: "shared memory", MOUNTS: "mounts"}
_AT_FDCWD, _AT_RECURSIVE, _READ_ONLY = -100, 0x8000, 0x1
_MOUNT_SETATTR = 442  # the same on every processor
_MS_REC_PRIVATE = 0x4000 | 0x40000


def enter_namespaces(limits: ChildLimits, tell_memory: Callable[[], None]) -> tuple[str, ...]:
    """Go on in namespaces of its own; return what they are of. The process that called waits for the one that goes on.

    That one calls `tell_memory` when the other crashed for want of memory, which libraries in C and Rust do.
    Root needs no namespace of users for the others, and drops its rights instead. Anybody else is in one, too.
    """
    die_with_parent()
    user, group = os.getuid(), os.getgid()
    entered = _unshare(0 if user == 0 else USER)
    if entered & USER:
        _map_itself(user, group)
    if entered & PROCESSES:
        _go_on_as_first(limits, tell_memory)
    if entered & MOUNTS and not _make_mounts_read_only():
        entered &= ~MOUNTS
    return tuple(name for flag, name in _NAMES.items() if entered & flag)


def die_with_parent() -> None:
    """Have the system end this process when the one that started it ends, however that ends."""
    with suppress(OSError):
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _unshare(always: int) -> int:
    for flags in _TRIED:
        with suppress(OSError):
            call("unshare", flags | always)
            return flags | always
    return 0


def _map_itself(user: int, group: int) -> None:
    """Keep our numbers in the new namespace; without that they show as nobody's, and count the same."""
    with suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny", "ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", "ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", "ascii")


def _go_on_as_first(limits: ChildLimits, tell_memory: Callable[[], None]) -> None:
    """Go on as the first process of the namespace, with which all others in it end; this one ends as that one does."""
    said, says = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(said)
        os.dup2(says, _STDERR)
        os.close(says)
        die_with_parent()
        return
    os.close(says)
    complaint = _read_to_end(said)
    _, status, used = os.wait4(child, 0)
    filled = used.ru_maxrss >= _NEARLY_ALL * limits.memory_mb * 1024
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in _CRASHES and (filled or _OUT_OF_MEMORY.search(complaint)):
        tell_memory()
    if not os.WIFSIGNALED(status):
        os._exit(os.waitstatus_to_exitcode(status))
    ended_by = os.WTERMSIG(status)
    if ended_by == signal.SIGKILL and used.ru_utime + used.ru_stime >= limits.cpu_seconds:
        ended_by = signal.SIGXCPU  # which the first process of a namespace does not get
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(ended_by, signal.SIG_DFL)
    os.kill(os.getpid(), ended_by)
    os._exit(1)


def _read_to_end(pipe: int) -> bytes:
    """Return how what is said on a pipe begins, when nobody can say more."""
    kept = b""
    while piece := os.read(pipe, 1 << 16):
        kept += piece[: _KEPT - len(kept)]
    return kept


def _make_mounts_read_only() -> bool:
    """Let nothing be written anywhere, whatever the files' own rights are."""
    attributes = (_READ_ONLY).to_bytes(8, "little") + bytes(24)
    try:
        call("mount", b"none", b"/", None, _MS_REC_PRIVATE, None)
        call("syscall", _MOUNT_SETATTR, _AT_FDCWD, b"/", _AT_RECURSIVE, attributes, len(attributes))
    except OSError:
        return False
    return True
