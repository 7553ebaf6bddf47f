"""LINE's chat history as text: "[LINE] Chat history with …", days, and a line with tabs for each message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from pathlib import PurePosixPath
from typing import Final

from adapters.exports.archive import MediaTree
from adapters.exports.clock_times import at_time, read_day
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import AttachmentKind, ParsedAttachment, ParsedMessage
from adapters.exports.text_export import Line, TextExport, join_lines

_TITLE: Final = re.compile(
    r"\[LINE\] ?(?:Chat (?:history )?(?:with|in) (?P<en>.+)|(?P<ja>.+?)(?:との|の)トーク履歴"
    r"|與?(?P<zh>.+?)的聊天(?:記錄)?|(?P<any>.+))"
)
_DAY: Final = re.compile(r"(?:\w{2,12}\.?, )?\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?: ?[(（].{1,9}[)）]| .{1,12})?")
_TABBED: Final = re.compile(r"((?:[^\d\t]{1,9} ?)?\d{1,2}:\d\d(?: ?[^\d\t]{1,5})?)\t(?:([^\t]*)\t)?(.*)")
_SPACED: Final = re.compile(r"(\d{1,2}:\d\d) (\S+) (.*)")
_WEEKDAY: Final = re.compile(r"[^\W\d]{1,12}[)）]?$")
_FEWEST: Final = 3
_UNSENT: Final = re.compile(
    r"(?:You )?unsent a message\.?|.*メッセージの送信を取り消しました|.*已收回訊息|.*메시지 보내기를 취소했습니다"
)
_FILES: Final[dict[str, AttachmentKind]] = {
    "photo": "image", "写真": "image", "照片": "image", "사진": "image", "รูป": "image", "image": "image",
    "video": "video", "動画": "video", "影片": "video", "동영상": "video", "วิดีโอ": "video",
    "sticker": "sticker", "スタンプ": "sticker", "貼圖": "sticker", "스티커": "sticker", "สติกเกอร์": "sticker",
    "voice message": "audio", "ボイスメッセージ": "audio", "語音訊息": "audio", "음성메시지": "audio",
    "file": "document", "ファイル": "document", "檔案": "document", "파일": "document",
    "contact": "contact", "連絡先": "contact", "聯絡資訊": "contact",
}  # fmt: skip
_BARE_FILES: Final[dict[str, AttachmentKind]] = {
    "photos": "image", "stickers": "sticker", "videos": "video", "圖片": "image", "貼圖": "sticker", "影片": "video",
    "画像": "image", "スタンプ": "sticker", "動画": "video", "사진": "image", "스티커": "sticker",
}  # fmt: skip
"""What LINE on a computer writes in place of a file: the word alone."""
_NAMED_FILE: Final = re.compile(r"\[([^\[\]]{1,12})\] ?(\S[^\n]*\.\w{1,5})")


class LineExport(TextExport):
    """Reads what LINE saves or sends as a chat's history."""

    name = "line"
    label = "LINE"

    def is_export(self, head: str) -> bool:
        """Tell by the first line; LINE on a computer begins with the first day, and what was said then."""
        head = head.lstrip()
        return head.startswith("[LINE]") or _opens_with_a_day([line for line in head.split("\n")[:30] if line.strip()])

    def title_of(self, head: str, path: PurePosixPath) -> str:
        """Return whom the chat is with."""
        found = _TITLE.match(head.lstrip().partition("\n")[0].strip())
        return next((name for name in found.groups() if name), path.stem).strip() if found else path.stem

    def read_messages(
        self, lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
    ) -> Iterator[ParsedMessage]:
        """Yield the messages, each on the day above it."""
        del media
        messages = join_lines(lines, _Lines(zone, warnings).read)
        yield from (message._replace(text=_unquote(message.text)) for message in messages)


def _opens_with_a_day(lines: list[str]) -> bool:
    """Tell whether a text opens as LINE's on a computer: "2024.05.03 Friday", then a clock time, a name and words."""
    day, said = lines[0].strip() if lines else "", lines[1 : 1 + _FEWEST]
    is_day = _DAY.fullmatch(day) is not None and _WEEKDAY.search(day) is not None and read_day(day) is not None
    return is_day and len(said) == _FEWEST and all(_SPACED.fullmatch(line) for line in said)


class _Lines:
    """Reads lines, and remembers the day, the shape of stamps, and whether a quoted text of several lines goes on."""

    def __init__(self, zone: tzinfo, warnings: WarningCounter) -> None:
        self._zone, self._warnings = zone, warnings
        self._day: date | None = None
        self._stamp: re.Pattern[str] | None = None
        self._quoting = self._after_blank = False

    def read(self, number: int, line: str) -> ParsedMessage | bool:
        """Return the message that begins on a line."""
        is_day = _DAY.fullmatch(line.strip()) is not None and (self._after_blank or not self._quoting)
        self._after_blank = not line.strip()
        if is_day and (day := read_day(line)) is not None:
            self._day, self._quoting = day, False
            return True
        stamped = next((found for shape in self._shapes() if (found := shape.fullmatch(line))), None)
        sent_at = at_time(self._day, stamped[1], self._zone) if stamped else None
        if stamped is None or sent_at is None:
            self._quoting = self._quoting and not _closes(line)
            if stamped and self._day is None:
                self._warnings.note(number, "stands before the first day; it was left out")
            return False
        self._stamp = stamped.re
        self._quoting = stamped[3].startswith('"') and not _closes(stamped[3][1:])
        return _message(stamped, sent_at, number)

    def _shapes(self) -> tuple[re.Pattern[str], ...]:
        """Return the shapes that a stamp may have: in one file all are alike."""
        return (self._stamp,) if self._stamp else (_TABBED, _SPACED)


def _closes(text: str) -> bool:
    """Tell whether a line ends a quoted text: quotation marks within it are doubled."""
    return (len(text) - len(text.rstrip('"'))) % 2 == 1


def _message(stamped: re.Match[str], sent_at: datetime, number: int) -> ParsedMessage:
    author, text = stamped[2], stamped[3]
    if not author:
        return make_message(None, sent_at, text, number, kind="system")
    file = _file(text, bare=stamped.re is _SPACED)
    deleted = _UNSENT.fullmatch(text.removeprefix(f"{author} ")) is not None
    words = "" if file else text
    return make_message(author, sent_at, words, number, attachments=(file,) if file else (), deleted=deleted)


def _file(text: str, *, bare: bool) -> ParsedAttachment | None:
    """Return the file that words stand for: "[Photo]", "[File] plan.pdf" or, on a computer, "Photos"."""
    if named := _NAMED_FILE.fullmatch(text):
        return make_attachment(named[2], _FILES[named[1].casefold()]) if named[1].casefold() in _FILES else None
    in_brackets = text.startswith("[") and text.endswith("]")
    kind = _FILES.get(text[1:-1].casefold()) if in_brackets else _BARE_FILES.get(text.casefold()) if bare else None
    return make_attachment(None, kind) if kind else None


def _unquote(text: str) -> str:
    """Return a text of several lines without the quotation marks that LINE puts around it."""
    quoted = "\n" in text and text.startswith('"') and text.endswith('"')
    return text[1:-1].replace('""', '"') if quoted else text
