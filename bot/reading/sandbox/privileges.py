"""The rights of the process itself: none are left, and none can be got back."""

from __future__ import annotations

import ctypes
import os
import resource
import struct
from contextlib import suppress

from bot.reading.sandbox.libc import PR_SET_DUMPABLE, PR_SET_KEEPCAPS, PR_SET_NO_NEW_PRIVS, call, prctl

_CAPABILITIES_3 = 0x20080522
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2
_FIRST_USER, _NOBODY = 2_000_000_000, 65_534
_THREADS = 64
_THREADS_PER_PROCESSOR = 4


def forbid_new_privileges() -> bool:
    """Let no program give this process more rights than it has; tell whether that is possible."""
    try:
        prctl(PR_SET_NO_NEW_PRIVS, 1)
    except OSError:
        return False
    return True


def drop_privileges(*, become_nobody: bool) -> str:
    """Give every right up; return which user this is now: "nobody", "root" without its rights, or "itself".

    Root becomes a user that nobody is, if it may, and keeps one right, to read its input: for where something else
    (Landlock) says what may be read at all.
    """
    if os.getuid() != 0:
        with suppress(OSError):
            _set_capabilities(0)
        return "itself"
    changed = become_nobody and _become_nobody()
    with suppress(OSError):
        if not changed:
            _set_capabilities(0)
    return "nobody" if changed else "root"


def limit_processes(processes: int) -> bool:
    """Bound threads and processes, where only those of this child count; tell whether that is so."""
    most = _THREADS + _THREADS_PER_PROCESSOR * (os.cpu_count() or 1)
    try:
        resource.setrlimit(resource.RLIMIT_NPROC, (most * (1 + processes),) * 2)
    except (OSError, ValueError):
        return False
    return True


def _become_nobody() -> bool:
    readers = 1 << _CAP_DAC_READ_SEARCH | 1 << _CAP_DAC_OVERRIDE
    kept = _read_permitted() & readers
    if kept >> _CAP_DAC_READ_SEARCH & 1:
        kept = 1 << _CAP_DAC_READ_SEARCH
    own = _FIRST_USER + int.from_bytes(os.urandom(3), "big")  # nobody else's, so that only its own processes count
    for user in (own, _NOBODY):  # a container may not know so high a number
        with suppress(OSError):
            prctl(PR_SET_KEEPCAPS, 1)
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
            _set_capabilities(kept)
            prctl(PR_SET_DUMPABLE, 1)  # its own /proc stays its own
            return True
    return False


def _read_permitted() -> int:
    head, data = struct.pack("=Ii", _CAPABILITIES_3, 0), ctypes.create_string_buffer(24)
    call("capget", head, data)
    _, low, _, _, high, _ = struct.unpack("=6I", data.raw)
    return int(low | high << 32)


def _set_capabilities(kept: int) -> None:
    low, high = kept & 0xFFFFFFFF, kept >> 32
    call("capset", struct.pack("=Ii", _CAPABILITIES_3, 0), struct.pack("=6I", low, low, 0, high, high, 0))
