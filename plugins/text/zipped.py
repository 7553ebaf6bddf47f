"""Looks at a zip file before anything in it is unpacked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from bot.errors import FileUnreadable
from bot.reading import count_zip_members
from bot.translation import format_number, gettext

_MOST_FILES = 20_000
_MOST_RATIO = 300
_HARMLESS = 20 << 20
"""Bytes; what unpacks to less is not a bomb, however well it is packed."""
_ENCRYPTED = 1
_COMPRESSIONS = frozenset({ZIP_STORED, ZIP_DEFLATED})
"""What office programs and books use. Of the others, a few kilobytes come out as a gigabyte in one step."""


def check_zip(path: Path, most_megabytes: int) -> None:
    """Raise FileUnreadable for a zip file that is damaged, encrypted, or would unpack to too much.

    What a member says of its size binds the library that unpacks it.
    """
    try:
        if count_zip_members(path, _MOST_FILES) > _MOST_FILES:  # before the list of them is in memory
            raise FileUnreadable(
                gettext(
                    "{name} holds more than {most} files, which looks like a trap, so I have not read it.",
                    name=path.name,
                    most=format_number(_MOST_FILES),
                )
            )
        with ZipFile(path) as archive:
            members = archive.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise FileUnreadable(
            gettext("{name} is damaged: its parts can't be found ({error}).", name=path.name, error=error)
        ) from error
    _refuse_unreadable(path, members)
    _refuse_bomb(path, members, most_megabytes)


def _refuse_unreadable(path: Path, members: Sequence[ZipInfo]) -> None:
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise FileUnreadable(
            gettext("{name} is encrypted; save it without a password and send it again.", name=path.name)
        )
    if any(member.compress_type not in _COMPRESSIONS for member in members):
        raise FileUnreadable(
            gettext(
                "{name} is packed in an unusual way; save it with another program and send it again.", name=path.name
            )
        )


def _refuse_bomb(path: Path, members: Sequence[ZipInfo], most_megabytes: int) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = max(path.stat().st_size, 1)
    bomb = unpacked > _HARMLESS and unpacked / packed > _MOST_RATIO
    if bomb or unpacked > most_megabytes << 20:
        raise FileUnreadable(
            gettext(
                "{name} would unpack to {number} files of {megabytes} MB, which looks like a trap: I have not read it.",
                name=path.name,
                number=format_number(len(members)),
                megabytes=format_number(unpacked >> 20),
            )
        )
