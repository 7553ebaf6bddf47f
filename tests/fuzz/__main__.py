"""Fuzzes every target: `python -m tests.fuzz 100000`, or `python -m tests.fuzz 5000 citations web-page`.

Inputs are made of good ones and of those found before, the same for the same --seed. What breaks a target is written to
tests/fuzz/found, where a test runs it from then on. Exits with 1 when something was found.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from tests.fuzz.mutating import mutate
from tests.fuzz.running import Fault, run_batch
from tests.fuzz.target import Target
from tests.fuzz.targets import FOUND, make_targets, read_found

_BATCH = 250


def main() -> int:
    """Run as many cases as asked, in turn over the targets."""
    options = _read_options()
    targets = [target for name, target in make_targets().items() if not options.targets or name in options.targets]
    counts, faults = Counter[str](), 0
    end = time.monotonic() + options.seconds
    with tempfile.TemporaryDirectory(prefix="scrubjay-fuzz-") as scratch:
        turn = 0
        while counts.total() < options.cases and time.monotonic() < end:
            target = targets[turn % len(targets)]
            done, fault = _run(target, f"{options.seed}/{target.name}/{turn}", Path(scratch))
            counts[target.name] += done
            print(f"\r{counts.total():>10,}", end="", file=sys.stderr)
            turn += 1
            if fault is not None:
                faults += 1
                _keep(target, fault)
    for name, count in sorted(counts.items()):
        print(f"{count:>10,}  {name}")
    print(f"{counts.total():>10,}  cases on {len(counts)} targets, {faults} found")
    return 1 if faults else 0


def _run(target: Target, seed: str, scratch: Path) -> tuple[int, Fault | None]:
    random = Random(seed)
    seeds = target.seeds + read_found(target.name)
    return run_batch(target, (mutate(seeds, random) for _ in range(_BATCH)), scratch)


def _keep(target: Target, fault: Fault) -> None:
    folder = FOUND / target.name
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / hashlib.sha256(fault.data).hexdigest()[:16]
    path.write_bytes(fault.data)
    print(f"{target.name}: {path}\n{fault.what}", flush=True)


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("cases", type=int)
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--seconds", type=float, default=float("inf"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
