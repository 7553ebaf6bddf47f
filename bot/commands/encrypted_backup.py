"""Backups that are encrypted: what opens them, and the key that does."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import CommandError
from bot.jobs.age_files import decrypt_file, is_encrypted, make_key, read_key
from bot.translation import gettext

KeyOption = Annotated[
    Path | None,
    typer.Option("--key", metavar="FILE", help="The file of the secret key, where the backup is encrypted."),
]


@contextmanager
def open_backup(file: Path, key: Path | None, folder: Path | None = None) -> Iterator[Path]:
    """Give the backup as it was before it was encrypted, in a file that goes again; one that was not, as it is.

    The file lies in a private folder within `folder`, None for where temporary files are. Raises CommandError.
    """
    if not file.exists() or not is_encrypted(file):
        yield file  # what is missing or wrong is told by what reads it
        return
    if key is None:
        raise CommandError(gettext("{file} is encrypted: name the file of its secret key with --key", file=file))
    secret = read_key(key.expanduser(), lambda: _ask_passphrase(key))
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="backup-", dir=folder) as scratch:
        plain = Path(scratch, "plain.db")
        decrypt_file(file, plain, secret)
        yield plain


def make_new_key(file: Path) -> None:
    """Make a pair of keys, and say what each is for. The passphrase is asked for where there is a terminal."""
    passphrase = ""
    if sys.stdin.isatty():
        asked = gettext("A passphrase for the key's file, or Enter for none")
        passphrase = typer.prompt(
            asked, default="", show_default=False, hide_input=True, confirmation_prompt=gettext("Once more")
        )
    public = make_key(file, passphrase)
    typer.echo(
        gettext(
            "Wrote the secret key to {file}. Keep it apart from the backups: without it they can't be read.\n"
            "The public key, for `recipients` in [backup], or for --recipient:",
            file=file,
        )
    )
    typer.echo(public)


def _ask_passphrase(key: Path) -> str:
    if not sys.stdin.isatty():
        raise CommandError(gettext("{file} is locked by a passphrase, and there is no terminal to ask on", file=key))
    passphrase: str = typer.prompt(gettext("Passphrase of {file}", file=key), hide_input=True)
    return passphrase
