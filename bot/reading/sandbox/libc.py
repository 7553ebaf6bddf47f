"""Calls of the C library that Python has no functions for."""

from __future__ import annotations

import ctypes
import os

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_KEEPCAPS = 8
PR_SET_SECCOMP = 22
PR_SET_MM = 35
PR_SET_NO_NEW_PRIVS = 38
PR_SET_PTRACER = 0x59616D61

_libc = ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: object) -> int:
    """Call a function of the C library; numbers are passed as longs. Raises OSError when it fails or isn't there."""
    function = getattr(_libc, name, None)
    if function is None:
        raise OSError(f"the C library has no {name}")
    function.restype = ctypes.c_long
    result: int = function(*(ctypes.c_long(each) if isinstance(each, int) else each for each in arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), name)
    return result


def prctl(option: int, value: int | object = 0, more: int | object = 0) -> None:
    """Change something of the process that calls. Raises OSError."""
    call("prctl", option, value, more, 0, 0)
