"""What a child process may use while it reads a file, and how the system is told."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

MEGABYTE = 1 << 20
_FILES = 256
_LEAST_SECONDS = 60
_LEAST_MEMORY_MB = 1024


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """Megabytes of memory, seconds of processor time, seconds without a sign of life, megabytes of text and files.

    On Linux all of them hold. macOS does not bound a process's memory, and Windows neither memory nor processor time;
    there the time of silence and the output still do. The two settings are those with which a user changes a limit,
    such as "plugins.settings.pdf.memory_mb"; who reaches one is told. For `equal_seconds` the child has the bot's own
    priority, so that a short file is read, and a hostile one found out, soon even on a busy machine; then it gives way.
    """

    memory_mb: int = 1024
    cpu_seconds: int = 600
    silent_seconds: float = 120
    equal_seconds: float = 20
    output_mb: int = 256
    memory_setting: str = ""
    seconds_setting: str = ""

    def for_size(self, size: int, *, seconds_per_megabyte: int, memory_per_megabyte: int | None = None) -> ChildLimits:
        """Return what a file of so many bytes may use: a few kilobytes that want half an hour's work are hostile.

        It is never more than these limits, and never less than a minute and a gigabyte.
        """
        megabytes = size / MEGABYTE
        seconds = _LEAST_SECONDS + int(megabytes * seconds_per_megabyte)
        limits = self
        if seconds < self.cpu_seconds:
            limits = replace(limits, cpu_seconds=seconds, seconds_setting="")
        if memory_per_megabyte is not None:
            memory = _LEAST_MEMORY_MB + int(megabytes * memory_per_megabyte)
            if memory < self.memory_mb:
                limits = replace(limits, memory_mb=memory, memory_setting="")
        return limits


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
    with suppress(OSError):  # if memory runs out all the same, this process goes first, and not the bot
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
