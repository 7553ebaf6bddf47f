"""Reads mails as programs save them, with who wrote to whom and when."""

from __future__ import annotations

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
from plugins.text.damage import raise_only_unreadable
from plugins.text.encoding import decode
from plugins.text.lines import pack_paragraphs, paragraphs
from plugins.text.markup import blocks, parse
from plugins.text.options import TextOptions

_LONGEST_HEADER = 10_000
_HEADERS = ("From", "To", "Cc", "Date", "Subject")


class _BoundedPolicy(email.policy.EmailPolicy):
    """Reads the beginning of a header that does not end: the library takes the square of its length."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        return super().header_fetch_parse(name, value[:_LONGEST_HEADER])


@raise_only_unreadable("a mail")
def read_eml(path: Path, _options: TextOptions) -> Iterator[ReadItem]:
    """Yield a mail's head and body, with its own date. Files in it are named, and not read."""
    read = email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=_BoundedPolicy())
    message = cast("EmailMessage", read)
    head = {name: str(message[name] or "").strip() for name in _HEADERS}
    if not (head["From"] or head["Subject"]):
        raise FileUnreadable(f"{path.name} is not a mail: it has neither a sender nor a subject.")
    sent = _date(head["Date"])
    files = [name for part in message.walk() if (name := part.get_filename()) and part.is_attachment()]
    notes = (f"It came with files that were not read: {', '.join(files)}.",) if files else ()
    yield About(created_at=sent, notes=notes)
    yield Piece("\n".join(f"{name}: {said}" for name, said in head.items() if said), said_at=sent)
    subject = (head["Subject"],) if head["Subject"] else ()
    for piece in pack_paragraphs(paragraphs(enumerate(_body(message).splitlines(), 1)), subject):
        yield Piece(piece.text, headings=piece.headings, said_at=sent)


def _body(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    data = part.get_payload(decode=True)
    text = decode(data if isinstance(data, bytes) else b"", part.get_content_charset())
    if part.get_content_type() != "text/html":
        return text
    root = parse(text)
    return "\n\n".join(block.text for block in blocks(root)) if root is not None else ""


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
