"""Gemini's conversations from Google Takeout as a page: "My Activity", Gemini Apps, as HTML, which Takeout proposes."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, tzinfo
from html import unescape
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from adapters.exports.apps.gemini_activity import Activity, chat_of
from adapters.exports.archive import Files, MediaTree
from adapters.exports.clock_times import read_moment
from adapters.exports.decoding import decode_head
from adapters.exports.file_export import FileExport
from adapters.exports.html_text import html_to_text
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.json_files import folder_of
from adapters.exports.messages import make_attachment
from adapters.exports.parsed import ParsedAttachment, ParsedChat, ParseOptions
from adapters.exports.text_export import LONGEST_MESSAGE
from bot import LocalZone
from bot.errors import ImportRefused

_HEAD_BYTES: Final = 1 << 20
"""Styles fill the first part of the page."""
_CELL: Final = '<div class="outer-cell'
_PRODUCT: Final = re.compile(r'mdl-typography--title">[^<]{0,60}(?:Gemini|Bard)')
_CONTENT: Final = re.compile(r'<div class="content-cell [^"]{0,200}mdl-typography--body-1">')
_NEXT_CELL: Final = re.compile(r'<div class="content-cell')
_BREAK: Final = re.compile(r"<br\s?/?>", re.IGNORECASE)
_FILE: Final = re.compile(r'<a\s[^>]{0,300}?href="(?![a-z]{2,8}:)([^"]{1,400})"[^>]{0,200}>([^<]{0,300})</a>')
_LINK: Final = re.compile(r"https://gemini\.google\.com/app/[\w-]{4,80}")
_LONGEST_STAMP: Final = 80
_LONGEST_PROMPT: Final = 20_000
"""Lines of what was asked, among which the time is looked for."""


class GeminiPage(FileExport):
    """Reads what was asked of Gemini and what it answered, from the page that Takeout makes."""

    name = "gemini_html"
    label = "Gemini (Google Takeout, HTML)"
    members = re.compile(r"\.html?$", re.IGNORECASE)

    def is_file(self, files: Files, name: str) -> bool:
        """Tell by the cells of the page and the product of the first."""
        with closing(files.open(name)) as stream:
            if b"<html" not in (head := stream.read(4096)).lower():
                return False
            text = decode_head(head + stream.read(_HEAD_BYTES))
        at = text.find(_CELL)
        return at >= 0 and _PRODUCT.search(text, at, at + 2000) is not None

    def read_file(self, files: Files, name: str, source: Path, options: ParseOptions) -> Iterator[ParsedChat]:
        """Yield one conversation: Takeout doesn't tell where one ends."""
        del source
        zone, warnings, media = options.timezone or LocalZone(), WarningCounter(), MediaTree(files, folder_of(name))
        activities: list[Activity] = []
        with closing(files.open(name)) as stream:
            for number, cell in enumerate(_cells(_blocks(stream)), 1):
                activity = _read_cell(cell, media, zone)
                if activity is None:
                    warnings.note(number, "has no time that could be read; it was left out")
                else:
                    activities.append(activity)
        yield chat_of(activities, media, warnings)


def _blocks(stream: BinaryIO) -> Iterator[str]:
    """Yield the text of a page, which is a single line of any length."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    while data := stream.read(_HEAD_BYTES):
        yield decoder.decode(data)
    yield decoder.decode(b"", final=True)


def _cells(blocks: Iterator[str]) -> Iterator[str]:
    """Yield the activities of a page, each the HTML of its cell. Raises ImportRefused for one without end."""
    held = ""
    for block in blocks:
        *whole, held = (held + block).split(_CELL)
        yield from (cell for cell in whole if _CONTENT.search(cell))
        if len(held) > LONGEST_MESSAGE:
            raise ImportRefused("holds an activity without end; ask Google for it again")
    if _CONTENT.search(held):
        yield held


class _Stamp(NamedTuple):
    """Where among the lines of a cell its time stands."""

    at: int
    moment: datetime


def _read_cell(cell: str, media: MediaTree, zone: tzinfo) -> Activity | None:
    found = _CONTENT.search(cell)
    start = found.end() if found else 0
    after = _NEXT_CELL.search(cell, start)
    lines = _BREAK.split(cell[start : after.start() if after else len(cell)].removesuffix("</div>"))
    stamp = _find_stamp(lines, zone)
    if stamp is None:
        return None
    asked, files = _split_files(lines[: stamp.at], media)
    link = _LINK.search(cell, after.start() if after else 0)
    answer = html_to_text("<br>".join(lines[stamp.at + 1 :]))
    return Activity(stamp.moment, asked, answer, tuple(files), link[0] if link else "")


def _find_stamp(lines: list[str], zone: tzinfo) -> _Stamp | None:
    """Return the first line below the first that is a time and nothing else."""
    for at, line in enumerate(lines[1:_LONGEST_PROMPT], 1):
        text = " ".join(unescape(line).split()) if len(line) <= _LONGEST_STAMP else ""
        if text and (moment := read_moment(text, zone)) is not None:
            return _Stamp(at, moment)
    return None


def _split_files(lines: list[str], media: MediaTree) -> tuple[str, list[ParsedAttachment]]:
    """Return what was asked, and the files that are listed below it, under a line that counts them."""
    files = [(at, found) for at, line in enumerate(lines) if at and (found := _FILE.search(line))]
    asked = lines[: files[0][0] - 1 or 1] if files else lines
    attachments = []
    for _, found in files:
        path = unescape(found[1]).replace("%20", " ")
        attachments.append(make_attachment(unescape(found[2]).strip() or path, path=path, present=path in media))
    return _without_verb(asked), attachments


def _without_verb(lines: list[str]) -> str:
    """Return what was asked; in every language a space that doesn't break ends the word for asking."""
    head, gap, rest = lines[0].replace("\xa0", "&nbsp;").partition("&nbsp;")
    first = rest if gap and len(head) <= _LONGEST_STAMP and not _is_done(head) else f"{head} {rest}"
    return "\n".join(html_to_text(line) for line in [first, *lines[1:]]).strip()


def _is_done(head: str) -> bool:
    return re.match(r"(?:Created|Used|Gave|Added|Selected|Viewed|Visited)\b", head) is not None
