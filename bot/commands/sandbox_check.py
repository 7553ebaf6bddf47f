"""Says what keeps a hostile file in the process that reads it, on this machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from bot.configuration.findings import Finding
from bot.configuration.settings import Settings
from bot.reading.sandbox.probing import find_protections
from bot.reading.sandbox.protections import Protections
from bot.translation import gettext


async def check_sandbox(name: str, _: Settings) -> Finding:
    """Start a reading child, and tell what it may not do. Raises FileUnreadable when none can be started."""
    found = await find_protections()
    mend = gettext("docs/security.md says what each of them keeps out")
    if sys.platform != "linux":
        found_here = gettext("files are read in a process with limits, which this system can't shut in")
        return Finding(name, "note", found_here, mend)
    missing = list(describe_gaps(found))
    if missing:
        return Finding(
            name,
            "note",
            gettext("{protections}; missing: {gaps}", protections=describe(found), gaps=", ".join(missing)),
            mend,
        )
    return Finding(name, "ok", describe(found))


def describe(found: Protections) -> str:
    """Return what holds: "Landlock 7, seccomp, namespaces (network, processes), as nobody"."""
    parts = [f"Landlock {found.landlock}"] if found.landlock else []
    parts += ["seccomp"] if found.seccomp else []
    parts += [gettext("namespaces ({names})", names=", ".join(found.namespaces))] if found.namespaces else []
    parts += {"nobody": [gettext("as nobody")], "root": [gettext("as root without its rights")]}.get(found.user, [])
    if not parts:
        return gettext("files are read in a process with limits alone")
    return gettext("files are read with {protections}", protections=", ".join(parts))


def describe_gaps(found: Protections) -> Iterator[str]:
    """Yield what a hostile file could do if it took its reader over."""
    if not found.files:
        yield gettext("it could read every file that this user may read (the kernel has no Landlock)")
    if not found.network:
        yield gettext("it could connect to the network (no seccomp, no namespace)")
    if not found.programs:
        yield gettext("it could run programs (no seccomp)")
    if not found.processes:
        yield gettext("it could start threads without number (no namespace of users)")
    if not found.no_new_privileges:
        yield gettext("it could gain rights by programs that give them (no no_new_privs)")
