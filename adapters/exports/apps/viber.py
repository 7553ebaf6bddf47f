"""Viber's message history: the tables of its mailed backup, and texts with day and time in brackets of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import tzinfo
from itertools import chain, islice
from pathlib import PurePosixPath
from typing import Final

from adapters.exports.archive import MediaTree
from adapters.exports.clock_times import at_time, read_day
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.messages import make_message
from adapters.exports.parsed import DateOrder, ParsedMessage
from adapters.exports.text_export import Line, TextExport, join_lines, read_rows
from adapters.exports.whatsapp.dates import DateEvidence

_ROW: Final = re.compile(
    r'"?(\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2}))"?,"?(\d{1,2}:\d\d(?::\d\d)?(?: ?[AP]M)?)"?,'
    r'("[^"]*"|[^,]*),("?\+?[\d ()-]*"?),'
)
_BRACKETS: Final = re.compile(
    r"\[ ?([^\[\]\n]{6,30}?) ?\] ?\[ ?(\d{1,2}:\d\d(?::\d\d)?(?: ?\D{1,6})?) ?\] ([^:\n]{1,120}): ?(.*)"
)
_ORDERS: Final[tuple[DateOrder, ...]] = ("dmy", "mdy", "ymd")
_JUDGED_ROWS: Final = 20_000
"""So many of a table tell whether the day or the month comes first."""


class ViberExport(TextExport):
    """Reads Viber's message history."""

    name = "viber"
    label = "Viber"
    own_name = "Me"
    members = re.compile(r"\.(?:csv|txt)$", re.IGNORECASE)

    def is_export(self, head: str) -> bool:
        """Tell by the first line: day, time, name and number in columns, or day and time in brackets."""
        first = head.lstrip().partition("\n")[0]
        return _ROW.match(first) is not None or _BRACKETS.fullmatch(first.strip()) is not None

    def title_of(self, head: str, path: PurePosixPath) -> str:
        """Return whom the chat is with, from the file's name."""
        del head
        return re.sub(r"^(?:Chats? with|Messages with) ", "", path.stem)

    def read_messages(
        self, lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
    ) -> Iterator[ParsedMessage]:
        """Yield the messages of either shape."""
        del media

        def read(number: int, line: str) -> ParsedMessage | bool:
            found = _BRACKETS.fullmatch(line)
            sent_at = at_time(read_day(found[1], _ORDERS), found[2], zone) if found else None
            return make_message(found[3].strip(), sent_at, found[4], number) if found and sent_at else False

        first = next(lines, None)
        if first is None:
            return
        if _ROW.match(first[1]):
            yield from _read_table(chain([first], lines), zone, warnings)
        else:
            yield from join_lines(chain([first], lines), read)


def _read_table(lines: Iterator[Line], zone: tzinfo, warnings: WarningCounter) -> Iterator[ParsedMessage]:
    rows = read_rows(lines, warnings)
    first = list(islice(rows, _JUDGED_ROWS))
    orders = _decide_orders([row for _, row in first])
    for number, row in chain(first, rows):
        sent_at = at_time(read_day(row[0], orders), row[1], zone) if len(row) > 4 else None
        if sent_at is None:
            warnings.note(number, "has no possible time; it was left out")
            continue
        author = row[2].strip() or row[3].strip() or "Somebody"
        yield make_message(author, sent_at, ",".join(row[4:]), number)


def _decide_orders(rows: list[list[str]]) -> tuple[DateOrder, ...]:
    """Return the order of all dates of a table, before those that only one date may have.

    Where nothing tells, the clock does: whose clock has AM and PM mostly writes the month first.
    """
    american = any(len(row) > 1 and row[1].upper().endswith("M") for row in rows)
    evidence = DateEvidence()
    evidence.feed([row[0] for row in rows])
    order, _ = evidence.decide("mdy" if american else "dmy")
    return (order, *_ORDERS)
