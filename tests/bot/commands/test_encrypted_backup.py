from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.commands.conftest import Cli
from tests.bot.commands.terminal_session import TerminalSession

SAID = "The spare key is with Inês"


@pytest.fixture
def keeping(cli: Cli) -> Cli:
    cli.run("remember", SAID)
    return cli


def new_key(cli: Cli, name: str = "key.txt") -> str:
    """Make a pair of keys, the secret one in a file of the home, and return the public one."""
    return cli.run("backup", "--new-key", name).out.splitlines()[-1]


def test_a_backup_is_encrypted_for_a_public_key_and_restored_by_its_secret_one(keeping: Cli) -> None:
    public = new_key(keeping)
    assert public.startswith("age1")
    secret = keeping.home / "key.txt"
    assert secret.stat().st_mode & 0o077 == 0
    backup = keeping.home / "kept.db.age"
    keeping.run("backup", str(backup), "--recipient", public)
    assert backup.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert SAID.encode() not in backup.read_bytes()
    assert backup.stat().st_mode & 0o077 == 0
    checked = keeping.run("backup", str(backup), "--check", "--key", "key.txt").out
    assert f"Checked {backup}: it can be restored" in checked
    keeping.run("forget", "--all", "--yes")
    keeping.run("restore", str(backup), "--yes", "--key", "key.txt")
    assert [each["text"] for each in keeping.run("memories", "--json").json] == [SAID]
    assert not list(keeping.data.glob("backup-*")), "what was decrypted is gone again"


def test_with_recipients_in_the_settings_every_backup_is_encrypted_and_the_latest_is_checked(keeping: Cli) -> None:
    keeping.env["SCRUBJAY_BACKUP__RECIPIENTS"] = f'["{new_key(keeping)}"]'
    keeping.env["SCRUBJAY_BACKUP__FOLDER"] = str(keeping.home / "copies")
    (keeping.home / "copies").mkdir()
    backup = keeping.home / "copies" / "scrubjay-20240503-030000.db.age"
    keeping.run("backup", str(backup))
    assert "is encrypted: name the file of its secret key with --key" in keeping.fails("backup", "--check", code=1)
    assert str(backup) in keeping.run("backup", "--check", "--key", "key.txt").out


def test_another_key_or_none_at_all_is_told_in_one_sentence(keeping: Cli) -> None:
    backup = keeping.home / "kept.db.age"
    keeping.run("backup", str(backup), "--recipient", new_key(keeping))
    new_key(keeping, "other.txt")
    (keeping.home / "no-key.txt").write_text("a shopping list")
    (keeping.home / "half-key.txt").write_text("AGE-SECRET-KEY-1")
    restore = ("restore", str(backup), "--yes")
    assert "name the file of its secret key with --key" in keeping.fails(*restore, code=1)
    assert "was encrypted for another key" in keeping.fails(*restore, "--key", "other.txt", code=1)
    assert "no-key.txt contains no age secret key" in keeping.fails(*restore, "--key", "no-key.txt", code=1)
    assert "no-key.txt holds" not in keeping.fails(*restore, "--key", "half-key.txt", code=1)
    assert "missing.txt can't be read" in keeping.fails(*restore, "--key", "missing.txt", code=1)
    assert "key.txt exists already" in keeping.fails("backup", "--new-key", "key.txt", code=1)
    assert [each["text"] for each in keeping.run("memories", "--json").json] == [SAID]


@pytest.mark.parametrize("left", [25, 100, 160, 2_000, 70_000, -1])
def test_a_backup_that_was_cut_off_is_not_restored(keeping: Cli, left: int) -> None:
    backup = keeping.home / "kept.db.age"
    keeping.run("backup", str(backup), "--recipient", new_key(keeping))
    backup.write_bytes(backup.read_bytes()[:left])
    said = keeping.fails("restore", str(backup), "--yes", "--key", "key.txt", code=1)
    assert f"{backup} is damaged or was cut off" in said
    assert [each["text"] for each in keeping.run("memories", "--json").json] == [SAID]
    assert [each.name for each in keeping.data.iterdir() if "before" in each.name or "backup" in each.name] == []


def test_a_changed_byte_is_noticed(keeping: Cli) -> None:
    backup = keeping.home / "kept.db.age"
    keeping.run("backup", str(backup), "--recipient", new_key(keeping))
    content = bytearray(backup.read_bytes())
    content[-500] ^= 1
    backup.write_bytes(content)
    said = keeping.fails("backup", str(backup), "--check", "--key", "key.txt", code=1)
    assert "is damaged or was cut off" in said


def test_a_key_that_is_locked_by_a_passphrase_is_opened_by_that_one_alone(keeping: Cli) -> None:
    with TerminalSession(keeping, "backup", "--new-key", "locked.age") as terminal:
        terminal.answer("A passphrase", "correct horse")
        terminal.answer("Once more", "correct horse")
        assert terminal.ends() == 0
    public = terminal.shown.split()[-1]
    assert "correct horse" not in terminal.shown
    backup = keeping.home / "kept.db.age"
    keeping.run("backup", str(backup), "--recipient", public)
    check = ("backup", str(backup), "--check", "--key", "locked.age")
    assert "there is no terminal to ask on" in keeping.fails(*check, code=1)
    with TerminalSession(keeping, *check) as terminal:
        terminal.answer("Passphrase of locked.age", "wrong horse")
        assert terminal.ends() == 1
    assert "the passphrase does not open locked.age" in terminal.shown
    with TerminalSession(keeping, *check) as terminal:
        terminal.answer("Passphrase of locked.age", "correct horse")
        assert terminal.ends() == 0
    assert "it can be restored" in terminal.shown


@pytest.mark.parametrize("key", ["age1nonsense", "ssh-ed25519 AAAA", "", "AGE-SECRET-KEY-1"])
def test_what_is_no_public_key_is_refused_before_anything_is_written(keeping: Cli, key: str) -> None:
    backup = keeping.home / "kept.db.age"
    assert "is not an age public key" in keeping.fails("backup", str(backup), "--recipient", key, code=1)
    assert not backup.exists()


def test_a_backup_never_overwrites_a_file_and_needs_the_library(keeping: Cli) -> None:
    public = new_key(keeping)
    backup = keeping.home / "kept.db.age"
    backup.write_text("mine")
    assert "exists already" in keeping.fails("backup", str(backup), "--recipient", public, code=1)
    assert backup.read_text() == "mine"
    Path(keeping.home, "pyrage.py").write_text("raise ImportError")  # what is not installed can't be imported
    keeping.env["PYTHONPATH"] = str(keeping.home)
    said = keeping.fails("backup", str(keeping.home / "other.age"), "--recipient", public, code=1)
    assert "scrubjay extras add encryption" in said
