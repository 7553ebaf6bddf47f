"""DiscordChatExporter's text: a message is its time and author, its words, and parts under names in braces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, tzinfo
from itertools import chain, islice
from pathlib import PurePosixPath
from typing import Final

from adapters.exports.archive import MediaTree
from adapters.exports.clock_times import at_time, read_day
from adapters.exports.discord.messages import SOMEBODY, find_file
from adapters.exports.discord.names import channel_of, drop_tag, write_title
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import DateOrder, ParsedMessage
from adapters.exports.text_export import LONGEST_MESSAGE, Line, TextExport
from adapters.exports.whatsapp.dates import DateEvidence

_HEAD: Final = re.compile(r"\s*={20,}\r?\nGuild: (.*?)\r?\nChannel: (.*?)\r?\n")
_MESSAGE: Final = re.compile(r"\[([^\[\]]{6,40})\] (.+?)(?: \(pinned\))?")
_STAMP: Final = re.compile(
    r"(.{0,60}\d.{0,20}?)[ T]((?:[^\d\s]{1,12} ?)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[^\d]{1,12})?)"
)
_RULE: Final = re.compile(r"={20,}")
_PART: Final = re.compile(r"\{(Attachments|Embed|Stickers|Reactions)\}")
_NOTICE: Final = re.compile(
    r"Joined the server\.|Pinned a message\.|Started a thread\.|Left the group\.|Changed the channel icon\.|"
    r"Changed the channel name: .*|(?:Added|Removed) .* (?:to|from) the group\.|Started a call that lasted .* minutes\."
)
_JUDGED_LINES: Final = 20_000


class DiscordText(TextExport):
    """Reads what DiscordChatExporter writes as plain text."""

    name = "discord_text"
    label = "Discord (DiscordChatExporter text)"
    platform = "discord"

    def is_export(self, head: str) -> bool:
        """Tell by the server and channel between two rules."""
        return _HEAD.match(head.lstrip("\ufeff")) is not None

    def title_of(self, head: str, path: PurePosixPath) -> str:
        """Return the channel's name, after its server's."""
        found = _HEAD.match(head.lstrip("\ufeff"))
        return write_title(found[1], found[2]) if found else path.stem

    def identity_of(self, path: PurePosixPath) -> str | None:
        """Return the channel's id, which the exporter puts into the file's name."""
        return channel_of(path)

    def read_messages(
        self, lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
    ) -> Iterator[ParsedMessage]:
        """Yield the messages; the dates of the first ones show in which order day and month stand."""
        del warnings
        first = list(islice(lines, _JUDGED_LINES))
        reader = _Lines(media, zone, _decide_orders(first))
        for number, line in chain(first, lines):
            if (message := reader.take(number, line)) is not None:
                yield message
        if (message := reader.end()) is not None:
            yield message


def _decide_orders(lines: list[Line]) -> tuple[DateOrder, ...]:
    stamps = [stamp for _, line in lines if (found := _MESSAGE.fullmatch(line)) and (stamp := _split(found[1]))]
    evidence = DateEvidence()
    evidence.feed([day for day, _ in stamps])
    order, _ = evidence.decide("mdy" if any(clock.upper().endswith("M") for _, clock in stamps) else "dmy")
    return (order, "ymd", "dmy", "mdy")


def _split(stamp: str) -> tuple[str, str] | None:
    """Return the day and the clock time of a stamp."""
    found = _STAMP.fullmatch(stamp.strip())
    return (found[1].rstrip(" ,"), found[2]) if found else None


class _Lines:
    """Puts messages together; only below an empty line may one begin, or a part that hangs on it."""

    def __init__(self, media: MediaTree, zone: tzinfo, orders: tuple[DateOrder, ...]) -> None:
        self._media, self._zone, self._orders = media, zone, orders
        self._after_blank = False
        self._is_in_head = True
        self._begun: tuple[str, datetime, int] | None = None
        self._words: list[str] = []
        self._parts: list[tuple[str, list[str]]] = []
        self._size = 0

    def take(self, number: int, line: str) -> ParsedMessage | None:
        """Take a line; return the message that ended above it."""
        after_blank, self._after_blank = self._after_blank, not line.strip()
        found = _MESSAGE.fullmatch(line) if after_blank else None
        sent_at = self._time(found[1]) if found else None
        if found is not None and sent_at is not None:
            ended = self.end()
            self._begun = drop_tag(found[2]) or SOMEBODY, sent_at, number
            return ended
        if self._begun is None:
            return None
        if after_blank and _RULE.fullmatch(line):
            return self.end()
        part = _PART.fullmatch(line) if after_blank else None
        self._size += len(line) + 1
        if part is not None:
            self._parts.append((part[1], []))
        elif self._parts and line.strip():
            self._parts[-1][1].append(line)
        elif not self._parts and self._size < LONGEST_MESSAGE:
            self._words.append(line)
        return None

    def end(self) -> ParsedMessage | None:
        """Return the message that has come to its end, if one has begun."""
        if self._begun is None:
            return None
        (name, sent_at, number), self._begun = self._begun, None
        text = "\n".join(self._words).strip("\n")
        parts, self._words, self._parts, self._size = self._parts, [], [], 0
        if _NOTICE.fullmatch(text):
            return make_message(None, sent_at, f"{name}: {text}", number, kind="system")
        embeds = (
            "\n".join(lines) for kind, lines in parts if kind == "Embed" and not any(line in text for line in lines)
        )
        files = [
            find_file(line, "", self._media) if kind == "Attachments" else make_attachment(None, "sticker")
            for kind, lines in parts
            if kind in ("Attachments", "Stickers")
            for line in lines
        ]
        said = "\n".join(filter(None, [text, *embeds]))
        return make_message(name, sent_at, said, number, attachments=tuple(files)) if said or files else None

    def _time(self, stamp: str) -> datetime | None:
        halves = _split(stamp)
        return at_time(read_day(halves[0], self._orders), halves[1], self._zone) if halves else None
