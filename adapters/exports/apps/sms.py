"""SMS Backup & Restore's XML: text messages and MMS of all conversations, one after the other.

The app writes emoji as two halves of a surrogate pair, which XML doesn't allow; they are joined while reading.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import tzinfo
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import BinaryIO, Final
from xml.parsers import expat

from adapters.exports.archive import Files
from adapters.exports.decoding import decode_head
from adapters.exports.embedded_files import EmbeddedFiles
from adapters.exports.file_export import FileExport, read_head
from adapters.exports.files_by_name import kind_of_file
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.parsed import ParsedChat, ParseOptions
from adapters.exports.plain.export import chats_of_lines
from adapters.exports.timestamps import in_zone
from bot import LocalZone
from bot.errors import ImportRefused

_ROOT: Final = re.compile(r"<smses[\s>]")
_ROOT_WITHIN: Final = 4096
_PAIR: Final = re.compile(rb"&#(5[56]\d{3});&#(5[67]\d{3});")
_INVALID: Final = re.compile(rb"&#(?:5[5-7]\d{3}|[0-8]|1[1-24-9]|2\d|3[01]);|[\x00-\x08\x0b\x0c\x0e-\x1f]")
_PIECE: Final = 1 << 18
_LONGEST_REFERENCE: Final = 16
_TEXT: Final = "text/plain"
_ME: Final = "Me"
_RECEIVED: Final = frozenset({"", "1"})
"""Of the boxes of a phone, where others' messages lie; what was sent, failed or is a draft is one's own."""
_SENDER_TYPE: Final = "137"
Attributes = dict[str, str]


class SmsExport(FileExport):
    """Reads the backup of a phone's text messages."""

    name = "sms"
    label = "SMS Backup & Restore (XML)"

    members = re.compile(r"\.xml$", re.IGNORECASE)

    def is_file(self, files: Files, name: str) -> bool:
        """Tell by the root element."""
        return _ROOT.search(decode_head(read_head(files, name)[:_ROOT_WITHIN])) is not None

    def read_file(self, files: Files, name: str, source: Path, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield the conversations. Raises ImportRefused."""
        del source
        warnings = WarningCounter()
        with closing(files.open(name)) as stream, TemporaryFile() as lines, closing(EmbeddedFiles()) as media:
            _Backup(lines, media, options.timezone or LocalZone(), warnings).read(stream, name)
            lines.seek(0)
            yield from chats_of_lines(lines, PurePosixPath(name).stem, media, options, warnings, own_name=_ME)


class _Backup:
    """Writes each message as a line of the plain shape while its elements are read."""

    def __init__(self, lines: BinaryIO, media: EmbeddedFiles, zone: tzinfo, warnings: WarningCounter) -> None:
        self._lines, self._media, self._zone, self._warnings = lines, media, zone, warnings
        self._number = 0
        self._mms: Attributes | None = None
        self._parts: list[Attributes] = []
        self._addresses: list[Attributes] = []

    def read(self, stream: BinaryIO, name: str) -> None:
        """Read the whole backup; of a damaged one everything before the damage."""
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._open, self._close
        parser.EntityDeclHandler = _refuse_entity
        carry = b""
        try:
            while piece := stream.read(_PIECE):
                data = carry + piece
                cut = data.rfind(b"&", max(0, len(data) - 2 * _LONGEST_REFERENCE))
                cut = len(data) if cut < 0 else cut
                if cut > _LONGEST_REFERENCE and data[:cut].endswith(b";"):
                    cut = max(data.rfind(b"&", 0, cut), 0)
                data, carry = data[:cut], data[cut:]
                parser.Parse(_mend(data))
            parser.Parse(_mend(carry), True)  # noqa: FBT003 (expat takes it by place)
        except (expat.ExpatError, LookupError, ValueError) as error:  # the last two are about the encoding
            self._warnings.note(
                self._number or 1, f"is followed by damaged XML ({error}); what comes after was left out"
            )
            if not self._number:
                raise ImportRefused(f"{name}: the XML is damaged ({error}); make the backup again") from error

    def _open(self, tag: str, attributes: Attributes) -> None:
        if tag == "sms":
            self._write_sms(attributes)
        elif tag == "mms":
            self._mms, self._parts, self._addresses = attributes, [], []
        elif tag == "part":
            self._parts.append(attributes)
        elif tag == "addr":
            self._addresses.append(attributes)

    def _close(self, tag: str) -> None:
        if tag == "mms" and self._mms is not None:
            self._write_mms(self._mms)
            self._mms, self._parts = None, []

    def _write_sms(self, sms: Attributes) -> None:
        self._number += 1
        other = _name(sms) or sms.get("address", "")
        self._write(sms, other if sms.get("type", "") in _RECEIVED else None, sms.get("body", ""), [])

    def _write_mms(self, mms: Attributes) -> None:
        self._number += 1
        texts = [part.get("text", "") for part in self._parts if part.get("ct") == _TEXT]
        files = [self._keep(part) for part in self._parts if part.get("ct", _TEXT) not in {_TEXT, "application/smil"}]
        sender = next((each.get("address", "") for each in self._addresses if each.get("type") == _SENDER_TYPE), "")
        names = dict(zip(mms.get("address", "").split("~"), (_name(mms) or "").split(", "), strict=False))
        author = names.get(sender) or _name(mms) or sender or mms.get("address", "")
        own = mms.get("msg_box", "") not in _RECEIVED
        subject = mms.get("sub", "null")
        said = [*([subject] if subject not in {"null", ""} else []), *filter(None, texts)]
        self._write(mms, None if own else author, "\n".join(said), files)

    def _keep(self, part: Attributes) -> dict[str, str]:
        """Keep the bytes of a file, but of a film, which nothing reads; return the record that names it."""
        name = _file_name(part)
        record = {"name": name, "kind": kind_of_file(name)}
        path = f"{self._number}/{len(self._media)}/{name}"
        if not part.get("ct", "").startswith("video/"):
            with suppress(ValueError):  # what isn't base64 is named all the same
                record |= {"path": path} if self._media.add(path, b64decode(part.get("data", ""))) else {}
        return record

    def _write(self, record: Attributes, author: str | None, text: str, files: list[dict[str, str]]) -> None:
        milliseconds = record.get("date", "")
        sent_at = in_zone(int(milliseconds) / 1000, self._zone) if milliseconds.isdecimal() else None
        if sent_at is None:
            self._warnings.note(self._number, "has no possible time; it was left out")
            return
        address = record.get("address", "")
        line = {
            "author": author if author is not None else _ME,
            "sent_at": sent_at.isoformat(),
            "text": "" if text == "null" else text,
            "attachments": files,
            "conversation": {
                "platform": "sms",
                "id": f"sms:{address}",
                "title": _name(record) or address,
                "kind": "group" if "~" in address else "direct",
            },
        }
        self._lines.write(json.dumps(line).encode() + b"\n")


def _file_name(part: Attributes) -> str:
    named = (part[key] for key in ("name", "cl", "fn") if part.get(key, "null") != "null")
    return next(named, part.get("ct", "file").replace("/", "."))


def _name(record: Attributes) -> str:
    name = record.get("contact_name", "")
    return "" if name in {"null", "(Unknown)"} else name


def _mend(data: bytes) -> bytes:
    """Join the halves of surrogate pairs, and leave out what XML can't hold."""
    data = _PAIR.sub(_join, data)
    return _INVALID.sub(b"", data)


def _join(pair: re.Match[bytes]) -> bytes:
    high, low = int(pair[1]), int(pair[2])
    valid = 0xD800 <= high < 0xDC00 <= low < 0xE000
    return f"&#{0x10000 + ((high - 0xD800) << 10) + low - 0xDC00};".encode() if valid else b""


def _refuse_entity(*_: object) -> None:
    raise ImportRefused("the XML declares entities, which no backup does; it is not to be trusted")
