"""Runs the tests against mutants, and lists those that no test notices: what `make mutants` does.

mutmut makes the mutants, in the folder `mutants`, and finds which tests reach which function. It starts pytest again
for each mutant, though, which takes a second. This collects the tests once and forks for each mutant; the quickest
tests that reach it go first. Run it in that folder, with patterns of the mutants' names. `--sample 120` tries so many
of each module, chosen by chance but the same in every run; Ctrl-C reports on those that were tried.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import random
import resource
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

MOST_SECONDS = 20.0
"""How long the tests of one mutant take together, unchanged: of a function that very many reach, the quickest do."""
UNHURRIED = 4
"""How many times as long the tests of a mutant may take before it counts as endless."""
NOTICED = frozenset({"killed", "endless"})
ARGUMENTS = (
    "-q",
    "-s",
    "--tb=no",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:schemathesis",
    "-m",
    "not real_model and not slow",
)


@dataclass(frozen=True)
class Mutant:
    """A changed function, by mutmut's name for it, and the tests that reach it, the quickest first."""

    name: str
    tests: tuple[str, ...]
    seconds: float

    @property
    def module(self) -> str:
        return self.name.rpartition(".")[0]


def read_mutants(patterns: Sequence[str]) -> Iterator[Mutant]:
    """Yield the mutants that mutmut has made whose names fit one of the patterns."""
    known = json.loads(Path("mutmut-stats.json").read_text("utf-8"))
    durations: dict[str, float] = known["duration_by_test"]
    for path in sorted(Path().rglob("*.py.meta")):
        for name in json.loads(path.read_text("utf-8"))["exit_code_by_key"]:
            if any(fnmatch.fnmatch(name, pattern) for pattern in patterns):
                reaching = known["tests_by_mangled_function_name"].get(name.rpartition("__mutmut_")[0], [])
                tests = tuple(_first_quick(sorted(reaching, key=lambda test: durations.get(test, 1.0)), durations))
                yield Mutant(name, tests, sum(durations.get(test, 1.0) for test in tests))


def _first_quick(tests: Sequence[str], durations: dict[str, float]) -> Iterator[str]:
    left = MOST_SECONDS
    for number, test in enumerate(tests):
        left -= durations.get(test, 1.0)
        if left >= 0 or not number:
            yield test


class MutantRun:
    """Takes pytest's place once the tests are collected."""

    def __init__(self, mutants: Sequence[Mutant]) -> None:
        self._mutants = mutants
        self.outcomes: dict[str, str] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try each mutant in a process of its own."""
        items = {item.nodeid: item for item in session.items}
        for mutant in self._mutants:
            chosen = [items[test] for test in mutant.tests if test in items]
            self.outcomes[mutant.name] = self._try(session, mutant, chosen) if chosen else "no tests"
            sys.stderr.write(f"\r{len(self.outcomes)} of {len(self._mutants)}")
            if self.outcomes[mutant.name] not in NOTICED:
                sys.stdout.write(f"\n{self.outcomes[mutant.name]}: {mutant.name}\n")
                sys.stdout.flush()
        return True

    def _try(self, session: pytest.Session, mutant: Mutant, items: Sequence[pytest.Item]) -> str:
        child = os.fork()
        if not child:
            _run(session, mutant, items)
        status = os.waitpid(child, 0)[1]
        return "endless" if os.WIFSIGNALED(status) else "killed" if status else "survived"


def _run(session: pytest.Session, mutant: Mutant, items: Sequence[pytest.Item]) -> None:
    """Run tests until one fails, and end the process."""
    failed = 1
    with suppress(BaseException):
        limit = int(10 + UNHURRIED * mutant.seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        signal.alarm(2 * limit)  # one that waits for ever uses no processor
        for number in range(3):
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
        os.environ["MUTANT_UNDER_TEST"] = mutant.name
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed:
                break
        else:
            failed = 0
    os._exit(failed)


def take_sample(mutants: Sequence[Mutant], size: int) -> list[Mutant]:
    """Return at most so many mutants of each module."""
    modules: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        modules.setdefault(mutant.module, []).append(mutant)
    chance = random.Random(0)
    return [
        each for found in modules.values() for each in (found if len(found) <= size else chance.sample(found, size))
    ]


def main(patterns: Sequence[str], sample: int) -> None:
    """Try the mutants, and print how many were noticed by module, and those that were not."""
    os.environ["MUTANT_UNDER_TEST"] = ""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has what runs in the background ignore it
    mutants = take_sample(list(read_mutants(patterns)), sample)
    run = MutantRun(mutants)
    files = sorted({test.partition("::")[0] for mutant in mutants for test in mutant.tests})
    pytest.main([*ARGUMENTS, *files], plugins=[run])
    report(mutants, run.outcomes)


def report(mutants: Sequence[Mutant], outcomes: dict[str, str]) -> None:
    """Print how many of the mutants tried of each module were noticed."""
    totals = Counter(mutant.module for mutant in mutants if mutant.name in outcomes)
    noticed = Counter(mutant.module for mutant in mutants if outcomes.get(mutant.name) in NOTICED)
    lines = [
        f"{module:36} {noticed[module]:4} of {total:4}  {noticed[module] / total:4.0%}"
        for module, total in sorted(totals.items())
    ]
    sys.stdout.write("\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("patterns", nargs="*", default=["*"])
    parser.add_argument("--sample", type=int, default=sys.maxsize)
    arguments = parser.parse_args()
    main(" ".join(arguments.patterns).split(), arguments.sample)
