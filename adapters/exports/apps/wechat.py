"""WeChat's and QQ's chats as exporters write them: texts with a line of name and time, or WeChatMsg's table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import tzinfo
from itertools import chain
from pathlib import PurePosixPath
from typing import Final

from adapters.exports.archive import MediaTree
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import AttachmentKind, ParsedKind, ParsedMessage
from adapters.exports.text_export import Line, TextExport, join_lines, read_rows
from adapters.exports.timestamps import from_iso

_TIME: Final = r"(\d{4}[-/]\d{1,2}[-/]\d{1,2} \d{1,2}:\d\d(?::\d\d)?)"
_NAME_FIRST: Final = re.compile(rf"(?P<author>[^\n:：\[\]]{{1,80}}?)\s*[(（\s]\s*{_TIME}[)）]?\s*[:：]?\s*(?P<text>.*)")
_TIME_FIRST: Final = re.compile(rf"{_TIME}\s+(?P<author>[^\n:：\[\]]{{1,80}}?)(?:\(\d{{4,12}}\)|<[^>\n]{{3,60}}>)?\s*")
_FILES: Final[dict[str, AttachmentKind]] = {
    "图片": "image", "圖片": "image", "照片": "image", "photo": "image", "image": "image", "视频": "video",
    "video": "video", "语音": "audio", "voice": "audio", "表情": "sticker", "动画表情": "sticker",
    "sticker": "sticker", "文件": "document", "file": "document", "名片": "contact",
}  # fmt: skip
_RECALLED: Final = re.compile(
    r".{0,80}撤回了一条消息|(?!I )(?:[^\s\"]{1,40}|\"[^\"]{1,80}\") (?:has )?recalled a message\.?"
)
_COLUMNS: Final = {"StrContent", "StrTime"}
_SYSTEM_TYPE: Final = "10000"


class WeChatExport(TextExport):
    """Reads texts and tables of WeChat and QQ."""

    name = "wechat"
    label = "WeChat (text or table)"
    own_name = "Me"
    members = re.compile(r"\.(?:txt|csv)$", re.IGNORECASE)

    def is_export(self, head: str) -> bool:
        """Tell by two lines of name and time, or by the columns of the table."""
        lines = head.split("\n")[:200]
        if set(lines[0].strip().split(",")) >= _COLUMNS:
            return True
        stamps = [line for line in lines if _stamp(line)]
        return len(stamps) > 1 and not stamps[0].startswith(("[", "<"))

    def title_of(self, head: str, path: PurePosixPath) -> str:
        """Return what the file is called."""
        del head
        return path.stem

    def read_messages(
        self, lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
    ) -> Iterator[ParsedMessage]:
        """Yield the messages of either shape."""
        del media

        def read(number: int, line: str) -> ParsedMessage | bool:
            found = _stamp(line)
            sent_at = from_iso(_iso(found[1]), zone) if found else None
            return make_message(found[0].strip(), sent_at, found[2], number) if found and sent_at else False

        first = next(lines, None)
        if first is None:
            return
        if set(first[1].strip().split(",")) >= _COLUMNS:
            yield from _read_table(first[1].strip().split(","), lines, zone, warnings)
        else:
            yield from map(_recognise, join_lines(chain([first], lines), read))


def _stamp(line: str) -> tuple[str, str, str] | None:
    """Return author, time and the words that follow on the line."""
    if found := _TIME_FIRST.fullmatch(line):
        return found["author"], found[1], ""
    found = _NAME_FIRST.fullmatch(line)
    return (found["author"], found[2], found["text"]) if found else None


def _iso(time: str) -> str:
    """Return a time as ISO 8601 writes it: days and months with two digits."""
    day, clock = time.replace("/", "-").split(" ")
    year, month, date = day.split("-")
    return (
        f"{year}-{month:0>2}-{date:0>2} {clock:0>5}"
        if clock.count(":") == 1
        else f"{year}-{month:0>2}-{date:0>2} {clock:0>8}"
    )


def _read_table(
    columns: list[str], lines: Iterator[Line], zone: tzinfo, warnings: WarningCounter
) -> Iterator[ParsedMessage]:
    for number, row in read_rows(lines, warnings):
        record = dict(zip(columns, row, strict=False))
        sent_at = from_iso(record.get("StrTime", ""), zone)
        if sent_at is None:
            warnings.note(number, "has no possible time; it was left out")
            continue
        own = record.get("IsSender") == "1"
        author = "Me" if own else record.get("Remark") or record.get("NickName") or record.get("Sender") or "Somebody"
        kind: ParsedKind = "system" if record.get("Type") == _SYSTEM_TYPE else "message"
        yield _recognise(make_message(author, sent_at, record.get("StrContent", ""), number, kind=kind))


def _recognise(message: ParsedMessage) -> ParsedMessage:
    text = message.text.strip()
    if message.kind == "message" and _RECALLED.fullmatch(text):
        return message._replace(text="", deleted=True)
    kind = _FILES.get(text.strip("[]【】").casefold()) if text[:1] in "[【" and text else None
    return message._replace(text="", attachments=(make_attachment(None, kind),)) if kind else message
