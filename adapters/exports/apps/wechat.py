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
_OWN: Final = "我"
_MARK: Final = re.compile(r"[\[【]([^\[\]【】\n]{1,8})[\]】](?: ?([^\[\]\n/]{1,200}\.\w{1,5}))?")
"""A line that stands for a file: what it is, and what it is called."""
_COLUMNS: Final = ({"StrContent", "StrTime"}, {"talker", "msg", "CreateTime"})
"""Of the tables of two programs: WeChatMsg and PyWxDump."""
_SYSTEM: Final = frozenset({"10000", "系统消息", "系统通知", "系统消息(10000)"})


class WeChatExport(TextExport):
    """Reads texts and tables of WeChat and QQ."""

    name = "wechat"
    label = "WeChat (text or table)"
    own_name = "Me"
    members = re.compile(r"\.(?:txt|csv)$", re.IGNORECASE)

    def is_export(self, head: str) -> bool:
        """Tell by two lines of name and time, or by the columns of the table."""
        lines = head.split("\n")[:200]
        if _is_table(lines[0]):
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
        if _is_table(first[1]):
            yield from _read_table(first[1].strip().lstrip("\ufeff").split(","), lines, zone, warnings)
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


def _is_table(line: str) -> bool:
    columns = set(line.strip().lstrip("\ufeff").split(","))
    return any(columns >= known for known in _COLUMNS)


def _read_table(
    columns: list[str], lines: Iterator[Line], zone: tzinfo, warnings: WarningCounter
) -> Iterator[ParsedMessage]:
    for number, row in read_rows(lines, warnings):
        record = dict(zip(columns, row, strict=False))
        sent_at = from_iso(record.get("StrTime") or record.get("CreateTime", ""), zone)
        if sent_at is None:
            warnings.note(number, "has no possible time; it was left out")
            continue
        own = "1" in (record.get("IsSender"), record.get("is_sender"))
        named = (record.get(key) for key in ("Remark", "NickName", "Sender", "talker"))
        author = "Me" if own else next(filter(None, named), "Somebody")
        told = record.get("type_name") or record.get("Type")
        kind: ParsedKind = "system" if told in _SYSTEM else "message"
        text = record.get("StrContent") or record.get("msg") or ""
        message = _recognise(make_message(author, sent_at, text, number, kind=kind))
        yield _with_kind(message, told or "")


def _with_kind(message: ParsedMessage, told: str) -> ParsedMessage:
    """Return a message as the file that the table calls it."""
    kind = _FILES.get(told.casefold())
    if kind is None or message.attachments or message.kind == "system":
        return message
    return message._replace(text="", attachments=(make_attachment(None, kind),))


def _recognise(message: ParsedMessage) -> ParsedMessage:
    if message.author in _SYSTEM:
        return message._replace(kind="system", author=None, author_id=None)
    author = (message.author or "").strip('"') or message.author
    message = message._replace(author="Me" if author == _OWN else author)
    if message.kind == "message" and _RECALLED.fullmatch(message.text.strip()):
        return message._replace(text="", deleted=True)
    return _with_files(message)


def _with_files(message: ParsedMessage) -> ParsedMessage:
    """Take the lines that stand for files out of a text."""
    words, files = [], []
    for line in message.text.split("\n"):
        found = _MARK.fullmatch(line.strip())
        kind = _FILES.get(found[1].casefold()) if found else None
        if found and kind:
            files.append(make_attachment(found[2], kind if not found[2] else None))
        else:
            words.append(line)
    return message._replace(text="\n".join(words).strip(), attachments=tuple(files)) if files else message
