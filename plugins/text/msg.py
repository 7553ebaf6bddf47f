"""Reads mails as Outlook saves them, in the container of Office's old files ([MS-OXMSG])."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final

from bot.errors import FileUnreadable
from bot.reading import About, Enclosed, Piece, ReadItem, enclose
from bot.translation import gettext, gettext_noop
from plugins.text.damaged_files import raise_only_unreadable
from plugins.text.encoding import decode
from plugins.text.left_out import LeftOut
from plugins.text.lines import pack_paragraphs, paragraphs
from plugins.text.mail.quoted import split_quoted
from plugins.text.markup import blocks, drop_hidden, parse
from plugins.text.options import TextOptions

_SUBJECT, _SENDER, _ADDRESS, _SMTP, _TO, _CC = "0037", "0C1A", "0C1F", "5D01", "0E04", "0E03"
_BODY, _HTML, _HEADERS = "1000", "1013", "007D"
_FILE, _LONG_NAME, _SHORT_NAME, _MEDIA_TYPE = "3701", "3707", "3704", "370E"
_SENT, _RECEIVED = 0x0039, 0x0E06
_TIME_TYPE: Final = 0x0040
_HEAD, _ENTRY = 32, 16
"""Bytes before the properties of a mail, and of each of them."""
_EPOCH: Final = datetime(1601, 1, 1, tzinfo=UTC)
_MOST: Final = 200 << 20


@raise_only_unreadable(gettext_noop("a mail"))
def read_msg(path: Path, _options: TextOptions) -> Iterator[ReadItem]:
    """Yield a mail's head, its body, what it quotes of earlier ones, and the files in it, with its own date."""
    import olefile  # noqa: PLC0415 (in the child alone)

    if not olefile.isOleFile(str(path)):
        raise FileUnreadable(gettext("{name} is not a mail of Outlook.", name=path.name))
    with olefile.OleFileIO(str(path)) as container:
        mail = _Storage(container, "")
        subject, sent = mail.text(_SUBJECT), _read_sent_at(mail)
        date = f"{sent:%a, %d %b %Y %H:%M:%S %z}" if sent else ""
        head = {"From": _sender(mail), "To": mail.text(_TO), "Cc": mail.text(_CC), "Date": date, "Subject": subject}
        yield About(created_at=sent)
        yield Piece("\n".join(f"{name}: {said}" for name, said in head.items() if said), said_at=sent)
        own, quoted = split_quoted(_body(mail))
        above = (subject,) if subject else ()
        for piece in pack_paragraphs(paragraphs(enumerate(own, 1)), above):
            yield Piece(piece.text, headings=piece.headings, said_at=sent)
        for piece in pack_paragraphs(paragraphs(enumerate(quoted, 1)), (*above, "Quoted from an earlier mail")):
            yield Piece(piece.text, "quoted", piece.headings, said_at=sent)
        left_out = LeftOut()
        yield from _files(container, left_out)
        if notes := left_out.notes():
            yield About(notes=notes)


class _Storage:
    """The properties of a mail or of an attachment; a text is one in UTF-16, or in the encoding of its computer."""

    def __init__(self, container: Any, folder: str) -> None:
        self._container, self._folder = container, folder

    def data(self, number: str, kind: str) -> bytes | None:
        """Return the bytes of a property of that kind."""
        name = f"{self._folder}__substg1.0_{number}{kind}"
        if not self._container.exists(name):
            return None
        data = self._container.openstream(name).read(_MOST)
        return data if isinstance(data, bytes) else None

    def text(self, number: str) -> str:
        """Return a property as text, "" when there is none."""
        if (wide := self.data(number, "001F")) is not None:
            return wide.decode("utf-16-le", "replace").replace("\0", "").strip()
        narrow = self.data(number, "001E")
        return decode(narrow).replace("\0", "").strip() if narrow else ""

    def time(self, number: int) -> datetime | None:
        """Return a time among the properties of fixed length."""
        name = f"{self._folder}__properties_version1.0"
        fixed = self._container.openstream(name).read(_MOST) if self._container.exists(name) else b""
        for at in range(_HEAD, len(fixed) - _ENTRY + 1, _ENTRY):
            kind, found, _, value = struct.unpack_from("<HHIQ", fixed, at)
            if (kind, found) == (_TIME_TYPE, number):
                return _EPOCH + timedelta(microseconds=value // 10)
        return None


def _sender(mail: _Storage) -> str:
    name, address = mail.text(_SENDER), mail.text(_SMTP) or mail.text(_ADDRESS)
    return f"{name} <{address}>" if name and "@" in address and name != address else name or address


def _read_sent_at(mail: _Storage) -> datetime | None:
    for line in mail.text(_HEADERS).splitlines():
        if line.lower().startswith("date:"):
            try:
                moment = parsedate_to_datetime(line.partition(":")[2].strip())
            except ValueError:
                break
            return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return mail.time(_SENT) or mail.time(_RECEIVED)


def _body(mail: _Storage) -> str:
    if text := mail.text(_BODY):
        return "\n".join(text.splitlines())
    page = mail.text(_HTML) or decode(mail.data(_HTML, "0102") or b"")
    root = parse(page) if page.strip() else None
    if root is None:
        return ""
    drop_hidden(root)
    return "\n\n".join(block.text for block in blocks(root))


def _files(container: Any, left_out: LeftOut) -> Iterator[Enclosed]:
    folders = sorted({parts[0] for parts in container.listdir() if parts[0].startswith("__attach")})
    for number, folder in enumerate(folders, 1):
        file = _Storage(container, f"{folder}/")
        data = file.data(_FILE, "0102")
        if data is None:
            left_out.add("attached mail")
            continue
        name = file.text(_LONG_NAME) or file.text(_SHORT_NAME) or f"attachment {number}"
        yield from enclose(name, file.text(_MEDIA_TYPE), data)
