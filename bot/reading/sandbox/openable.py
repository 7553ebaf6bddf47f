"""Which files a reading process may open besides its input: Python, its libraries, and what those look at."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

_LIBRARIES = (
    "/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64",
    "/nix/store", "/gnu/store", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
)  # fmt: skip
_LOOKED_AT = (
    "/usr/share/zoneinfo", "/etc/localtime", "/usr/share/fonts", "/usr/share/locale", "/etc/mime.types",
    "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/sys/vm/overcommit_memory", "/sys/devices/system/cpu",
    "/sys/devices/system/node", "/sys/kernel/mm/transparent_hugepage", "/sys/fs/cgroup", "/dev/urandom", "/dev/random",
    "/dev/zero",
)  # fmt: skip
"""Times, fonts, and how many processors and how much memory there is."""
DEVICES = ("/dev/null",)
_GPU = ("/usr/local/cuda", "/opt/cuda", "/proc/driver/nvidia", "/proc/modules", "/proc/devices", "/sys/module")
_GPU_DEVICES = ("nvidia", "dri", "kfd")
_SITE = frozenset({"site-packages", "dist-packages"})
_IMPORTED = (".py", ".so", ".pyc")


def readable(search: Iterable[str], more: Iterable[str]) -> Iterator[str]:
    """Yield what may be read: `search` is where modules are looked for, `more` the input and what goes with it."""
    yield from _LIBRARIES
    yield from _LOOKED_AT
    yield os.path.realpath("/proc/self")
    homes = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    homes |= {f"{home}/lib" for home in (sys.prefix, sys.base_prefix)}
    yield from homes
    for place in search:
        yield from [place] if is_library(place) else _importable(Path(place))
    yield from more


def is_library(place: str) -> bool:
    """Tell whether a folder in which modules are looked for holds nothing but those."""
    inside = any(Path(place).is_relative_to(f"{home}/lib") for home in (sys.prefix, sys.base_prefix))
    return inside or Path(place).name in _SITE or Path(place).is_file()


def find_gpu() -> tuple[list[str], list[str]]:
    """Return what libraries for graphics processors read, and the devices they use."""
    with os.scandir("/dev") as entries:
        return list(_GPU), [each.path for each in entries if each.name.startswith(_GPU_DEVICES)]


def _importable(place: Path) -> Iterator[str]:
    """Yield the modules and packages right in a folder, and not the data that may lie beside them."""
    try:
        with os.scandir(place) as entries:
            for each in entries:
                if each.name.endswith(_IMPORTED) or Path(each.path, "__init__.py").is_file():
                    yield each.path
    except OSError:
        return
