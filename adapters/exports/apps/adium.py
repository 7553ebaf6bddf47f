"""Adium's and Empathy's logs: XML with an element for each message, status and event."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from html import escape
from pathlib import PurePosixPath
from typing import Final

from adapters.exports.archive import MediaTree
from adapters.exports.html_text import html_to_text
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import ParsedAttachment, ParsedChat, ParsedKind, ParsedMessage
from adapters.exports.text_export import Line, TextExport
from adapters.exports.timestamps import from_iso
from adapters.exports.tolerant_parser import TolerantParser

_ADIUM: Final = re.compile(
    r"<chat\b[^>]{0,300}xmlns=[\"']http://purl\.org/net/ulf/ns/[^>]{0,300}>|<chat\b[^>]{0,200}\baccount=[^>]{0,300}\bservice="
)
_EMPATHY: Final = re.compile(r"<log>\s*<message\b[^>]{0,600}\bisuser=")
_ACCOUNT: Final = re.compile(r"<chat\b[^>]{0,500}?\baccount=[\"']([^\"']{1,200})[\"']")
_SERVICE: Final = re.compile(r"<chat\b[^>]{0,500}?\bservice=[\"']([^\"']{1,60})[\"']")
_FILE: Final = re.compile(r"(?P<peer>.{1,200}?) \(\d{4}-\d\d-\d\dT?[\d.|]{0,12}(?:[+-]\d{4})?\)")
_COMPACT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d:\d\d:\d\d)")


class AdiumExport(TextExport):
    """Reads logs of conversations."""

    name = "adium"
    label = "Adium or Empathy (XML logs)"
    members = re.compile(r"\.(?:xml|chatlog|log)$", re.IGNORECASE)

    def is_export(self, head: str) -> bool:
        """Tell by the element that holds everything."""
        start = head[:2000]
        return "<message" in head and (_ADIUM.search(start) is not None or _EMPATHY.search(start) is not None)

    def title_of(self, head: str, path: PurePosixPath) -> str:
        """Return whom the conversation is with: by the file's name, of Empathy's by its folder."""
        if _EMPATHY.search(head):
            return path.parent.name or path.stem
        found = _FILE.fullmatch(path.stem)
        return found["peer"] if found else path.stem

    def fill_in(self, chat: ParsedChat, head: str) -> None:
        """Tell the account that the sessions with somebody are on, and that it is the exporting person's."""
        if account := _ACCOUNT.search(head):
            service = _SERVICE.search(head)
            chat.external_id = f"{service[1] if service else ''}:{account[1]}:{chat.title}"
            chat.own_account = account[1]

    def read_messages(
        self, lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
    ) -> Iterator[ParsedMessage]:
        """Yield what was said, and what happened where it is told in words."""
        log = _Log(media, zone, warnings)
        for number, line in lines:
            log.number = number
            log.feed(line + "\n")
            while log.messages:
                yield log.messages.popleft()


class _Log(TolerantParser):
    """Collects the messages; what stands in one is put together again, to be read as HTML."""

    def __init__(self, media: MediaTree, zone: tzinfo, warnings: WarningCounter) -> None:
        super().__init__()
        self._media, self._zone, self._warnings = media, zone, warnings
        self.messages: deque[ParsedMessage] = deque()
        self.number = 0
        self._open: dict[str, str] | None = None
        self._tag = ""
        self._parts: list[str] = []
        self._files: list[ParsedAttachment] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a message, or take a tag within one."""
        if tag in {"message", "status", "action"} and self._open is None:
            self._open, self._tag = {key: value or "" for key, value in attrs}, tag
            self._parts, self._files = [], []
        elif self._open is not None:
            path = dict(attrs).get("src") or ""
            if tag == "img" and path:
                self._files.append(
                    make_attachment(PurePosixPath(path).name, "image", path=path, present=path in self._media)
                )
            self._parts.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        """End a message, or take a tag within one."""
        if self._open is not None and tag == self._tag:
            self._close(self._open)
            self._open = None
        elif self._open is not None:
            self._parts.append(f"</{tag}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element without content; a message of that kind tells nothing."""
        if self._open is not None:
            self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        """Take words; line ends between elements are only there to be read well."""
        if self._open is not None:
            self._parts.append(escape(data, quote=False) if data.strip() else " " * (data == " "))

    def _close(self, about: dict[str, str]) -> None:
        text = html_to_text("".join(self._parts))
        if not text and not self._files:
            return
        sent_at = self._time(about.get("time", ""))
        if sent_at is None:
            self._warnings.note(self.number, "has no possible time; it was left out")
            return
        sender = about.get("sender") or about.get("id") or ""
        name = about.get("alias") or about.get("name") or sender or "Somebody"
        said = f"* {text}" if self._tag == "action" else text
        kind: ParsedKind = "system" if self._tag == "status" else "message"
        files = tuple(self._files)
        self.messages.append(
            make_message(name, sent_at, said, self.number, kind=kind, attachments=files, author_id=sender or None)
        )

    def _time(self, stamp: str) -> datetime | None:
        """Return the moment of a stamp; Empathy's, without an offset, are in UTC."""
        if found := _COMPACT.fullmatch(stamp):
            moment = from_iso(f"{found[1]}-{found[2]}-{found[3]}T{found[4]}", UTC)
            return moment.astimezone(self._zone) if moment else None
        return from_iso(stamp, self._zone)
