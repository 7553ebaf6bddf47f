"""Says what keeps a hostile file in the process that reads it, on this machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from bot.configuration.findings import Finding
from bot.configuration.settings import Settings
from bot.reading.sandbox.probing import find_protections
from bot.reading.sandbox.protections import Protections

_MEND = "docs/security.md says what each of them keeps out"


async def check_sandbox(name: str, _: Settings) -> Finding:
    """Start a reading child, and tell what it may not do. Raises FileUnreadable when none can be started."""
    found = await find_protections()
    if sys.platform != "linux":
        return Finding(name, "note", "files are read in a process with limits, which this system can't shut in", _MEND)
    missing = list(describe_gaps(found))
    if missing:
        return Finding(name, "note", f"{describe(found)}; missing: {', '.join(missing)}", _MEND)
    return Finding(name, "ok", describe(found))


def describe(found: Protections) -> str:
    """Return what holds: "Landlock 7, seccomp, namespaces (network, processes), as nobody"."""
    parts = [f"Landlock {found.landlock}"] if found.landlock else []
    parts += ["seccomp"] if found.seccomp else []
    parts += [f"namespaces ({', '.join(found.namespaces)})"] if found.namespaces else []
    parts += {"nobody": ["as nobody"], "root": ["as root without its rights"]}.get(found.user, [])
    return f"files are read with {', '.join(parts)}" if parts else "files are read in a process with limits alone"


def describe_gaps(found: Protections) -> Iterator[str]:
    """Yield what a hostile file could do if it took its reader over."""
    if not found.files:
        yield "it could read every file that this user may read (the kernel has no Landlock)"
    if not found.network:
        yield "it could connect to the network (no seccomp, no namespace)"
    if not found.programs:
        yield "it could run programs (no seccomp)"
    if not found.processes:
        yield "it could start threads without number (no namespace of users)"
    if not found.no_new_privileges:
        yield "it could gain rights by programs that give them (no no_new_privs)"
