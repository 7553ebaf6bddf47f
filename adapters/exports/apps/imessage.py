"""iMessage by the imessage-exporter tool: a text or a page for each conversation."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from datetime import datetime, tzinfo
from itertools import chain
from pathlib import PurePosixPath
from typing import Final

from adapters.exports.archive import MediaTree
from adapters.exports.clock_times import at_time, read_day
from adapters.exports.html_reader import Attributes, ClassReader
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import ParsedAttachment, ParsedMessage
from adapters.exports.text_export import Line, TextExport

_STAMP: Final = re.compile(
    r"([A-Z][a-z]{2} \d{1,2}, \d{4}) +(\d{1,2}:\d\d:\d\d [AP]M)(?: \((?:Read|Deleted)[^)]*\))?(?: (.+))?"
)
_FILE: Final = re.compile(r"(?:/|~/|\./|attachments/|[A-Za-z]:\\)[^\n]{0,400}\.\w{2,5}")
_UNSENT: Final = re.compile(
    r".{1,80} unsent (?:this message part|a message)(?: .{1,60} after sending)?!|(?:You|They) deleted a message\."
)
_EDITED: Final = re.compile(r"Edited .{1,60}?: (.*)")
_FIRST_EDIT: Final = re.compile(rf"{_STAMP.pattern.partition('(?: (.+))')[0]} (.*)")
_NOTES: Final = re.compile(r"(?:This message responded to an earlier message\.|Sent with .*)")
_TAPBACKS: Final = frozenset({"Tapbacks:", "Reactions:"})
_TAPBACK: Final = re.compile(r"\s*(?:\S{1,20} by .+|Sticker from .+)?")


class IMessageExport(TextExport):
    """Reads imessage-exporter's texts and pages."""

    name = "imessage"
    label = "iMessage (imessage-exporter)"
    own_name = "Me"
    members = re.compile(r"\.(?:txt|html)$", re.IGNORECASE)

    def is_export(self, head: str) -> bool:
        """Tell by the first stamp, or by the classes of the page."""
        if "<html" in head[:2000] or "<meta" in head[:500]:
            return 'class="message"' in head and 'class="timestamp"' in head
        first = next((line for line in head.split("\n") if line.strip()), "")
        return _STAMP.fullmatch(first.strip()) is not None and not first.startswith(" ")

    def read_messages(
        self, lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
    ) -> Iterator[ParsedMessage]:
        """Yield the messages of a text or a page."""
        del warnings
        first = next(lines, None)
        if first is None:
            return
        everything = chain([first], lines)
        if first[1].lstrip().startswith("<"):
            page = _Page(media, zone)
            for _, line in everything:
                page.feed(line + "\n")
                while page.messages:
                    yield page.messages.popleft()
            page.finish()
            yield from page.messages
        else:
            yield from _read_text(everything, media, zone)


def _read_text(lines: Iterator[Line], media: MediaTree, zone: tzinfo) -> Iterator[ParsedMessage]:
    """Yield the messages of a text: a stamp, a name, and the words up to the next stamp."""
    block: list[str] = []
    start, stamp, after_blank = 0, "", True
    for number, line in lines:
        begins = after_blank and line[:1].isupper() and _STAMP.fullmatch(line)
        after_blank = not line.strip()
        if not begins:  # the first words of an edited message have a stamp too, with no empty line before it
            block.append(line)
            continue
        if message := _make(stamp, block, start, media, zone):
            yield message
        start, stamp, block = number, line, []
    if message := _make(stamp, block, start, media, zone):
        yield message


def _make(stamp: str, block: list[str], number: int, media: MediaTree, zone: tzinfo) -> ParsedMessage | None:
    found = _STAMP.fullmatch(stamp)
    sent_at = at_time(read_day(found[1]), found[2], zone) if found else None
    if found is None or sent_at is None:
        return None
    if found[3]:
        return make_message(None, sent_at, found[3], number, kind="system")
    author = block[0].strip() if block else ""
    said = _Said(media)
    for line in block[1:]:
        said.take(line)
    text = "\n".join(said.words).strip()
    return make_message(
        author, sent_at, text, number, attachments=tuple(said.files), edited=said.edited, deleted=said.deleted
    )


class _Said:
    """Tells the lines of a message apart: its words and files, its edits, who liked it, and the answers to it."""

    def __init__(self, media: MediaTree) -> None:
        self._media = media
        self.words: list[str] = []
        self.files: list[ParsedAttachment] = []
        self.edited = self.deleted = False
        self._answers = self._tapbacks = False

    def take(self, line: str) -> None:
        """Take one line."""
        bare = line.strip()
        if self._answers and (line.startswith("    ") or not bare):
            return  # an answer stands at its own place too
        if line.startswith("    ") and _STAMP.fullmatch(bare):
            self._answers, self._tapbacks = True, False
        elif bare in _TAPBACKS and line == bare:
            self._tapbacks = True
        elif not (self._tapbacks and _TAPBACK.fullmatch(line)) and not _NOTES.fullmatch(bare):
            self._answers = self._tapbacks = False
            self._take_words(line)

    def _take_words(self, line: str) -> None:
        self.deleted = self.deleted or _UNSENT.fullmatch(line) is not None
        if _FILE.fullmatch(line.strip()):
            self.files.append(_file(line.strip(), self._media))
        elif later := _EDITED.fullmatch(line):
            self.words, self.edited = [later[1]], True
        elif not self.words and (first := _FIRST_EDIT.fullmatch(line)):
            self.words = [first[3]]
        else:
            self.words.append(line)


def _file(path: str, media: MediaTree) -> ParsedAttachment:
    parts = PurePosixPath(path.replace("\\", "/")).parts
    near = "/".join(parts[parts.index("attachments") :]) if "attachments" in parts else path
    return make_attachment(parts[-1], path=near, present=near in media)


class _Page(ClassReader):
    """Collects the parts of a message."""

    def __init__(self, media: MediaTree, zone: tzinfo) -> None:
        super().__init__()
        self._media, self._zone = media, zone
        self.messages: deque[ParsedMessage] = deque()
        self._number = 0
        self._end = -1
        self._reset()

    def _reset(self) -> None:
        self._stamp: list[str] = []
        self._sender: list[str] = []
        self._words: list[str] = []
        self._files: list[ParsedAttachment] = []
        self._system = False

    def open_element(self, tag: str, classes: frozenset[str], attributes: Attributes) -> None:
        """Begin a message, or take a file."""
        if self.inside("replies"):
            return
        if tag == "div" and classes & {"message", "announcement"} and self._end < 0:
            self._reset()
            self._number += 1
            self._end, self._system = self.depth, "announcement" in classes
        elif self._end >= 0 and tag in {"img", "video", "audio", "source", "a"} and self.inside("attachment"):
            path = attributes.get("src") or attributes.get("href") or ""
            if path and not any(file.name == PurePosixPath(path).name for file in self._files):
                self._files.append(_file(path, self._media))
        elif self._end >= 0 and tag == "a" and self.inside("app"):
            self._words.append(f"{attributes.get('href') or ''}\n")  # a link that was sent, with its preview
        elif tag == "br":
            self._words.append("\n")

    def close_element(self, tag: str, classes: frozenset[str]) -> None:
        """End a message."""
        del classes
        if tag == "div" and 0 <= self.depth < self._end:
            self.finish()

    def take_text(self, text: str) -> None:
        """Take the time, the sender or the words."""
        if self._end < 0 or self.inside("replies") or self.inside("tapbacks"):
            return
        if self.inside("timestamp"):
            self._stamp.append(text)
        elif self.inside("sender"):
            self._sender.append(text)
        elif self.inside("bubble") or self.inside("announcement"):
            self._words.append(text)
        elif (self.inside("subject") or self.inside("app")) and text.strip():
            self._words.append(f"{text.strip()}\n")

    def finish(self) -> None:
        """Make a message of what was collected."""
        if self._end < 0:
            return
        self._end = -1
        stamp = " ".join("".join(self._stamp).split())
        found = _STAMP.match(stamp)
        sent_at: datetime | None = at_time(read_day(found[1]), found[2], self._zone) if found else None
        text = "".join(self._words).strip()
        if sent_at is None or not (text or self._files):
            return
        sender = "".join(self._sender).strip() or "Somebody"
        self.messages.append(
            make_message(
                sender,
                sent_at,
                text,
                self._number,
                kind="system" if self._system else "message",
                attachments=tuple(self._files),
                deleted=_UNSENT.fullmatch(text) is not None,
            )
        )
