"""Threema's exported chats: messages.txt, as the apps for Android and iOS write it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import tzinfo
from itertools import chain, islice
from pathlib import PurePosixPath
from typing import Final

from adapters.exports.archive import Files, MediaTree
from adapters.exports.clock_times import at_time, read_day, read_moment
from adapters.exports.import_warnings import WarningCounter
from adapters.exports.messages import make_attachment, make_message
from adapters.exports.parsed import DateOrder, ParsedMessage
from adapters.exports.text_export import Line, TextExport, join_lines
from adapters.exports.whatsapp.dates import DateEvidence

_ANDROID: Final = re.compile(r"\[(\d{1,4}[./-] ?\d{1,2}[./-] ?\d{1,4}),? ([^\]\n]{3,20})\] (?:([^:\n]{1,80}): )?(.*)")
_IOS: Final = re.compile(r"(>>>|<<<) (?:\(([^\n]{1,80}?)\) )?([^\n]{12,60}?): (.*)")
_OWN: Final = frozenset({"Me", "Ich", "Moi", "Yo", "Io", "Eu", "Ik", "Jag", "Ja", "Я"})
_FILE: Final = re.compile(
    r" ?<([^<>\n:/]{1,200}\.\w{1,5})>$"
    r"|^[^\s(]{1,20}(?: [^\s(]{1,20})? \(([^\n():/]{1,200}\.\w{1,5})[^\n()]{0,60}\)(?:, [^\n:]{1,30}: |$)"
)
_JUDGED: Final = 20_000
"""So many lines tell whether the day or the month comes first."""
_ORDERS: Final[tuple[DateOrder, ...]] = ("dmy", "mdy", "ymd")


class ThreemaExport(TextExport):
    """Reads the chat that Threema exported, once its zip, which has a password, is unpacked."""

    name = "threema"
    label = "Threema"
    own_name = "Me"
    members = re.compile(r"(?:^|/)messages[^/]{0,10}\.txt$", re.IGNORECASE)

    def is_file(self, files: Files, name: str) -> bool:
        """Tell by its name too, because WhatsApp's texts look like Android's."""
        return self.members.search(name) is not None and super().is_file(files, name)

    def is_export(self, head: str) -> bool:
        """Tell by the first line."""
        first = head.lstrip("\ufeff").partition("\n")[0].rstrip("\r")
        return _IOS.fullmatch(first) is not None or _ANDROID.fullmatch(first) is not None

    def title_of(self, head: str, path: PurePosixPath) -> str:
        """Return whom the chat is with: by the folder, which is called by it, or by who else wrote."""
        found = re.fullmatch(r"Threema_(.{1,80}?)(?:_[\d.T-]{6,30})?", path.parent.name)
        if found:
            return found[1]
        others = [match[3] for match in map(_ANDROID.fullmatch, head.split("\n")) if match and match[3]]
        return next((name for name in others if name not in _OWN), "Threema chat")

    def read_messages(
        self, lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
    ) -> Iterator[ParsedMessage]:
        """Yield the messages of either app."""
        return self.read_named(PurePosixPath("messages.txt"), lines, media, zone, warnings)

    def read_named(
        self, path: PurePosixPath, lines: Iterator[Line], media: MediaTree, zone: tzinfo, warnings: WarningCounter
    ) -> Iterator[ParsedMessage]:
        """Yield the messages of either app; on iOS only the folder tells whom they are with."""
        del warnings
        first = list(islice(lines, _JUDGED))
        with_whom = self.title_of("\n".join(line for _, line in first), path)
        orders = _decide_orders([line for _, line in first])

        def read(number: int, line: str) -> ParsedMessage | bool:
            return _read_ios(number, line, with_whom, zone) or _read_android(number, line, orders, zone) or False

        yield from (_with_file(message, media) for message in join_lines(chain(first, lines), read))


def _read_ios(number: int, line: str, with_whom: str, zone: tzinfo) -> ParsedMessage | None:
    found = _IOS.fullmatch(line)
    sent_at = read_moment(found[3], zone) if found else None
    if found is None or sent_at is None:
        return None
    author = "Me" if found[1] == ">>>" else found[2] or with_whom
    return make_message(author, sent_at, found[4], number)


def _read_android(number: int, line: str, orders: tuple[DateOrder, ...], zone: tzinfo) -> ParsedMessage | None:
    found = _ANDROID.fullmatch(line)
    sent_at = at_time(read_day(found[1], orders), found[2], zone) if found else None
    if found is None or sent_at is None:
        return None
    author = "Me" if found[3] in _OWN else found[3]
    return make_message(author, sent_at, found[4], number, kind="message" if author else "system")


def _decide_orders(lines: list[str]) -> tuple[DateOrder, ...]:
    evidence = DateEvidence()
    evidence.feed([found[1] for found in map(_ANDROID.fullmatch, lines) if found])
    american = any(re.match(r"\[[^\]\n]{6,24} [AP]M\]", line) for line in lines)
    order, _ = evidence.decide("mdy" if american else "dmy")
    return (order, *_ORDERS)


def _with_file(message: ParsedMessage, media: MediaTree) -> ParsedMessage:
    """Take the file's name out of the words; before it stands what kind of file it is."""
    found = _FILE.search(message.text)
    if found is None:
        return message
    name = found[1] or found[2]
    rest = message.text[: found.start()] + message.text[found.end() :]
    words = "" if found[1] and re.fullmatch(r"[^\s:]{1,20}", rest) else rest
    return message._replace(text=words.strip(), attachments=(make_attachment(name, path=name, present=name in media),))
