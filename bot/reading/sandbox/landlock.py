"""Landlock: which files the process may open from now on, and that it may touch nothing else.

https://docs.kernel.org/userspace-api/landlock.html says what each number is.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from bot.reading.sandbox.libc import call

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every processor
_ASK_VERSION = 1
_PATH_BENEATH = 1
_WRITE_FILE, _READ_FILE, _READ_DIR, _IOCTL_DEV = 1 << 1, 1 << 2, 1 << 3, 1 << 15
_RIGHTS_BY_VERSION = (13, 14, 15, 15, 16)
"""How many rights over files each version knows."""
_NET_SINCE, _ALL_NET = 4, 0b11
_SCOPES_SINCE, _ALL_SCOPES = 6, 0b11  # abstract sockets, signals


@dataclass(frozen=True, slots=True)
class Openable:
    """What may be opened: to read, with all below it; and devices, to write to as well."""

    readable: Iterable[str]
    devices: Iterable[str] = ()


def confine_this_process(openable: Openable) -> int:
    """Confine the process that calls, for good; return Landlock's version, 0 where there is none."""
    version = find_version()
    if version == 0:
        return 0
    try:
        known = (1 << _RIGHTS_BY_VERSION[min(version, len(_RIGHTS_BY_VERSION)) - 1]) - 1
        attributes = struct.pack(
            "=QQQ", known, _ALL_NET if version >= _NET_SINCE else 0, _ALL_SCOPES if version >= _SCOPES_SINCE else 0
        )
        attributes = attributes[: 8 + 8 * (version >= _NET_SINCE) + 8 * (version >= _SCOPES_SINCE)]
        ruleset = call("syscall", _CREATE_RULESET, ctypes.create_string_buffer(attributes), len(attributes), 0)
    except OSError:
        return 0
    try:
        for path in openable.readable:
            _allow(ruleset, path, _READ_FILE | _READ_DIR)
        for path in openable.devices:
            _allow(ruleset, path, (_READ_FILE | _WRITE_FILE | _IOCTL_DEV) & known)
        call("syscall", _RESTRICT_SELF, ruleset, 0)
    except OSError:
        return 0
    finally:
        os.close(ruleset)
    return version


def find_version() -> int:
    """Return Landlock's version; 0 where there is none."""
    try:
        return call("syscall", _CREATE_RULESET, 0, 0, _ASK_VERSION)
    except OSError:
        return 0


def _allow(ruleset: int, path: str, rights: int) -> None:
    """Add what lies at a path, if anything does."""
    with suppress(FileNotFoundError, PermissionError, NotADirectoryError):
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not stat.S_ISDIR(os.fstat(opened).st_mode):
                rights &= ~_READ_DIR
            rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, opened))
            call("syscall", _ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
        finally:
            os.close(opened)
