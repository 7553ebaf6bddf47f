"""Fuzzes every target: `python -m tests.fuzz 100000`, or `python -m tests.fuzz 5000 citations web-page`.

Inputs are made of good ones and of those found before, the same for the same --seed, and each target gets as many as
the others. What breaks a target is written to tests/fuzz/found, one input for each place where it breaks; a test runs
it from then on. --kept is a file that counts go to, so that a run that was ended goes on where it stopped. Exits with 1
when something was found.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
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

_BATCH = 1000
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 (of files of our own in a folder of our own)


def main() -> int:
    """Run as many cases as asked, in turn over the targets."""
    options = _read_options()
    logging.disable()  # what libraries say of broken input
    if _IN_MEMORY.is_dir():
        tempfile.tempdir = str(_IN_MEMORY)  # a file for each input: on some disks it takes longer than reading it
    targets = [target for name, target in make_targets().items() if not options.targets or name in options.targets]
    counts, places = _read_counts(options.kept), Counter[str]()
    begun, before = time.monotonic(), counts.total()
    with tempfile.TemporaryDirectory(prefix="scrubjay-fuzz-") as scratch:
        while counts.total() < options.cases and time.monotonic() - begun < options.seconds:
            target = min(targets, key=lambda each: counts[each.name])
            most = min(_BATCH, options.cases - counts.total(), -(-options.cases // len(targets)))
            done, fault = _run(target, f"{options.seed}/{target.name}/{counts[target.name]}", most, Path(scratch))
            counts[target.name] += done
            _keep_counts(options.kept, counts)
            print(f"\r{counts.total():>10,}", end="", file=sys.stderr)
            if fault is not None:
                places[fault.place] += 1
                _keep(target, fault, is_new=places[fault.place] == 1)
    for name, count in sorted(counts.items()):
        print(f"{count:>10,}  {name}")
    took = time.monotonic() - begun
    print(f"{counts.total():>10,}  cases on {len(counts)} targets, {places.total()} found at {len(places)} places")
    print(f"{(counts.total() - before) / took:>10,.0f}  a second")
    return 1 if places else 0


def _run(target: Target, seed: str, most: int, scratch: Path) -> tuple[int, Fault | None]:
    random = Random(seed)
    seeds = target.seeds + read_found(target.name)
    return run_batch(target, (mutate(seeds, random) for _ in range(most)), scratch)


def _keep(target: Target, fault: Fault, *, is_new: bool) -> None:
    if not is_new:
        return
    folder = FOUND / target.name
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / hashlib.sha256(fault.data).hexdigest()[:16]
    path.write_bytes(fault.data)
    print(f"{target.name}: {path}\n{fault.what}", flush=True)


def _read_counts(path: Path | None) -> Counter[str]:
    return Counter(json.loads(path.read_text("utf-8"))) if path is not None and path.exists() else Counter()


def _keep_counts(path: Path | None, counts: Counter[str]) -> None:
    if path is not None:
        path.write_text(json.dumps(counts), "utf-8")


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("cases", type=int)
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--kept", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
