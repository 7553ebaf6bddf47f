"""What a child process may use while it reads a file, and how the system is told."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1 << 20
_FILES = 256
_NICENESS = 10


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """Megabytes of memory, seconds of processor time, seconds without a sign of life, megabytes of text and files.

    On Linux all of them hold. macOS does not bound a process's memory, and Windows neither memory nor processor time;
    there the time of silence and the output still do. The two settings are those with which a user changes a limit,
    such as "plugins.settings.pdf.memory_mb"; who reaches one is told.
    """

    memory_mb: int = 1024
    cpu_seconds: int = 600
    silent_seconds: float = 120
    output_mb: int = 256
    memory_setting: str = ""
    seconds_setting: str = ""


@dataclass(frozen=True, slots=True)
class ChildAccess:
    """What a child may use beside its input and the installed libraries; on Linux, for elsewhere it may use anything.

    `readable` are files and folders it may open. It may start `processes` (none of another program), and use graphics
    processors.
    """

    readable: tuple[str, ...] = ()
    processes: int = 0
    gpu: bool = False


def limit_this_process(limits: ChildLimits) -> None:
    """Apply the limits to the process that calls, for good. A system without one of them goes without it."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 (there is none on Windows)

    # RLIMIT_AS also counts what libraries merely reserve, which is many gigabytes; RLIMIT_DATA does not.
    memory = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    wanted = {
        memory: limits.memory_mb * MEGABYTE,
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_FSIZE: limits.output_mb * MEGABYTE,
        resource.RLIMIT_NOFILE: _FILES,
        resource.RLIMIT_CORE: 0,
    }
    for which, most in wanted.items():
        hard = resource.getrlimit(which)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(ValueError, OSError):
            # A second between the limits of processor time: the first ends the process, the second can't be caught.
            resource.setrlimit(which, (least, least + 1 if which == resource.RLIMIT_CPU and least == most else least))
    with suppress(OSError):
        os.nice(_NICENESS)
    with suppress(OSError):  # if memory runs out all the same, this process goes first, and not the bot
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
