"""The first thing that a plugin's process runs, by whichever Python it has: it needs nothing but the standard library.

The pipes of the protocol are put out of the plugin's way, so that what it prints can't get between the messages. Then
its memory is limited, and the bot's own packages are added behind those of its environment, which go first.
"""

from __future__ import annotations

import importlib
import json
import os
import sys


def main(options: dict) -> None:  # type: ignore[type-arg] # read from JSON, and older Pythons must get to the message
    """Take the pipes, and hand over to the SDK."""
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    limit_memory(options["memory_mb"])
    sys.path[:0] = options["first"]
    if options["python"] == [sys.implementation.name, *sys.version_info[:2]]:
        sys.path.extend(path for path in options["paths"] if path not in sys.path)
    try:
        child = importlib.import_module("bot.hosting.process.child")
    except Exception as error:  # noqa: BLE001 (whatever it is, the bot is told)
        refuse(outgoing, f"{sys.executable} can't load Scrubjay's SDK: {type(error).__name__}: {error}")
        sys.exit(1)
    child.main(incoming, outgoing)


def limit_memory(megabytes: int) -> None:
    """Let allocations beyond the limit fail, where the system has limits."""
    try:
        import resource  # noqa: PLC0415 (not there on Windows)
    except ImportError:
        return
    # Linux counts what can be written to; address space alone is reserved by the gigabyte by well-behaved libraries.
    kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    _, most = resource.getrlimit(kind)
    wanted = megabytes << 20
    limit = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    resource.setrlimit(kind, (limit, most))


def refuse(outgoing: int, reason: str) -> None:
    """Tell the bot why the plugin can't be run here."""
    mend = "; give it the bot's own version of Python, or install scrubjay in its environment"
    message = {"jsonrpc": "2.0", "method": "refused", "params": {"reason": reason + mend}}
    os.write(outgoing, json.dumps(message).encode() + b"\n")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
