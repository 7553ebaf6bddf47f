"""Logs of Pidgin and the other clients on libpurple: a page or text for each session, named by when it began."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from html import unescape
from itertools import chain
from pathlib import PurePosixPath
from typing import Final

from adapters.exports.archive import MediaTree
from adapters.exports.clock_times import at_time, read_day
from adapters.exports.html_text import html_to_text
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import ParsedChat, ParsedMessage
from adapters.exports.text_export import Line, TextExport, join_lines
from adapters.exports.timestamps import make_zone

_TITLE: Final = re.compile(
    r"Conversation with (?P<peer>.{1,200}?) at (?P<began>.{6,80}?) on (?P<account>[^\n]{1,200}?)"
    r" \((?P<protocol>[\w-]{1,30})\)"
)
_OWN_COLOUR: Final = "#16569e"
_ERROR_COLOUR: Final = "#ff0000"
_CLOCK: Final = r"\((?:(?P<day>\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}),? )?(?P<time>\d{1,2}:\d\d:\d\d(?: ?[AaPp][Mm])?)\)"
_SAID: Final = re.compile(
    rf"<(?:font|span)[^>]{{0,80}}(?P<colour>#[0-9A-Fa-f]{{6}})[^>]{{0,80}}>\s*<(?:font|span)[^>]{{0,80}}>{_CLOCK}</(?:font|span)>"
    r"\s*<b>(?P<author>.{1,300}?)</b>\s*</(?:font|span)>(?P<text>.*)"
)
_TOLD: Final = re.compile(
    rf"(?:<(?:font|span)[^>]{{0,80}}>\s*)?<(?:font|span)[^>]{{0,80}}>{_CLOCK}</(?:font|span)>\s*<b>(?P<text>.*)"
)
_TEXT: Final = re.compile(rf"{_CLOCK} (?P<text>.*)")
_TEXT_SAID: Final = re.compile(r"(?P<author>[^\n:]{1,100}(?::[^\n: ]{1,60}){0,3}): ?(?P<text>.*)")
_AUTOMATIC: Final = re.compile(r"\s*(?:&lt;|<)AUTO-REPLY(?:&gt;|>)\s*:?$")
_FILE_TIME: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)\.\d{6}(?:([+-])(\d\d)(\d\d))?")
_PICTURE: Final = re.compile(r"<img\b[^>]{0,300}?\bsrc=[\"']([^\"'>]{1,300})[\"']", re.IGNORECASE)
_HALF_A_DAY: Final = timedelta(hours=12)


class PidginExport(TextExport):
    """Reads pages and texts of conversations."""

    name = "pidgin"
    label = "Pidgin"
    members = re.compile(r"\.(?:html|txt)$", re.IGNORECASE)

    def is_export(self, head: str) -> bool:
        """Tell by the heading: with whom, since when, on which account."""
        return _TITLE.search(head[:1500]) is not None and "Conversation with " in head.lstrip()[:600]

    def title_of(self, head: str, path: PurePosixPath) -> str:
        """Return whom the conversation is with."""
        found = _TITLE.search(head[:1500])
        return unescape(found["peer"]) if found else path.stem

    def fill_in(self, chat: ParsedChat, head: str) -> None:
        """Tell the account that the sessions with somebody are on, and that it is the exporting person's."""
        if found := _TITLE.search(head[:1500]):
            account = unescape(found["account"]).partition("/")[0]
            chat.external_id = f"{found['protocol']}:{account}:{unescape(found['peer'])}"
            chat.own_account = account

    def read_named(
        self, path: PurePosixPath, lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
    ) -> Iterator[ParsedMessage]:
        """Yield the messages of a session, which began when the file's name says."""
        named = _FILE_TIME.match(path.stem)
        day = date(int(named[1]), int(named[2]), int(named[3])) if named else None
        if named and named[4]:
            zone = make_zone((int(named[5]) * 60 + int(named[6])) * (-1 if named[4] == "-" else 1))
        return _read(lines, media, day, zone, warnings)

    def read_messages(
        self, lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
    ) -> Iterator[ParsedMessage]:
        """Yield the messages of a session without a name."""
        return _read(lines, media, None, zone, warnings)


def _read(
    lines: Iterator[Line], media: MediaTree, day: date | None, zone: tzinfo, warnings: WarningCounter
) -> Iterator[ParsedMessage]:
    first = next(lines, (1, ""))
    found = _TITLE.search(first[1])
    session = _Session(day or (read_day(found["began"]) if found else None), zone, warnings)
    session.own_account = unescape(found["account"]).partition("/")[0] if found else None
    page = first[1].lstrip().startswith("<")
    for message in join_lines(chain([first], lines), session.read_page if page else session.read_text):
        yield _finish_page(message, media) if page else message


class _Session:
    """Reads the lines of one session, whose clock may pass midnight."""

    def __init__(self, day: date | None, zone: tzinfo, warnings: WarningCounter) -> None:
        self._day, self._zone, self._warnings = day, zone, warnings
        self._last: datetime | None = None
        self.own_account: str | None = None

    def read_page(self, number: int, line: str) -> ParsedMessage | bool:
        """Return the message that a line of a page begins."""
        if "Conversation with " in line and _TITLE.search(line):
            return True
        said = _SAID.match(line)
        if said and said["colour"].casefold() != _ERROR_COLOUR:
            own = said["colour"].casefold() == _OWN_COLOUR
            return self._make(said, number, _name_of(html_to_text(said["author"])), own=own)
        if told := _TOLD.match(line):
            return self._make(told, number, None)
        return line.strip() in {"</body></html>", "</body>", "</html>"}

    def read_text(self, number: int, line: str) -> ParsedMessage | bool:
        """Return the message that a line of a text begins."""
        if _TITLE.match(line):
            return True
        found = _TEXT.fullmatch(line)
        if found is None:
            return False
        said = _TEXT_SAID.fullmatch(found["text"])
        return self._make(said or found, number, _name_of(said["author"]) if said else None, clock=found)

    def _make(
        self, said: re.Match[str], number: int, author: str | None, *, own: bool = False,
        clock: re.Match[str] | None = None,
    ) -> ParsedMessage | bool:  # fmt: skip
        sent_at = self._time(clock or said)
        if sent_at is None:
            self._warnings.note(number, "has no possible time, and the file's name tells no day; it was left out")
            return True
        acts = author is not None and author.startswith("***")
        text = f"* {said['text'].lstrip()}" if acts else said["text"]
        name = author.removeprefix("***") if author else None
        return make_message(
            name, sent_at, text, number,
            kind="message" if name else "system", author_id=self.own_account if own else None,
        )  # fmt: skip

    def _time(self, found: re.Match[str]) -> datetime | None:
        if found["day"]:
            return at_time(read_day(found["day"]), found["time"], self._zone)
        moment = at_time(self._day, found["time"], self._zone)
        if moment and self._day and self._last and self._last - moment > _HALF_A_DAY:
            self._day += timedelta(days=1)
            moment = at_time(self._day, found["time"], self._zone)
        self._last = moment or self._last
        return moment


def _name_of(shown: str) -> str:
    return _AUTOMATIC.sub("", shown.strip()).removesuffix(":").strip()


def _finish_page(message: ParsedMessage, media: MediaTree) -> ParsedMessage:
    """Return a message with its HTML as text, and its pictures as files."""
    pictures = (unescape(path) for path in _PICTURE.findall(message.text))
    files = tuple(
        make_attachment(PurePosixPath(path).name, "image", path=path, present=path in media) for path in pictures
    )
    return message._replace(text=html_to_text(message.text), attachments=files)
