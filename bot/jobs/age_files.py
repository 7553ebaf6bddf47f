"""Files that are encrypted with age (https://age-encryption.org/v1): whoever writes them needs only a public key.

The library is an extra, so it is imported when it is needed. What is written here `age -d -i KEY` reads, too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from bot.commands.file_errors import describe_file_error
from bot.configuration.extras import install_command
from bot.errors import CommandError
from bot.translation import gettext
from memory.private_files import write_whole

EXTRA = "encryption"
SUFFIX = ".age"
_MAGIC = b"age-encryption.org/v1\n"
_SSH_KEY = "-----BEGIN OPENSSH PRIVATE KEY-----"
_LONGEST_KEY_FILE = 100_000  # in bytes


def is_encrypted(file: Path) -> bool:
    """Say whether a file was written by age. Raises CommandError when it can't be read."""
    try:
        with file.open("rb") as content:
            return content.read(len(_MAGIC)) == _MAGIC
    except OSError as error:
        raise _unreadable(file, error) from error


def check_recipients(recipients: Sequence[str]) -> None:
    """Raise CommandError when one is no public key ("age1…", or "ssh-ed25519 …"), or the library is not installed."""
    for each in recipients:
        _read_recipient(each)


def encrypt_file(source: Path, target: Path, recipients: Sequence[str]) -> None:
    """Write `source` encrypted to `target`, which must not exist yet; nothing half-written stays behind. Blocking.

    Whoever holds the secret key of one of the recipients can read it. Raises CommandError.
    """
    keys = [_read_recipient(each) for each in recipients]
    with _writing(target) as part, source.open("rb") as plain, part.open("r+b") as written:
        _library().encrypt_io(plain, written, keys)
        written.flush()
        os.fsync(written.fileno())


def decrypt_file(source: Path, target: Path, key: str) -> None:
    """Write what is in `source` to `target`, which must not exist yet. Blocking.

    Raises CommandError when the key is another's, or `source` is damaged or was cut off.
    """
    age = _library()
    identity = _read_identity(key)
    try:
        with _writing(target) as part, source.open("rb") as content, part.open("r+b") as plain:
            age.decrypt_io(content, plain, [identity])
    except age.DecryptError as error:
        if "No matching keys" in str(error):
            raise CommandError(gettext("{file} was encrypted for another key", file=source)) from error
        raise _describe_damage(source) from error
    except OSError as error:
        if error.errno is None:  # (the library's way to say that a piece is not what was written, or is missing)
            raise _describe_damage(source) from error
        raise _unreadable(source, error) from error


def make_key(file: Path, passphrase: str = "") -> str:
    """Write a new secret key to `file`, which must not exist yet, and return its public key.

    With a passphrase the file is encrypted by it. Raises CommandError.
    """
    age = _library()
    identity = age.x25519.Identity.generate()
    public = str(identity.to_public())
    text = f"# made: {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n# public key: {public}\n{identity}\n".encode()
    with _writing(file) as part:
        part.write_bytes(age.passphrase.encrypt(text, passphrase) if passphrase else text)
    return public


def read_key(file: Path, ask_passphrase: Callable[[], str]) -> str:
    """Return the secret key in a file; for one that is encrypted the passphrase is asked for. Raises CommandError."""
    try:
        with file.open("rb") as content:
            found = content.read(_LONGEST_KEY_FILE)
    except OSError as error:
        raise _unreadable(file, error) from error
    if found.startswith(_MAGIC):
        found = _open_key(file, found, ask_passphrase())
    text = found.decode("utf-8", errors="replace").strip()
    if text.startswith(_SSH_KEY):
        return text + "\n"
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if len(lines) != 1 or not lines[0].startswith("AGE-SECRET-KEY-"):
        raise CommandError(gettext("{file} contains no age secret key", file=file))
    return lines[0]


def _open_key(file: Path, content: bytes, passphrase: str) -> bytes:
    age = _library()
    try:
        opened: bytes = age.passphrase.decrypt(content, passphrase)
    except age.DecryptError as error:
        if str(error) == "Decryption failed":
            raise CommandError(gettext("the passphrase does not open {file}", file=file)) from error
        if "No matching keys" in str(error):
            raise CommandError(gettext("{file} contains no age secret key", file=file)) from error
        raise _describe_damage(file) from error
    return opened


def _read_recipient(text: str) -> Any:
    age = _library()
    kind = age.ssh if text.startswith("ssh-") else age.x25519
    try:
        return kind.Recipient.from_str(text.strip())
    except age.RecipientError as error:
        raise CommandError(
            gettext(
                '"{text}" is not an age public key; `scrubjay backup --new-key FILE` makes one: age1…', text=text[:80]
            )
        ) from error


def _read_identity(key: str) -> Any:
    age = _library()
    try:
        return (
            age.ssh.Identity.from_buffer(key.encode())
            if key.startswith(_SSH_KEY)
            else age.x25519.Identity.from_str(key)
        )
    except age.IdentityError as error:
        raise CommandError(gettext("the secret key can't be used: {error}", error=error)) from error


def _library() -> ModuleType:
    try:
        import pyrage  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise CommandError(gettext("encrypted backups need {command} first", command=install_command(EXTRA))) from error
    found: ModuleType = pyrage
    return found


@contextmanager
def _writing(target: Path) -> Iterator[Path]:
    """Give a private file beside the target, and put it in its place once it is whole. Raises CommandError."""
    try:
        with write_whole(target) as part:
            yield part
    except FileExistsError as error:
        raise CommandError(gettext("{file} exists already; choose another file", file=target)) from error
    except OSError as error:
        if error.errno is None:
            raise
        raise CommandError(describe_file_error(error)) from error


def _describe_damage(file: Path) -> CommandError:
    return CommandError(gettext("{file} is damaged or was cut off, so it can't be decrypted", file=file))


def _unreadable(file: Path, error: OSError) -> CommandError:
    return CommandError(gettext("{file} can't be read: {error}", file=file, error=error.strerror))
