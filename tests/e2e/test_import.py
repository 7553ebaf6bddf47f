"""The command `import` in processes of its own: what it prints, how it ends, and what a kill leaves."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from adapters.exports.batches import BATCH
from tests.emulators.patience import PATIENCE
from tests.warm_program import warm_command

CLI = [sys.executable, "-c", "from bot.commands.cli import main; main()"]
MANY = 12 * BATCH + 7


def chat_file(folder: Path, messages: int) -> Path:
    path = folder / "WhatsApp Chat with Lisbon trip.txt"
    start = datetime(2024, 5, 13, 21, 14)  # noqa: DTZ001 (exports are in local time)
    lines = (f"{start + timedelta(minutes=n):%d/%m/%Y, %H:%M} - P{n % 5}: message {n}\n" for n in range(messages))
    path.write_text("".join(lines), encoding="utf-8")
    return path


def command(home: Path, *arguments: object) -> tuple[list[str], dict[str, str]]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "SCRUBJAY_MEMORY__EMBEDDER": "hashing"}
    return [*CLI, "--data", str(home / "data"), "import", *map(str, arguments)], environment


def run(home: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    line, environment = command(home, *arguments)
    return subprocess.run(  # noqa: S603 (our own command line)
        [*warm_command(), *line[len(CLI) :]],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def stored(home: Path) -> int:
    database = home / "data" / "memory.db"
    if not database.exists():
        return 0
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        (count,) = connection.execute("SELECT count(*) FROM passages").fetchone()
        return int(count)
    except sqlite3.OperationalError:  # its tables are being made
        return 0
    finally:
        connection.close()


def test_a_report_for_programs_and_one_for_people(tmp_path: Path) -> None:
    chat = chat_file(tmp_path, 30)
    first = run(tmp_path, chat, "--json", "--timezone", "Europe/Lisbon")
    again = run(tmp_path, chat, "--timezone", "Europe/Lisbon")

    assert first.returncode == again.returncode == 0, first.stderr + again.stderr
    assert json.loads(first.stdout) == {
        "format": "whatsapp",
        "conversation": "Lisbon trip",
        "conversation_id": 1,
        "import_id": 1,
        "messages": 30,
        "new": 30,
        "duplicates": 0,
        "updated": 0,
        "deleted": 0,
        "forgotten": 0,
        "system": 0,
        "attachments": 0,
        "first": "2024-05-13T21:14:00+01:00",
        "last": "2024-05-13T21:43:00+01:00",
        "warnings": [],
    }
    assert "Lisbon trip (WhatsApp): 30 messages" in again.stdout
    assert "0 new, 30 known already" in again.stdout


def test_a_dry_run_prints_a_line_for_each_message_and_makes_no_memory(tmp_path: Path) -> None:
    done = run(tmp_path, chat_file(tmp_path, 30), "--dry-run", "--jsonl", "--timezone", "UTC")

    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["text"] for record in records] == [f"message {n}" for n in range(30)]
    assert list(records[0])[:7] == ["author", "sent_at", "text", "kind", "attachments", "edited", "deleted"]
    assert records[0]["sent_at"] == "2024-05-13T21:14:00+00:00"
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["missing.zip"], 4, "missing.zip: there is no such file"),
        (["x.txt", "--timezone", "Mars/Base"], 2, "Mars/Base"),
        (["x.txt", "--jsonl"], 2, "--dry-run"),
        (["x.txt", "--date-order", "dmx"], 2, "dmx"),
    ],
)
def test_what_is_wrong_is_said_and_shows_in_the_exit_code(
    tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    done = run(tmp_path, *arguments)

    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("stop", "code"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)])
def test_an_import_that_is_stopped_leaves_whole_batches_and_goes_on_when_run_again(
    tmp_path: Path, stop: signal.Signals, code: int
) -> None:
    chat = chat_file(tmp_path, MANY)
    line, environment = command(tmp_path, chat, "--no-embed")
    with subprocess.Popen(  # noqa: S603 (our own command line)
        line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        while process.poll() is None and stored(tmp_path) < BATCH:
            time.sleep(0.01)
        process.send_signal(stop)
        _, errors = process.communicate(timeout=PATIENCE)
    kept = stored(tmp_path)

    assert process.returncode == code, errors
    assert "Traceback" not in errors
    assert kept % BATCH == 0
    assert 0 < kept < MANY
    report = json.loads(run(tmp_path, chat, "--no-embed", "--json").stdout)
    assert (report["new"], report["duplicates"]) == (MANY - kept, kept)
    assert stored(tmp_path) == MANY
