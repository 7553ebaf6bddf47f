"""scrubjay ingest, as its user meets it."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from tests.emulators.patience import PATIENCE
from tests.plugins.text import text_files as made

if TYPE_CHECKING:
    from tests.bot.commands.conftest import Cli


@pytest.fixture
def notes(cli: Cli) -> Path:
    """A folder with two texts, something hidden, and something of a kind that nobody reads."""
    folder = cli.home / "notes"
    (folder / "deep").mkdir(parents=True)
    (folder / "museum.md").write_text("# Opening hours\n\nWe open at nine.\n", encoding="utf-8")
    (folder / "deep" / "tram.txt").write_text("Tram 5 goes there.\n", encoding="utf-8")
    (folder / ".hidden.txt").write_text("hidden", encoding="utf-8")
    (folder / "~$plan.docx").write_bytes(b"lock")
    (folder / "program.exe").write_bytes(b"MZ\x00\x00")
    (folder / "deep" / "circle").symlink_to(folder)
    return folder


def memories(cli: Cli) -> list[dict[str, Any]]:
    return [json.loads(line) for line in cli.run("export").out.splitlines()]


def test_a_folder_is_read_and_what_is_in_it_is_cited(cli: Cli, notes: Path) -> None:
    ran = cli.run("ingest", str(notes))
    assert sorted(ran.out.splitlines()[:2]) == [
        "I have read museum.md: 3 lines, 1 passage.",
        "I have read tram.txt: 1 line, 1 passage.",
    ]
    assert ran.out.splitlines()[2] == "2 files read, 2 passages; 1 of kinds that nobody reads."
    answer = cli.run("ask", "When do we open?")
    assert "We open at nine." in answer.out
    assert "[1] museum.md, line 3, " in answer.out


def test_reading_again_adds_nothing_and_a_changed_file_only_what_is_new(cli: Cli, notes: Path) -> None:
    cli.run("ingest", str(notes))
    assert cli.run("ingest", str(notes)).out.strip() == (
        "0 files read, 0 passages; 2 known already; 1 of kinds that nobody reads."
    )
    museum = notes / "museum.md"
    museum.write_text(museum.read_text("utf-8") + "\n# Tickets\n\nTen euros.\n", encoding="utf-8")
    ran = cli.run("ingest", str(museum))
    assert ran.out.splitlines()[0] == "I have read museum.md again: 1 new, 1 as before, 0 gone."
    assert {each["text"] for each in memories(cli)} == {
        "Opening hours\nWe open at nine.",
        "Tickets\nTen euros.",
        "Tram 5 goes there.",
    }


def test_a_bad_file_does_not_stop_the_others_and_is_named(cli: Cli, notes: Path) -> None:
    (notes / "bad.docx").write_bytes(made.docx_file()[:500])
    ran = cli.run("ingest", str(notes), "nowhere.pdf", code=4)
    assert "2 files read, 2 passages; 2 not read" in ran.out
    assert "nowhere.pdf does not exist." in ran.err
    assert f"{notes / 'bad.docx'}: bad.docx is damaged" in ran.err
    assert "Traceback" not in ran.err


def test_files_that_are_not_there_are_told_before_the_memory_is_opened(cli: Cli) -> None:
    ran = cli.run("ingest", "nowhere.pdf", "notes/*.md", code=4)
    assert ran.err.splitlines() == ["nowhere.pdf does not exist.", "notes/*.md does not exist."]
    assert not list(cli.data.glob("memory.db*"))


def test_a_pattern_and_a_name_are_read_alike(cli: Cli, notes: Path) -> None:
    (notes / "deep" / "second circle").symlink_to(notes)
    (notes / "same.md").symlink_to(notes / "museum.md")
    ran = cli.run("ingest", f"{notes}/**/*.[mt]*")
    assert ran.out.splitlines()[-1] == "2 files read, 2 passages."


def test_a_file_of_a_kind_that_nobody_reads_is_refused_when_it_is_named(cli: Cli, notes: Path) -> None:
    assert "can't read program.exe" in cli.run("ingest", str(notes / "program.exe"), code=4).err


def test_documents_go_to_the_conversation_that_is_named(cli: Cli, notes: Path, others_chat: str) -> None:
    assert others_chat
    cli.run("ingest", str(notes / "museum.md"), "--into", "Neighbours")
    (found,) = [
        json.loads(line)
        for line in cli.run("export", "--scope", "all").out.splitlines()
        if json.loads(line)["kind"] == "document"
    ]
    assert found["conversation"]["title"] == "Neighbours"
    assert "no conversation is called" in cli.fails("ingest", str(notes), "--into", "Nobody", code=1)


def test_a_dry_run_shows_what_would_be_remembered_and_stores_nothing(cli: Cli, notes: Path) -> None:
    lines = cli.run("ingest", str(notes / "museum.md"), "--dry-run", "--jsonl").out.splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["Opening hours\nWe open at nine."]
    assert (
        cli.run("ingest", str(notes), "--dry-run").out.splitlines()[-1].startswith("Nothing was stored. 2 files read")
    )
    assert memories(cli) == []
    assert "together with --dry-run" in cli.fails("ingest", str(notes), "--jsonl", code=2)


def test_what_came_of_it_is_there_for_programs(cli: Cli, notes: Path) -> None:
    report = cli.run("ingest", str(notes / "museum.md"), "--json").json
    assert report["refused"] == []
    (read,) = report["read"]
    assert (read["source"], read["added"], read["known"]) == (str(notes / "museum.md"), 1, False)


def test_an_encrypted_file_needs_its_password_which_is_kept_nowhere(cli: Cli) -> None:
    path = cli.home / "plan.pdf"
    canvas = Canvas(str(path), encrypt="tortoise42")
    canvas.drawString(72, 720, "The spare key lies under the blue flowerpot.")
    canvas.save()
    refused = cli.run("ingest", str(path), code=4)
    assert "plan.pdf is encrypted" in refused.err
    assert "plan.pdf" in cli.run("ingest", str(path), "--password", "wrong", code=4).err
    assert "1 passage" in cli.run("ingest", str(path), "--password", "tortoise42").out
    assert "blue flowerpot" in cli.run("ask", "Where is the spare key?").out
    assert not [file for file in cli.data.iterdir() if file.is_file() and b"tortoise42" in file.read_bytes()]


def test_ctrl_c_ends_a_run_and_its_child_processes(cli: Cli) -> None:
    folder = cli.home / "many"
    folder.mkdir()  # more than are read before this process has its turn again
    for number in range(3000):
        (folder / f"{number}.txt").write_text(f"Text {number}.", encoding="utf-8")
    running = subprocess.Popen(  # noqa: S603 (the program under test)
        cli.command("ingest", str(folder)), env=cli.env, cwd=cli.home, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert running.stdout is not None
    running.stdout.readline()
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=PATIENCE)
    assert running.returncode == 130
    assert b"the same command goes on from there" in errors
    assert b"Traceback" not in errors


def test_an_address_without_a_plugin_for_it_is_refused(cli: Cli) -> None:
    ran = cli.run("ingest", "gopher://example.org/1", code=4)
    assert "gopher://example.org/1: no installed plugin gets files from gopher addresses." in ran.err


def test_a_document_is_listed_and_forgotten_whole(cli: Cli, notes: Path) -> None:
    cli.run("ingest", str(notes))
    listed = cli.run("documents", "--json").json
    assert sorted(each["name"] for each in listed) == ["museum.md", "tram.txt"]
    museum = next(each for each in listed if each["name"] == "museum.md")
    assert museum["source"] == str(notes / "museum.md")
    ran = cli.run("forget", "--document", str(museum["id"]), "--yes")
    assert "1 memory" in ran.out
    assert "1 document" in ran.out
    assert [each["author"] for each in memories(cli)] == ["tram.txt"]
    assert "tram.txt" in cli.run("documents").out


def test_a_killed_run_leaves_no_half_document(cli: Cli) -> None:
    folder = cli.home / "many"
    folder.mkdir()
    for number in range(12):
        paragraphs = "\n\n".join(f"Paragraph {at} of file {number}. {'word ' * 150}" for at in range(40))
        (folder / f"{number:02}.txt").write_text(paragraphs, encoding="utf-8")
    whole = {each["document"]: each["added"] for each in cli.run("ingest", str(folder), "--json").json["read"]}
    assert set(whole.values()) == {40}
    cli.run("forget", "--all", "--yes")
    running = subprocess.Popen(  # noqa: S603 (the program under test)
        cli.command("ingest", str(folder), "--no-embed"), env=cli.env, cwd=cli.home, stdout=subprocess.PIPE
    )
    assert running.stdout is not None
    running.stdout.readline()  # a file is stored, and the others are on their way
    running.kill()
    running.communicate()
    with sqlite3.connect(cli.data / "memory.db") as database:
        counts = database.execute(
            "SELECT d.name, (SELECT count(*) FROM passages WHERE document_id = d.id) FROM documents AS d"
        ).fetchall()
    assert counts
    assert {count for _, count in counts} == {40}
    assert cli.run("ingest", str(folder)).out.splitlines()[-1].endswith(f"{len(counts)} known already.")
    assert len(memories(cli)) == 12 * 40


def test_watched_folders_are_followed_while_the_bot_runs(cli: Cli, notes: Path) -> None:
    cli.env["SCRUBJAY_INGEST__WATCH"] = json.dumps([str(notes)])
    chat = subprocess.Popen(  # noqa: S603 (the program under test)
        cli.command("chat"), env=cli.env, cwd=cli.home, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        until(lambda: {each["author"] for each in memories(cli)} == {"museum.md", "tram.txt"})
        (notes / "new.txt").write_text("Closed on Mondays.", encoding="utf-8")
        (notes / "museum.md").unlink()
        until(lambda: {each["author"] for each in memories(cli)} == {"new.txt", "tram.txt"})
    finally:
        chat.communicate("", timeout=PATIENCE)


def until(true: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_a_plugin_can_be_set_for_one_command(cli: Cli, tmp_path: Path) -> None:
    table = tmp_path / "advice.csv"
    table.write_text("Scenario,Advice\nrain,an umbrella\n", encoding="utf-8")
    template = "tables.template=For {Scenario} you should use {Advice}"
    cli.run("ingest", str(table), "--set", template)
    assert [each["text"] for each in cli.run("memories", "--json").json] == ["For rain you should use an umbrella"]
    assert "PLUGIN.NAME=VALUE" in cli.fails("ingest", str(table), "--set", "template", code=2)
