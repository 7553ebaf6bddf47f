"""Sandboxes a reading process, step by step; a step that the system does not support is skipped and reported."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from bot.reading.child_limits import MEGABYTE, ChildAccess, ChildLimits
from bot.reading.sandbox.landlock import Openable, confine_this_process, find_version
from bot.reading.sandbox.namespaces import enter_namespaces
from bot.reading.sandbox.openable import DEVICES, find_gpu, readable
from bot.reading.sandbox.privileges import drop_privileges, forbid_new_privileges, limit_processes
from bot.reading.sandbox.protections import Protections
from bot.reading.sandbox.seccomp import FilterOptions, filter_this_process

_RESERVED_MB = 64 << 10
"""Address space that libraries reserve without using it."""
_OWN_COUNT_SINCE = (5, 14)
"""The version of Linux since which a namespace counts its own processes."""

_held: list[Protections] = []
"""What holds in this process, once that is decided."""


@dataclass(frozen=True, slots=True)
class Confinement:
    """What a child is left with: where modules are looked for, its input, what it may use besides, and how much.

    `tell_memory` tells the parent that it crashed for want of memory.
    """

    search: Iterable[str]
    path: str
    code: str | None
    access: ChildAccess
    limits: ChildLimits
    tell_memory: Callable[[], None]


def confine(confinement: Confinement) -> Protections:
    """Shut the process that calls in, for good; return what holds. It must have a single thread."""
    if sys.platform == "linux":
        _held.append(_confine(confinement))
    return find_held()


def find_held() -> Protections:
    """Return what holds in the process that calls."""
    return _held[-1] if _held else Protections()


def _confine(confinement: Confinement) -> Protections:
    access = confinement.access
    namespaces = enter_namespaces(confinement.limits, confinement.tell_memory)
    _limit_files_and_space(confinement)
    openable = _openable(confinement)
    no_new_privileges = forbid_new_privileges()
    user = drop_privileges(become_nobody=find_version() > 0)
    counted = user == "nobody" or ("user" in namespaces and _kernel() >= _OWN_COUNT_SINCE)
    processes = counted and limit_processes(access.processes)
    landlock = confine_this_process(openable)
    options = FilterOptions(processes=access.processes > 0, writing=landlock > 0 or access.gpu)
    return Protections(
        namespaces, landlock, filter_this_process(options), no_new_privileges, user=user, processes=processes
    )


def _openable(confinement: Confinement) -> Openable:
    access = confinement.access
    files, devices = find_gpu() if access.gpu else ([], [])
    own = [confinement.path, *access.readable, *([confinement.code] if confinement.code else [])]
    return Openable([*readable(confinement.search, own), *files], [*DEVICES, *devices])


def _limit_files_and_space(confinement: Confinement) -> None:
    """Let no byte be written to a file, and bound what can be mapped: tables of pages take memory, too."""
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        if not confinement.access.gpu:  # whose libraries reserve as much as there is
            most = (confinement.limits.memory_mb + _RESERVED_MB) * MEGABYTE
            resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _kernel() -> tuple[int, ...]:
    version = os.uname().release.split("-")[0].split(".")
    return tuple(int(each) for each in version[:2] if each.isdecimal())
