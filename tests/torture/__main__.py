"""Tries to break the promises, and prints how often each was tried: `make torture`, or with SECONDS=900 for longer."""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from tests.torture import crowd, faults, http_requests, isolation, kills, power, processes


def main() -> None:
    """Run each kind of torture; stop at the first promise that is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long processes are killed")
    parser.add_argument("--lanes", type=int, default=2, help="how many databases are killed at once")
    parser.add_argument(
        "kinds", nargs="*", help="kills, power, isolation, faults, requests, crowd, processes; all if none is named"
    )
    parser.add_argument(
        "--conversations", type=int, help="how many talk at once: in the crowd (100), in a round of processes (50)"
    )
    parser.add_argument("--messages", type=int, default=20, help="how many messages each of them sends")
    chosen = parser.parse_args()
    kinds: dict[str, tuple[str, Callable[[], str]]] = {
        "kills": (
            "killed at random instants: nothing confirmed is lost or doubled",
            lambda: _kills(chosen.seconds, chosen.lanes),
        ),
        "power": (
            "what was synced is all that a power cut leaves, also on a slow disk: nothing confirmed is lost",
            lambda: power.cut_for(chosen.seconds),
        ),
        "isolation": ("nothing said in one place is shown in another", _isolation),
        "faults": ("a full or read-only disk, a clock that jumps back: a clear sentence, nothing lost", faults.count),
        "requests": ("no request makes a fault of the HTTP API", _requests),
        "crowd": (
            "many conversations at once: each gets its own answers, memory stays flat",
            lambda: str(asyncio.run(crowd.talk(chosen.conversations or 100, chosen.messages))),
        ),
        "processes": (
            "several bots on one PostgreSQL, killed, the server crashed, then its standby: nothing lost or doubled",
            lambda: _processes(chosen.seconds, chosen.conversations or 50, chosen.messages),
        ),
    }
    table = Table("promise", "tried", "broken", "seconds")
    for name, (promise, work) in kinds.items():
        if chosen.kinds and name not in chosen.kinds:
            continue
        begun = time.monotonic()
        tried = work()
        table.add_row(promise, tried, "0", f"{time.monotonic() - begun:.0f}")
    Console(width=120).print(table)


def _kills(seconds: float, lanes: int) -> str:
    count, confirmed = kills.kill_for(seconds, lanes)
    return f"{count:,} kills, {confirmed:,} confirmations"


def _isolation() -> str:
    replies, secrets = asyncio.run(isolation.ask_everything())
    return f"{replies:,} replies × {secrets} secrets"


def _requests() -> str:
    requests, routes = asyncio.run(http_requests.send_everything())
    return f"{requests:,} requests to {routes} routes"


def _processes(seconds: float, conversations: int, messages: int) -> str:
    done = processes.torture(seconds, processes.Load(conversations, messages, bots=4))
    again = f"{done.sent_again:,} replies in flight sent again"
    servers = f"{done.crashes:,} crashes, {done.failovers:,} failovers"
    return f"{done.messages:,} messages, {done.kills:,} kills, {servers}, {again}"


if __name__ == "__main__":
    main()
