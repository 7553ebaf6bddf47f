from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.fuzz.mutating import mutate
from tests.fuzz.running import run_batch
from tests.fuzz.target import Target
from tests.fuzz.targets import FOUND, make_targets, read_found

TARGETS = make_targets()


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_what_broke_a_target_once_and_a_few_new_inputs_break_none(name: str) -> None:
    target, random = TARGETS[name], Random(name)
    for data in (*target.seeds, *read_found(name), *(mutate(target.seeds, random) for _ in range(20))):
        target.run(data)


def test_everything_that_was_found_belongs_to_a_target() -> None:
    assert {each.name for each in FOUND.glob("*")} <= set(TARGETS)


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("raise KeyError(data)", "KeyError"),
        ("__import__('os').abort()", "ended by SIGABRT"),
        ("__import__('time').sleep(600)", "did nothing"),
    ],
)
def test_a_fault_is_told_with_its_input(tmp_path: Path, code: str, what: str) -> None:
    def run(data: bytes) -> None:
        if data == b"bad":
            exec(code, {"data": data})  # noqa: S102 (a test's own)

    done, fault = run_batch(Target("x", run, (b"",)), [b"good", b"bad", b"good"], tmp_path, still_seconds=1)
    assert fault is not None
    assert (fault.data, done) == (b"bad", 2)
    assert what in fault.what
