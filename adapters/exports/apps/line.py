"""LINE's chat history as text: "[LINE] Chat history with …", days, and a line with tabs for each message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from pathlib import PurePosixPath
from typing import Final

from adapters.exports.archive import MediaTree
from adapters.exports.clock_times import at_time, read_day
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import AttachmentKind, ParsedMessage
from adapters.exports.text_export import Line, TextExport, join_lines
from adapters.exports.troubles import Troubles

_TITLE: Final = re.compile(
    r"\[LINE\] ?(?:Chat history (?:with|in) (?P<en>.+)|(?P<ja>.+?)(?:との|の)トーク履歴|與?(?P<zh>.+?)的聊天記錄"
    r"|(?P<any>.+))"
)
_DAY: Final = re.compile(r"(?:\w{2,12}\.?, )?\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?: ?[(（].{1,9}[)）]| .{1,12})?")
_TABBED: Final = re.compile(r"((?:[^\d\t]{1,9} ?)?\d{1,2}:\d\d(?: ?[^\d\t]{1,5})?)\t(?:([^\t]*)\t)?(.*)")
_SPACED: Final = re.compile(r"(\d{1,2}:\d\d) (\S+) (.*)")
_UNSENT: Final = re.compile(
    r"(?:.* )?unsent a message\.?|.*メッセージの送信を取り消しました|.*已收回訊息|.*메시지 보내기를 취소했습니다"
)
_FILES: Final[dict[str, AttachmentKind]] = {
    "photo": "image", "写真": "image", "照片": "image", "사진": "image", "รูป": "image", "image": "image",
    "video": "video", "動画": "video", "影片": "video", "동영상": "video", "วิดีโอ": "video",
    "sticker": "sticker", "スタンプ": "sticker", "貼圖": "sticker", "스티커": "sticker", "สติกเกอร์": "sticker",
    "voice message": "audio", "ボイスメッセージ": "audio", "語音訊息": "audio", "음성메시지": "audio",
    "file": "document", "ファイル": "document", "檔案": "document", "파일": "document",
    "contact": "contact", "連絡先": "contact", "聯絡資訊": "contact",
}  # fmt: skip


class LineExport(TextExport):
    """Reads what LINE saves or sends as a chat's history."""

    name = "line"
    label = "LINE"

    def is_export(self, head: str) -> bool:
        """Tell by the first line."""
        return head.lstrip().startswith("[LINE]")

    def title_of(self, head: str, path: PurePosixPath) -> str:
        """Return whom the chat is with."""
        found = _TITLE.match(head.lstrip().partition("\n")[0].strip())
        return next((name for name in found.groups() if name), path.stem).strip() if found else path.stem

    def read_messages(
        self, lines: Iterator[Line], media: MediaTree, zone: tzinfo, troubles: Troubles
    ) -> Iterator[ParsedMessage]:
        """Yield the messages, each on the day above it."""
        del media
        day: date | None = None

        def read(number: int, line: str) -> ParsedMessage | bool:
            nonlocal day
            if _DAY.fullmatch(line.strip()) and (found := read_day(line)) is not None:
                day = found
                return True
            stamped = _TABBED.fullmatch(line) or _SPACED.fullmatch(line)
            sent_at = at_time(day, stamped[1], zone) if stamped else None
            if stamped is None or sent_at is None:
                if stamped and day is None:
                    troubles.note(number, "stands before the first day; it was left out")
                return False
            return _message(stamped, sent_at, number)

        yield from (message._replace(text=_unquote(message.text)) for message in join_lines(lines, read))


def _message(stamped: re.Match[str], sent_at: datetime, number: int) -> ParsedMessage:
    author, text = stamped[2], stamped[3]
    kind = _FILES.get(text.strip("[]").casefold()) if text.startswith("[") and text.endswith("]") else None
    if not author:
        return make_message(None, sent_at, text, number, kind="system")
    files = (make_attachment(None, kind),) if kind else ()
    deleted = _UNSENT.fullmatch(text) is not None
    return make_message(author, sent_at, "" if kind else text, number, attachments=files, deleted=deleted)


def _unquote(text: str) -> str:
    """Return a text of several lines without the quotation marks that LINE puts around it."""
    quoted = "\n" in text and text.startswith('"') and text.endswith('"')
    return text[1:-1].replace('""', '"') if quoted else text
