"""Names the app that a file comes from when none of the formats reads it, and says what to choose there instead."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

_COLUMNS_SHOWN: Final = 8
_DELIMITERS: Final = ",;\t|"
_FEWEST_COLUMNS: Final = 2


class _Known(NamedTuple):
    """An app's file that is not read: by a name within it, or by its first bytes."""

    name: re.Pattern[str] | None
    head: re.Pattern[bytes] | None
    advice: str


def _known(advice: str, *, name: str = "", head: bytes = b"") -> _Known:
    return _Known(
        re.compile(name, re.IGNORECASE) if name else None, re.compile(head, re.DOTALL) if head else None, advice
    )


_APPS: Final = (
    _known(
        "this is Telegram's HTML; export the chat again with the format “Machine-readable JSON” and import result.json",
        head=rb'<div class="(?:message default|page_wrap|from_name)|class="tgme_',
    ),
    _known(
        "this is the HTML of Facebook's or Instagram's download; ask for it again with the format JSON",
        name=r"(?:inbox|archived_threads|e2ee_cutover)/[^/]+/message_\d+\.html$",
        head=rb"(?:_a6-g|_3-95 _a6-g|pam _3-95)",
    ),
    _known(
        "this is Takeout's page of your activity in another product; of “My Activity”, only Gemini Apps holds chats",
        name=r"my ?activity\.html$",
        head=rb"<title>My Activity History</title>",
    ),
    _known(
        "this is a page of Element; export the room again with the format JSON",
        head=rb"mx_MessagePanel|mx_EventTile",
    ),
    _known(
        "this is WhatsApp's own backup, which only the app opens; in WhatsApp, choose the chat, then Export chat",
        name=r"msgstore.*\.crypt\d*$|ChatStorage\.sqlite$",
    ),
    _known(
        "this is Signal's own backup, which only the app opens; use Signal Desktop's export, or signal-export",
        name=r"signal-[\d-]+\.backup$",
    ),
    _known(
        "this is the database of Apple's Messages; make texts of it with imessage-exporter and import those",
        name=r"(?:^|/)(?:chat|sms)\.db$",
    ),
    _known(
        "this is the database of an app; export the chat in the app and import the file that it makes",
        head=rb"^SQLite format 3\x00",
    ),
    _known(
        "this is a tar archive, as Skype sends one; unpack it and import its messages.json",
        head=rb"^.{257}ustar",
    ),
    _known(
        "these are pages of Snapchat's download; ask for it again with JSON files and import json/chat_history.json",
        name=r"(?:^|/)chat_history\.html$|chat_history/subpage_[^/]+\.html$",
    ),
    _known(
        "these are pages or texts of TikTok's download; ask for it again with the format JSON",
        name=r"(?:^|/)Direct Messages\.(?:txt|html)$|(?:^|/)Chat History\.txt$",
    ),
    _known(
        "this is packed with 7-Zip, RAR or gzip; unpack it and import the folder",
        head=rb"^(?:7z\xbc\xaf|Rar!|\x1f\x8b)",
    ),
    _known("this is a PDF; chats are read from the file that the app itself exports", head=rb"^%PDF-"),
)


def recognise(shown: str, head: bytes, names: Sequence[str]) -> str | None:
    """Return what to do with a file of a known app; None for one of another make.

    `shown` is its own name, `head` its first bytes, `names` those of the files within it.
    """
    for app in _APPS:
        if app.name is not None and any(app.name.search(name) for name in (shown, *names)):
            return app.advice
        if app.head is not None and app.head.search(head):
            return app.advice
    return None


def describe_columns(text: str, wanted: Callable[[str], str]) -> str | None:
    """Return what a table has and what it needs, where a text is a table; `wanted` words what it needs."""
    first, newline, rest = text.lstrip("\ufeff").partition("\n")
    if not newline or first.lstrip().startswith(("{", "[", "<")):
        return None
    for delimiter in _DELIMITERS:
        columns, values = _row(first, delimiter), _row(rest.partition("\n")[0], delimiter)
        alike = len(columns) == len(values) >= _FEWEST_COLUMNS
        named = all(re.fullmatch(r"[^\d\W][\w .()/#-]{0,40}", column.strip()) for column in columns)
        if alike and named:
            shown = ", ".join(column.strip() for column in columns[:_COLUMNS_SHOWN])
            return wanted(shown + (", …" if len(columns) > _COLUMNS_SHOWN else ""))
    return None


def _row(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line.strip("\r")), delimiter=delimiter), [])
    except csv.Error:
        return []
