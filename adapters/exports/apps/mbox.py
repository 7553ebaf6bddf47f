"""Mail in the mbox format, as Thunderbird, Apple Mail and Gmail's Takeout write it: a conversation of mails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, tzinfo
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from adapters.exports.archive import Files
from adapters.exports.chat_stream import stream_chat
from adapters.exports.embedded_files import EmbeddedFiles
from adapters.exports.file_export import FileExport, read_head
from adapters.exports.html_text import html_to_text
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import ParsedAttachment, ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.timestamps import from_iso
from bot import LocalZone

_LONGEST_PIECE = 1 << 20
"""In bytes; a longer line is read in pieces, so that one without end fills no memory."""
LARGEST_MAIL: Final = 64 << 20
_HEADERS: Final = re.compile(rb"^(?:Date|From|Message-I[Dd]|Subject|Received|X-GM-THRID|To): ?", re.MULTILINE)
_INTRODUCES: Final = re.compile(r"^.{0,200}(?:wrote|schrieb|escribió|a écrit|escreveu|ha scritto)[^\n]{0,80}:\s*$")


class MboxExport(FileExport):
    """Reads a mailbox: who wrote what and when, the subject, and the names of attachments."""

    name = "mbox"
    label = "mail (mbox)"

    members = re.compile(r"\.mbox$|(?:^|/)mbox$", re.IGNORECASE)

    def is_file(self, files: Files, name: str) -> bool:
        """Tell by the line that opens a mail, and by its headers."""
        head = read_head(files, name)
        return head.startswith(b"From ") and _HEADERS.search(head) is not None

    def read_file(self, files: Files, name: str, source: Path, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield a conversation for each mailbox. Raises ImportRefused."""
        del source
        warnings = WarningCounter("mail")
        path = PurePosixPath(name)
        title = path.parent.stem if path.name == "mbox" and path.parent.name else path.stem
        with closing(files.open(name)) as stream, closing(EmbeddedFiles()) as media:
            chat = ParsedChat(title or "Mail", iter(()), kind="group", media=media)
            yield from stream_chat(chat, _read(stream, media, options.timezone or LocalZone(), warnings), warnings)


def _read(stream: BinaryIO, media: EmbeddedFiles, zone: tzinfo, warnings: WarningCounter) -> Iterator[ParsedMessage]:
    parser = BytesParser(policy=policy.default)
    for number, mail in enumerate(_split(stream, warnings), 1):
        try:
            message = _message(parser.parsebytes(mail), number, media, zone)
        except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError):
            message = None  # the mail package stumbles over some headers that real mails have
        if message is None:
            warnings.note(number, "has no date, or headers that can't be read; it was left out")
        else:
            yield message


def _split(stream: BinaryIO, warnings: WarningCounter) -> Iterator[bytes]:
    """Yield the mails of a mailbox: each opens with a line "From …" behind an empty one."""
    lines: list[bytes] = []
    size = number = 0
    blank = True
    for line in iter(partial(stream.readline, _LONGEST_PIECE), b""):
        if blank and line.startswith(b"From "):
            if lines:
                yield b"".join(lines)
            lines, size = [], 0
            number += 1
            blank = False
            continue
        blank = not line.strip()
        size += len(line)
        if size <= LARGEST_MAIL:
            lines.append(line[1:] if line.startswith(b">From ") else line)
        elif size - len(line) <= LARGEST_MAIL:
            warnings.note(number, "is larger than 64 MB; it was read up to there")
    if lines:
        yield b"".join(lines)


def _message(mail: EmailMessage, number: int, media: EmbeddedFiles, zone: tzinfo) -> ParsedMessage | None:
    name, address = parseaddr(str(mail.get("From", "")))
    try:
        written = parsedate_to_datetime(str(mail.get("Date", "")))
    except (ValueError, TypeError):
        return None
    sent_at = from_iso((written if written.tzinfo else written.replace(tzinfo=UTC)).isoformat(), zone)  # "-0000" is UTC
    if sent_at is None:
        return None
    subject = " ".join(str(mail.get("Subject", "")).split())
    answered = re.findall(r"<([^<>\s]+)>", str(mail.get("In-Reply-To", "")))
    roots = re.findall(r"<([^<>\s]+)>", str(mail.get("References", "")))
    identity = re.findall(r"<([^<>\s]+)>", str(mail.get("Message-ID", "")))
    text = fold_quotes(_body(mail))
    return make_message(
        name or address or "Somebody",
        sent_at,
        f"{subject}\n\n{text}".strip() if subject else text,
        number,
        attachments=tuple(_keep(part, f"{number}/{at}", media) for at, part in enumerate(_find_attached(mail))),
        external_id=identity[0] if identity else None,
        author_id=address.lower() or None,
        reply_to=answered[0] if answered else None,
        thread=(roots or answered or identity or [None])[0],
    )


def _find_attached(mail: EmailMessage, *, is_root: bool = True) -> Iterator[EmailMessage]:
    """Yield the parts that are files or mails of their own; not the pictures that a page shows within it."""
    kind, disposition = mail.get_content_maintype(), mail.get_content_disposition()
    shown = kind == "image" and "Content-ID" in mail and disposition != "attachment"
    if kind == "multipart":
        for part in mail.iter_parts():
            if isinstance(part, EmailMessage):
                yield from _find_attached(part, is_root=False)
    elif not shown and (kind != "text" or disposition == "attachment" or (mail.get_filename() and not is_root)):
        yield mail


def _keep(part: EmailMessage, path: str, media: EmbeddedFiles) -> ParsedAttachment:
    """Keep the bytes of an attachment, and return its name."""
    is_mail = part.get_content_type() == "message/rfc822"
    name = part.get_filename() or ("mail.eml" if is_mail else part.get_content_type().replace("/", "."))
    content: object = None
    with suppress(LookupError, ValueError, AttributeError):  # what can't be decoded is named all the same
        content = part.get_content()
    if isinstance(content, EmailMessage):
        content = content.as_bytes()
    elif isinstance(content, str):
        content = content.encode()
    present = isinstance(content, bytes) and media.add(f"{path}/{name}", content)
    return make_attachment(name, path=f"{path}/{name}", present=present)


def _body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain", "html"))
    if part is None:
        return ""
    content = part.get_content()
    text = content if isinstance(content, str) else ""
    return html_to_text(text) if part.get_content_type() == "text/html" else text.strip()


def fold_quotes(text: str) -> str:
    """Return a mail without the lines that it quotes: those are mails of their own."""
    lines = text.replace("\r\n", "\n").split("\n")
    kept: list[str] = []
    for at, line in enumerate(lines):
        quoted = line.lstrip().startswith(">")
        introduces = _INTRODUCES.match(line) and any(each.lstrip().startswith(">") for each in lines[at + 1 : at + 3])
        if not quoted and not introduces:
            kept.append(line)
    return "\n".join(kept).strip() or text.strip()
