from __future__ import annotations

import sys

import pytest

from bot.commands.sandbox_check import check_sandbox, describe, describe_gaps
from bot.configuration.settings import Settings
from bot.reading.sandbox.protections import Protections

WHOLE = Protections(
    namespaces=("processes", "network", "shared memory", "mounts"),
    landlock=7,
    seccomp=True,
    no_new_privileges=True,
    user="nobody",
    processes=True,
)


def test_what_holds_is_told_in_a_line() -> None:
    assert describe(WHOLE) == (
        "files are read with Landlock 7, seccomp, namespaces (processes, network, shared memory, mounts), as nobody"
    )
    assert list(describe_gaps(WHOLE)) == []


def test_each_gap_is_told_by_what_it_lets_a_file_do() -> None:
    assert describe(Protections()) == "files are read in a process with limits alone"
    assert [gap.partition(" (")[0] for gap in describe_gaps(Protections())] == [
        "it could read every file that this user may read",
        "it could connect to the network",
        "it could run programs",
        "it could start threads without number",
        "it could gain rights by programs that give them",
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the doctor has a note")
async def test_the_doctor_says_what_holds_on_this_machine() -> None:
    found = await check_sandbox("sandbox", Settings())
    assert found.found.startswith("files are read with ")
    assert found.state == ("note" if "missing" in found.found else "ok")
