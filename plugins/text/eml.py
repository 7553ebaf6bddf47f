"""Reads mails as programs save them, with who wrote to whom and when."""

from __future__ import annotations

import codecs
import email
import email.policy
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, cast

from bot.errors import FileUnreadable
from bot.reading import About, Piece, ReadItem
from bot.translation import gettext, gettext_noop
from plugins.text.damaged_files import raise_only_unreadable
from plugins.text.lines import pack_paragraphs, paragraphs
from plugins.text.mail.parts import MailParts
from plugins.text.mail.quoted import split_quoted
from plugins.text.options import TextOptions

_LONGEST_HEADER = 10_000
_HEADERS = ("From", "To", "Cc", "Date", "Subject")


class _BoundedPolicy(email.policy.EmailPolicy):
    """Reads the beginning of a header that does not end: the library takes the square of its length."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        return super().header_fetch_parse(name, value[:_LONGEST_HEADER])


@raise_only_unreadable(gettext_noop("a mail"))
def read_eml(path: Path, _options: TextOptions) -> Iterator[ReadItem]:
    """Yield a mail's head, its body, what it quotes of earlier ones, and the files in it, with its own date."""
    data = path.read_bytes()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # an editor saved it
        data = data.decode("utf-16", "replace").encode()
    read = email.message_from_bytes(data, _class=EmailMessage, policy=_BoundedPolicy())
    message = cast("EmailMessage", read)
    head = {name: str(message[name] or "").strip() for name in _HEADERS}
    if not (head["From"] or head["Subject"]):
        raise FileUnreadable(gettext("{name} is not a mail: it has neither a sender nor a subject.", name=path.name))
    sent = _date(head["Date"])
    yield About(created_at=sent)
    yield Piece("\n".join(f"{name}: {said}" for name, said in head.items() if said), said_at=sent)
    parts = MailParts(message)
    own, quoted = split_quoted("\n\n".join(parts.texts()))
    subject = (head["Subject"],) if head["Subject"] else ()
    for piece in pack_paragraphs(paragraphs(enumerate(own, 1)), subject):
        yield Piece(piece.text, headings=piece.headings, said_at=sent)
    for piece in pack_paragraphs(paragraphs(enumerate(quoted, 1)), (*subject, "Quoted from an earlier mail")):
        yield Piece(piece.text, "quoted", piece.headings, said_at=sent)
    yield from parts.files()
    if notes := parts.left_out.notes():
        yield About(notes=notes)


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
