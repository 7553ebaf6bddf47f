"""Matrix rooms as Element exports them as plain text: a line with day, time, sender and words for each event."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import tzinfo
from itertools import chain, islice
from pathlib import PurePosixPath
from typing import Final

from adapters.exports.archive import Files, MediaTree
from adapters.exports.clock_times import read_moment
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import AttachmentKind, DateOrder, ParsedChat, ParsedMessage
from adapters.exports.text_export import Line, TextExport, join_lines
from adapters.exports.whatsapp.dates import DateEvidence

_LINE: Final = re.compile(r"([^\n]{8,40}?\d{1,2}[:.]\d\d[:.]\d\d[^\n-]{0,12}) - (.*)")
_DATE: Final = re.compile(r"\d{1,4}[./-] ?\d{1,2}[./-] ?\d{1,4}")
_SAID: Final = re.compile(r"([^:\n]{1,100}): (.*)")
_ACTED: Final = re.compile(r"\* (\S[^\n]*)")
_ANSWER: Final = re.compile(r"<@[^\s>\"]{1,255}(?: \"[^\"\n]{0,80}\")?> ")
_SENT: Final = re.compile(r"(.{1,100}) sent an? (image|sticker|video|audio|file)\.(?: \([^()\n]{4,60}\))?")
_FILE: Final = re.compile(
    r"([^\n/]{1,200}\.\w{1,5}) \((?:File Attached|Media omitted[^()\n]{0,40}|Error fetching file)\)"
)
_KINDS: Final[dict[str, AttachmentKind]] = {"file": "document", "image": "image", "sticker": "sticker",
                                            "video": "video", "audio": "audio"}  # fmt: skip
_NAME: Final = re.compile(
    r"(?:^|/)(?:matrix-(?P<old>[^/]{0,150})-export-|(?P<new>[^/]{1,200})Chat[- ]Export)[^/]{0,150}\.txt$"
)
_BRAND: Final = re.compile(r"^[^- ]{1,40}[- ]{1,3}")
_JUDGED: Final = 20_000
"""So many lines tell whether the day or the month comes first."""


class MatrixText(TextExport):
    """Reads a room that Element exported as plain text, alone or with its files."""

    name = "matrix_text"
    label = "Matrix (Element, text)"
    platform = "matrix"

    def is_file(self, files: Files, name: str) -> bool:
        """Tell by its name too, because WhatsApp's texts look alike."""
        return _NAME.search(name) is not None and super().is_file(files, name)

    def is_export(self, head: str) -> bool:
        """Tell by the first line."""
        return _LINE.fullmatch(head.lstrip("\ufeff").partition("\n")[0].rstrip("\r")) is not None

    def title_of(self, head: str, path: PurePosixPath) -> str:
        """Return the room's name, which is in that of the file."""
        del head
        found = _NAME.search(path.as_posix())
        room = (found["old"] or _BRAND.sub("", found["new"] or "")) if found else ""
        return room.strip("- ") or "Matrix room"

    def fill_in(self, chat: ParsedChat, head: str) -> None:
        """Say that a room may be a group's."""
        del head
        chat.kind = "group"

    def read_messages(
        self, lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
    ) -> Iterator[ParsedMessage]:
        """Yield the events."""
        del warnings
        first = list(islice(lines, _JUDGED))
        order = _decide_order([line for _, line in first])

        def read(number: int, line: str) -> ParsedMessage | bool:
            found = _LINE.fullmatch(line)
            sent_at = read_moment(_in_order(found[1], order), zone) if found else None
            if found is None or sent_at is None:
                return False
            said = _SAID.fullmatch(found[2])
            author, text = (said[1], _ANSWER.sub("", said[2], count=1)) if said else (None, found[2])
            return make_message(author, sent_at, text, number, kind="message" if said else "system")

        yield from (_with_file(message, media) for message in join_lines(chain(first, lines), read))


def _decide_order(lines: list[str]) -> DateOrder:
    stamps = [found[1] for found in map(_LINE.fullmatch, lines) if found]
    evidence = DateEvidence()
    evidence.feed([found[0] for found in map(_DATE.search, stamps) if found])
    order, _ = evidence.decide("mdy" if any(stamp.rstrip().endswith("M") for stamp in stamps) else "dmy")
    return order


def _in_order(stamp: str, order: DateOrder) -> str:
    """Return a time whose day and month stand as they do elsewhere: the day first."""
    found = _DATE.search(stamp) if order == "mdy" else None
    if found is None:
        return stamp
    month, day, year = re.split(r"[./-] ?", found[0])
    return f"{stamp[: found.start()]}{day}/{month}/{year}{stamp[found.end() :]}"


def _with_file(message: ParsedMessage, media: MediaTree) -> ParsedMessage:
    if message.kind == "system" and (sent := _SENT.fullmatch(message.text)):
        file = make_attachment(None, _KINDS[sent[2]])
        return message._replace(author=sent[1], text="", kind="message", attachments=(file,))
    if message.kind == "system" and (acted := _ACTED.fullmatch(message.text)):
        return message._replace(text=acted[1])
    found = _FILE.fullmatch(message.text)
    if found is None:
        return message
    stem = f"/{PurePosixPath(found[1]).stem}-"
    lying = [name for name in media.names() if stem in f"/{name}"]
    path = lying[0] if len(lying) == 1 else None
    return message._replace(text="", attachments=(make_attachment(found[1], path=path, present=path is not None),))
