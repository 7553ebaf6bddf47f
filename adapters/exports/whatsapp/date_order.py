"""Decides over a whole file whether the day or the month comes first, from all that the file shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta

from adapters.exports.parsed import DateOrder, ImportWarning, ParsedChat  # noqa: A004 (see there)
from adapters.exports.whatsapp.chat_text import ChatText
from adapters.exports.whatsapp.dates import DateEvidence
from adapters.exports.whatsapp.headers import HeaderShape
from bot.errors import ImportRefused

_MEDIA_DAY = re.compile(r"-(20\d{2})-?(\d{2})-?(\d{2})-(?:WA|\d\d-\d\d-\d\d)")
_NAMED_DAY = re.compile(r"(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)")
_ANY_ZONE = timedelta(days=1)
"""A file's time is in another zone than its chat."""


def decide_order(text: ChatText, chat: ParsedChat, likely: DateOrder | None) -> DateOrder:
    """Return the order of a chat's dates; where it stays open, the `likely` one, or the likelier with a warning."""
    evidence = DateEvidence(latest=_find_export_day(text))
    for block in _read_blocks(text):
        evidence.feed(text.shape.dates.findall("\n" + block))
        if evidence.settled:
            break
    order, certain = evidence.decide(_guess_order(evidence, text.shape))
    if certain:
        return order
    pattern = re.compile(f"{text.shape.dates.pattern}[^\n]*?{_MEDIA_DAY.pattern}")
    for block in _read_blocks(text):
        evidence.feed_media((date, year + month + day) for date, year, month, day in pattern.findall("\n" + block))
    order, certain = evidence.decide(order)
    if not certain and likely in evidence.left_open:
        return likely
    if not certain:
        chat.open_orders = evidence.open_orders()
        chat.warnings.append(ImportWarning(None, _describe_open_order(evidence.example, order)))
    return order


def _find_export_day(text: ChatText) -> date | None:
    """Return a day after which nothing in the chat can have been said: by the file's own name, else its time."""
    for name in (text.name, text.files.label):
        for year, month, day in _NAMED_DAY.findall(name):
            with suppress(ValueError):
                return date(int(year), int(month), int(day))
    written = text.files.modified(text.name)
    return written.date() + _ANY_ZONE if written else None


def _read_blocks(text: ChatText) -> Iterator[str]:
    """Yield as much of a text as can be read: damage is told by the pass that yields the messages."""
    with suppress(ImportRefused), text.open_blocks(lambda _line, _message: None) as blocks:
        yield from blocks


def _guess_order(evidence: DateEvidence, shape: HeaderShape) -> DateOrder:
    """Return the likelier order.

    Americans write 3/18/22, unpadded, with AM and PM; hardly anyone else does. Of Android's files with such dates and a
    24-hour clock, all 42 whose order is certain have the month first.
    """
    example = evidence.example
    american = re.fullmatch(r"\d{1,2}/\d{1,2}/\d\d", example) and not evidence.padded
    if american and (shape.has_period or (shape.family == "dash" and evidence.unpadded)):
        return "mdy"
    return "ymd" if ". " in example and not re.search(r"\d{4}", example) else "dmy"


def _describe_open_order(example: str, order: DateOrder) -> str:
    meant = "the day" if order == "dmy" else "the month"
    return (
        f"nothing in this file tells day from month; dates such as {example} were read with {meant} first "
        "(--date-order dmy or mdy settles it)"
    )
