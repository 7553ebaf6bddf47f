"""KakaoTalk's chats as text, from Windows, Android and iOS, and as the table that its Mac app makes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from itertools import chain
from pathlib import PurePosixPath
from typing import Final

from adapters.exports.archive import MediaTree
from adapters.exports.clock_times import at_time, read_day
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import AttachmentKind, ParsedMessage
from adapters.exports.text_export import Line, TextExport, join_lines, read_rows
from adapters.exports.timestamps import from_iso

_TITLE: Final = re.compile(
    r"(?P<ko>.+?) ?(?:님과(?:의)? )?카카오톡 대화|KakaoTalk Chats (?:with )?(?P<en>.+)"
    r"|(?P<en2>.+?) (?:with )?(?:Kakao)?Talk Chats"
)
_SAVED: Final = re.compile(r"저장한 날짜 ?:|(?:Date Saved|Saved Date) ?:")
_TABLE: Final = "Date,User,Message"
_DAY: Final = re.compile(r"-{5,} (.+?) -{5,}")
_BARE_DAY: Final = re.compile(r"\d{4}년 \d{1,2}월 \d{1,2}일(?: .요일)?|(?:[A-Z][a-z]+day, )[A-Z][a-z]+ \d{1,2}, \d{4}")
_HAPPENED: Final = re.compile(
    r".{1,200}님(?:이 (?:들어왔|나갔)습니다|을 (?:초대했|내보냈)습니다)\.?(?:채팅방으로 초대하기)?"
    r"|채팅방 관리자가 메시지를 가렸습니다\."
    r"|.{1,100} (?:joined|left)(?: this chatroom)?\.|.{1,100} (?:invited|removed) .{1,200}\.",
)
"""What happened in a chat; exports from Windows give it no time of its own."""
_SPACES: Final = {0x202F: " ", 0xA0: " "}
_BRACKETED: Final = re.compile(r"\[([^\]\n]{1,200})\] \[([^\]\n]{3,12})\] ?(.*)")
_DATE: Final = (
    r"(?:\d{4}년 \d{1,2}월 \d{1,2}일|\d{4}\. ?\d{1,2}\. ?\d{1,2}\.?|[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}"
    r"|\d{1,2} [A-Z][a-z]{2,8}\.? \d{4})"
)
_TIME: Final = r"(?:오[전후] )?\d{1,2}:\d\d(?: ?[AaPp]\.?[Mm]\.?)?"
_STAMPED: Final = re.compile(
    rf"(?:(?P<day>{_DATE})(?:,? |,? at )(?P<time>{_TIME})|(?P<time_first>{_TIME}), (?P<day_last>{_DATE}))"
    r"(?:, (?P<author>[^\n]{1,200}?) : (?P<text>.*)|[:,]? ?(?P<system>.*))"
)
"""A stamp whose day comes first, or, as phones in English once wrote it, whose clock time does."""
_FILES: Final[dict[str, AttachmentKind]] = {
    "사진": "image", "photo": "image", "동영상": "video", "video": "video", "이모티콘": "sticker",
    "emoticon": "sticker", "(emoticon)": "sticker", "emoticons": "sticker", "(이모티콘)": "sticker",
    "음성메시지": "audio", "voice message": "audio",
}  # fmt: skip
_MANY_PHOTOS: Final = re.compile(r"(?:사진 \d{1,3}장|\d{1,3} photos)", re.IGNORECASE)
_NAMED_FILE: Final = re.compile(r"(?:파일|File): ?(.+)")
_DELETED: Final = frozenset({"삭제된 메시지입니다.", "This message was deleted.", "Message deleted."})


class KakaoTalkExport(TextExport):
    """Reads what KakaoTalk exports."""

    name = "kakaotalk"
    label = "KakaoTalk"
    members = re.compile(r"\.(?:txt|csv)$", re.IGNORECASE)

    def is_export(self, head: str) -> bool:
        """Tell by the title and the day on which it was saved."""
        opening = head.lstrip().split("\n")[:4]
        if opening[0].strip().replace('"', "") == _TABLE:
            return True
        return any(_SAVED.match(line) for line in opening) or _TITLE.fullmatch(opening[0].strip()) is not None

    def title_of(self, head: str, path: PurePosixPath) -> str:
        """Return whom the chat is with."""
        found = _TITLE.fullmatch(head.lstrip().partition("\n")[0].strip())
        return next((name for name in found.groups() if name), path.stem).strip() if found else path.stem

    def read_messages(
        self, lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
    ) -> Iterator[ParsedMessage]:
        """Yield the messages of either kind of text, or of the table."""
        del media
        first = next(lines, None)
        if first is None:
            return
        if first[1].strip().replace('"', "") == _TABLE:
            yield from _read_table(lines, zone, warnings)
            return
        yield from map(_recognise, join_lines(chain([first], lines), _Lines(zone).read))


class _Lines:
    """Reads lines, and remembers on which day they are."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._day: date | None = None
        self._last: datetime | None = None

    def read(self, number: int, line: str) -> ParsedMessage | bool:
        """Return the message that begins on a line."""
        if found := _DAY.fullmatch(line.strip()):
            self._day = read_day(_drop_weekday(found[1])) or self._day
            return True
        if bracketed := _BRACKETED.fullmatch(line):
            sent_at = at_time(self._day, bracketed[2], self._zone)
            self._last = sent_at or self._last
            return make_message(bracketed[1], sent_at, bracketed[3], number) if sent_at else False
        if self._last is not None and _HAPPENED.fullmatch(line):
            return make_message(None, self._last, line, number, kind="system")
        if _BARE_DAY.fullmatch(line.strip()) or _SAVED.match(line):
            return True
        return self._read_stamped(number, line)

    def _read_stamped(self, number: int, line: str) -> ParsedMessage | bool:
        stamped = _STAMPED.fullmatch(line.translate(_SPACES))
        sent_at = self._moment(stamped) if stamped else None
        if stamped is None or sent_at is None:
            return False
        if stamped["author"] is not None:
            return make_message(stamped["author"], sent_at, stamped["text"], number)
        return make_message(None, sent_at, stamped["system"], number, kind="system") if stamped["system"] else True

    def _moment(self, stamped: re.Match[str]) -> datetime | None:
        day = read_day(stamped["day"] or stamped["day_last"])
        return at_time(day, stamped["time"] or stamped["time_first"], self._zone)


def _drop_weekday(text: str) -> str:
    """Return a date without its weekday: "Monday, January 1, 2024", "2024년 1월 1일 월요일"."""
    return re.sub(r"^[A-Z][a-z]+day, | .요일$", "", text)


def _read_table(lines: Iterator[Line], zone: tzinfo, warnings: WarningCounter) -> Iterator[ParsedMessage]:
    for number, row in read_rows(lines, warnings):
        sent_at = from_iso(row[0], zone) if len(row) > 2 else None
        if sent_at is None:
            warnings.note(number, "has no possible time; it was left out")
            continue
        yield _recognise(make_message(row[1] or "Somebody", sent_at, row[2], number))


def _recognise(message: ParsedMessage) -> ParsedMessage:
    """Return a message with the file that its words stand for, or as deleted."""
    text = message.text.strip()
    if text in _DELETED:
        return message._replace(text="", deleted=True)
    kind = "image" if _MANY_PHOTOS.fullmatch(text) else _FILES.get(text.casefold())
    named = _NAMED_FILE.fullmatch(text)
    if kind or named:
        file = make_attachment(named[1]) if named else make_attachment(None, kind)
        return message._replace(text="", attachments=(file,))
    return message
