"""Telegram Desktop's HTML: messages.html, messages2.html and so on, a chat cut into pages."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import PurePosixPath
from typing import Final

from adapters.exports.archive import MediaTree
from adapters.exports.html_reader import Attributes, ClassReader
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import AttachmentKind, ParsedAttachment, ParsedMessage
from adapters.exports.text_export import Line, TextExport
from adapters.exports.timestamps import from_iso
from bot.errors import ImportRefused

_PAGE: Final = re.compile(r'<div class="(?:message default|page_header|history)')
_TITLE: Final = re.compile(r'<div class="text bold">\s*(.*?)\s*</div>', re.DOTALL)
_STAMP: Final = re.compile(r"(\d\d)\.(\d\d)\.(\d{4}) (\d\d:\d\d:\d\d)(?: UTC([+-]\d\d:\d\d))?")
_VIA: Final = re.compile(r" via @\w{1,64}$")
_MEDIA: Final[dict[str, AttachmentKind]] = {
    "photo_wrap": "image", "sticker_wrap": "sticker", "video_file_wrap": "video", "animated_wrap": "video",
    "media_photo": "image", "media_video": "video", "media_voice_message": "audio", "media_audio_file": "audio",
    "media_file": "document", "media_contact": "contact", "media_live_location": "unknown",
}  # fmt: skip
_TOLD: Final = ("media_location", "media_venue", "media_live_location", "media_contact", "media_call", "media_poll",
                "media_game", "media_invoice")  # fmt: skip
"""What stands for itself, in words rather than a file; each has its parts in elements of these classes."""
_TOLD_IN: Final = ("title", "status", "description", "question", "answer")
MACHINE_READABLE: Final = (
    "this is Telegram's HTML without times; export the chat again with the format “Machine-readable JSON” and import "
    "result.json"
)


class TelegramHtml(TextExport):
    """Reads one page of a chat; without times, as in pages that were cut down, it asks for JSON."""

    name = "telegram_html"
    label = "Telegram Desktop (HTML)"
    platform = "telegram"
    members = re.compile(r"(?:^|/)messages\d*\.html$")

    def is_export(self, head: str) -> bool:
        """Tell by the classes that only these pages have."""
        return "<html" in head and (_PAGE.search(head) is not None and ("from_name" in head or "page_wrap" in head))

    def title_of(self, head: str, path: PurePosixPath) -> str:
        """Return what stands at the top of the page."""
        found = _TITLE.search(head)
        return re.sub(r"<[^<>]*>", "", found[1]).strip() if found else path.parent.name or "Telegram chat"

    def read_messages(
        self, lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
    ) -> Iterator[ParsedMessage]:
        """Yield the messages of the page. Raises ImportRefused where they have no times."""
        page = _Page(media, zone, warnings)
        read = 0
        for _, line in lines:
            page.feed(line + "\n")
            while page.messages:
                read += 1
                yield page.messages.popleft()
        page.finish()
        yield from page.messages
        if page.untimed and not read and not page.messages:
            raise ImportRefused(MACHINE_READABLE)


class _Page(ClassReader):
    """Collects the parts of a message, which has its author only where it differs from the last one's."""

    def __init__(self, media: MediaTree, zone: tzinfo, warnings: WarningCounter) -> None:
        super().__init__()
        self._media, self._zone, self._warnings = media, zone, warnings
        self.messages: deque[ParsedMessage] = deque()
        self.untimed = 0
        self._number = 0
        self._author = ""
        self._end = -1
        self._service = False
        self._last: datetime | None = None
        self._reset()

    def _reset(self) -> None:
        self._identity, self._sent_at, self._reply = "", None, None
        self._words: list[str] = []
        self._name: list[str] = []
        self._forwarded: list[str] = []
        self._files: list[ParsedAttachment] = []
        self._joined = False
        self._link, self._linked = "", 0

    _identity: str
    _sent_at: datetime | None
    _reply: str | None

    def open_element(self, tag: str, classes: frozenset[str], attributes: Attributes) -> None:
        """Begin a message, or take its time, file or what it answers."""
        if tag == "div" and "message" in classes:
            self.finish()
            self._number += 1
            self._end = self.depth
            self._service = "service" in classes
            self._joined = "joined" in classes
            self._identity = attributes.get("id", "").removeprefix("message")
            return
        if self._end < 0:
            return
        if "date" in classes and "details" in classes and "title" in attributes and not self.inside("forwarded"):
            self._sent_at = self._time(attributes["title"])
        elif tag == "a" and self.inside("reply_to") and "go_to_message" in attributes.get("href", ""):
            self._reply = attributes["href"].rpartition("go_to_message")[2] or None
        elif tag == "a" and self.inside("text"):
            self._link, self._linked = attributes.get("href", ""), len(self._words)
        elif tag == "br" and self.inside("text"):
            self._words.append("\n")
        for name, kind in _MEDIA.items():
            if name in classes:
                path = attributes.get("href", "")
                shown = PurePosixPath(path).name or None
                self._files.append(make_attachment(shown, kind, path=path, present=path in self._media))
                return

    def close_element(self, tag: str, classes: frozenset[str]) -> None:
        """End a message, or a link, whose address stands behind its words."""
        del classes
        if tag == "a" and self._link:
            said = "".join(self._words[self._linked :]).strip()
            if self._link.startswith(("http://", "https://")) and said and said not in self._link:
                self._words.append(f" ({self._link})")
            self._link = ""
        if tag == "div" and 0 <= self.depth < self._end:
            self.finish()

    def take_text(self, text: str) -> None:
        """Take the words of the message, of its author, or of whom it was forwarded from."""
        if self._end < 0:
            return
        if self.inside("from_name"):
            if not self.inside("details"):  # the time of what was forwarded
                (self._forwarded if self.inside("forwarded") else self._name).append(text)
        elif any(map(self.inside, _TOLD)) and any(map(self.inside, _TOLD_IN)):
            self._words.append(f"{text.strip()}\n" if text.strip() else "")
        elif self.inside("text") or (self._service and self.inside("body")):
            self._words.append(text)

    def finish(self) -> None:
        """Make a message of what was collected."""
        if self._end >= 0 and (self._words or self._files):
            self._make()
        self._end = -1
        self._reset()

    def _make(self) -> None:
        text = "".join(self._words).strip()
        if self._service:
            self._tell(" ".join(text.split()))
            return
        name = _VIA.sub("", " ".join("".join(self._name).split()))
        self._author = name or (self._author if self._joined else "")
        if self._sent_at is None:
            self.untimed += 1
            return
        self._last = self._sent_at
        origin = " ".join("".join(self._forwarded).split())
        words = f"(forwarded: {origin})\n{text}".strip() if origin else text
        self.messages.append(
            make_message(
                self._author or "Somebody",
                self._sent_at,
                words,
                self._number,
                attachments=tuple(self._files),
                reply_to=f"message/{self._reply}" if self._reply else None,
                external_id=f"message/{self._identity}" if self._identity.isdecimal() else None,
            )
        )

    def _tell(self, text: str) -> None:
        """Keep what happened, at the time of the message before it; a day's heading has no number of its own."""
        if self._last is not None and self._identity.isdecimal():
            identity = f"message/{self._identity}"
            self.messages.append(
                make_message(None, self._last, text, self._number, kind="system", external_id=identity)
            )

    def _time(self, text: str) -> datetime | None:
        found = _STAMP.match(text)
        day, month, year, clock, offset = found.groups() if found else ("", "", "", "", None)
        return from_iso(f"{year}-{month}-{day}T{clock}{offset or ''}", self._zone) if found else None
