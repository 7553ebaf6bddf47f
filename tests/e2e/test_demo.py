from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.emulators.patience import PATIENCE

ROOT = Path(__file__).parents[2]


def run_demo(home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(home / "tmp"), **variables}
    (home / "tmp").mkdir()
    return subprocess.run(
        [sys.executable, "-m", "adapters.demo"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )


def test_the_demo_imports_a_history_and_answers_three_questions_with_their_sources(tmp_path: Path) -> None:
    done = run_demo(tmp_path, TZ="Europe/Berlin")

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    said = done.stdout
    assert "Lisbon trip (WhatsApp): 373 messages" in said
    assert said.count("\n> ") == 3
    hotel = said.split("> when did we book the hotel in Lisbon?")[1]
    quote, _, source = hotel.partition("\n  [1]")
    assert "booked the hotel, Rua da Rosa, 12–16 June" in quote.splitlines()[2]
    assert source.splitlines()[0] == " Mara, 3 May 2024 21:14, Lisbon trip (WhatsApp)"
    assert "shellfish tries to kill me" in said
    assert "azulejo1755" in said


def test_the_demo_leaves_nothing_behind_and_reads_no_settings_of_yours(tmp_path: Path) -> None:
    config = tmp_path / ".config" / "scrubjay" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("this is = not [valid", encoding="utf-8")
    data = tmp_path / "data"
    done = run_demo(tmp_path, SCRUBJAY_DATA__DIR=str(data))

    assert done.returncode == 0, done.stderr
    assert not data.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [config]
