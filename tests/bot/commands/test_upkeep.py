from __future__ import annotations

from pathlib import Path

from tests.bot.commands.conftest import Cli


def test_a_backup_is_written_and_then_restored_elsewhere_to_check_it(cli: Cli) -> None:
    cli.run("remember", "the spare key is with Inês")
    said = cli.run("backup", "kept.db", "--check").out
    assert "Wrote kept.db" in said
    assert "it can be restored, and nothing in it is damaged. Memories: 1, conversations: 1." in said
    assert "Wrote" not in cli.run("backup", "kept.db", "--check").out


def test_a_damaged_backup_does_not_pass(cli: Cli) -> None:
    cli.run("remember", "the spare key is with Inês")
    cli.run("backup", "kept.db")
    kept = cli.home / "kept.db"
    kept.write_bytes(kept.read_bytes()[:5000])
    assert "kept.db" in cli.fails("backup", "kept.db", "--check", code=5)


def test_without_a_file_the_latest_of_the_clocks_backups_is_checked(cli: Cli) -> None:
    assert "`backup.folder`" in cli.fails("backup", "--check", code=1)
    folder = cli.home / "copies"
    folder.mkdir()
    cli.env["SCRUBJAY_BACKUP__FOLDER"] = str(folder)
    assert "there is no backup in" in cli.fails("backup", "--check", code=1)
    cli.run("remember", "the spare key is with Inês")
    cli.run("backup", str(folder / "scrubjay-20240503-030000.db"))
    assert "scrubjay-20240503-030000.db: it can be restored" in cli.run("backup", "--check").out


def test_compacting_gives_back_the_room_of_what_was_forgotten_and_loses_nothing(cli: Cli) -> None:
    lines = "\n".join(
        f'{{"text": "note {n} {"x" * 2000}", "said_at": "2024-05-03T10:00:00Z", "author": "Ann"}}' for n in range(300)
    )
    (cli.home / "notes.jsonl").write_text(lines)
    cli.run("import", "notes.jsonl")
    cli.run("remember", "the spare key is with Inês")
    cli.run("forget", "--matching", "xxxx", "--yes")
    database = cli.data / "memory.db"
    before = database.stat().st_size
    assert " before, " in cli.run("compact").out
    assert database.stat().st_size < before
    assert "Inês" in cli.run("memories").out
    assert cli.run("doctor", code=None).out.count("broken") == 0


def test_usage_says_what_takes_room_and_where(cli: Cli) -> None:
    cli.run("remember", "the spare key is with Inês")
    (cli.data / "models").mkdir(exist_ok=True)
    (cli.data / "models" / "a.gguf").write_bytes(b"x" * 2_500_000)
    used = {each["what"]: each for each in cli.run("usage", "--json").json}
    assert used["models"]["bytes"] == 2_500_000
    assert Path(used["memory"]["path"]).stat().st_size == used["memory"]["bytes"]
    said = cli.run("usage").out
    assert "2.5 MB" in said
    assert "in all." in said


def test_usage_of_nothing_is_nothing(cli: Cli) -> None:
    assert "in all." in cli.run("usage").out
