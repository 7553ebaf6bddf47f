r"""Reads JSON of any size in flat memory, and the almost-JSON that exporters write.

Telegram Desktop writes some control characters as `\xNN`, which JSON doesn't know; others leave raw control
characters or broken UTF-8 in texts. All of these are repaired while reading.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import ijson

from bot.errors import ImportRefused
from bot.reading import detect_utf

BLOCK = 1 << 16
LARGEST_VALUE = 500_000
"""An entry with more parts than that is not a message."""
LONGEST_TEXT = 4 << 20
"""The parser reads a text again for each block that it spans, so an endless one would take for ever."""
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|.)", re.DOTALL)
_CUT_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*(\\(?:x[0-9a-fA-F]?)?)\Z")
_BLANKED = bytes(max(code, 32) for code in range(256))
_STARTS = ("start_map", "start_array")
_ENDS = ("end_map", "end_array")

_CUT = "the JSON ends in the middle"
Container = dict[str, Any] | list[Any]
Event = tuple[str, object]
"""What the parser saw, as ijson names it ("start_map", "map_key", "string" …), and its value."""


class DamagedJson(ImportRefused):
    """Raised where JSON breaks off or is invalid; what stood before is good."""


class RepairedStream:
    """A stream of valid UTF-8 without control characters or unknown escapes, whatever lies beneath."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        head = stream.read(BLOCK)
        self._decoder = codecs.getincrementaldecoder(_codec(head))("replace")
        self._next: bytes | None = head
        self._carry = ""
        self._ready = b""
        self._unquoted = 0

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes; b"" at the end. Raises ImportRefused for a text without end."""
        while not self._ready and self._next is not None:
            data = self._next or self._stream.read(BLOCK)
            self._next = b"" if data else None
            self._ready = self._repair(self._decoder.decode(data, final=not data), last=not data)
        size = len(self._ready) if size < 0 else size
        given, self._ready = self._ready[:size], self._ready[size:]
        return given

    def _repair(self, text: str, *, last: bool) -> bytes:
        text, self._carry = self._carry + text, ""
        if "\\" in text[-3:] and (cut := _CUT_ESCAPE.search(text)):
            text, self._carry = text[: cut.start(1)], "" if last else cut[1]
        if "\\x" in text:
            text = _ESCAPE.sub(_repair_escape, text)
        self._unquoted = len(text) - text.rfind('"') if '"' in text else self._unquoted + len(text)
        if self._unquoted > LONGEST_TEXT:
            raise ImportRefused(f"holds a single text of more than {LONGEST_TEXT >> 20} million characters")
        return text.encode("utf-8", "replace").translate(_BLANKED)


def _codec(head: bytes) -> str:
    return detect_utf(head) or "utf-8"  # JSON is always some UTF (RFC 8259); what is not is damage


def _repair_escape(escape: re.Match[str]) -> str:
    """Return an escape as JSON writes it."""
    return f"\\u00{escape[1]}" if escape[1] else escape[0]


class JsonReader:
    """Pulls values out of a JSON file, in order, without ever holding more than one of them.

    `members` and `elements` walk what an event has opened; within them each value must be taken by `value`,
    `skip`, `members` or `elements` before the next is asked for.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._events = _parse(stream)

    def next(self) -> Event:
        """Return the next event. Raises DamagedJson where the JSON is damaged or ends too soon."""
        event: Event | None = next(self._events, None)
        if event is None:
            raise DamagedJson(_CUT)
        return event

    def members(self) -> Iterator[tuple[str, Event]]:
        """Yield the keys of an object that was opened, each with the first event of its value."""
        while (event := self.next())[0] != "end_map":
            yield str(event[1]), self.next()

    def elements(self) -> Iterator[Event]:
        """Yield the first event of each element of an array that was opened."""
        while (event := self.next())[0] != "end_array":
            yield event

    def value(self, event: Event) -> object:
        """Return the whole value that begins with this event. Raises ImportRefused when it is absurdly large."""
        if event[0] not in _STARTS:
            return event[1]
        root: Container = {} if event[0] == "start_map" else []
        self._fill(root)
        return root

    def _fill(self, root: Container) -> None:
        """Put everything up to the end of what was opened into it; a loop, for this is where the time goes."""
        outer: list[tuple[Container, str]] = []
        into, key = root, ""
        for parts, (kind, value) in enumerate(self._events):
            if kind == "map_key":
                key = value
                continue
            if kind in _ENDS:
                if not outer:
                    return
                into, key = outer.pop()
                continue
            inner = {} if kind == "start_map" else [] if kind == "start_array" else value
            if isinstance(into, dict):
                into[key] = inner
            else:
                into.append(inner)
            if kind in _STARTS:
                outer.append((into, key))
                into = inner
            if parts > LARGEST_VALUE:
                raise ImportRefused(f"holds a single entry of more than {LARGEST_VALUE:,} parts")
        raise DamagedJson(_CUT)

    def skip(self, event: Event) -> None:
        """Pass over the value that begins with this event, however large."""
        depth = int(event[0] in _STARTS)
        while depth:
            event = self.next()
            depth += (event[0] in _STARTS) - (event[0] in _ENDS)


def _parse(stream: BinaryIO) -> Iterator[Any]:
    """Yield the parser's events, and say in a sentence what it stumbles over."""
    try:
        yield from ijson.basic_parse(RepairedStream(stream))
    except ijson.IncompleteJSONError as error:
        reason = _first_line(error)
        cut = "premature" in reason or "ncomplete" in reason
        raise DamagedJson(_CUT if cut else f"the JSON is damaged ({reason})") from error
    except ijson.JSONError as error:
        raise DamagedJson(f"the JSON is damaged ({_first_line(error)})") from error


def _first_line(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return text.strip().partition("\n")[0]


def as_map(value: object) -> dict[str, object]:
    """Return a JSON object as it is, and anything else as an empty one: exporters leave out what they please."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """Return a JSON array as it is, and anything else as an empty one."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str:
    """Return a JSON string or number as text, and anything else as ""."""
    if isinstance(value, str):
        return value
    return "" if value is None or isinstance(value, bool | dict | list) else str(value)
