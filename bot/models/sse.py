"""Server-sent events, as far as a stream of completions needs them.

Source: the WHATWG HTML standard, "Server-sent events". Lines end at CR, LF or CRLF and nothing else: text
inside JSON may hold the other characters that Python takes for line ends.
"""

from __future__ import annotations

from collections.abc import Iterator

_LONGEST_LINE = 1_000_000


class EventTooLongError(ValueError):
    """Raised when a server sends a million bytes without a line end."""


class EventStreamParser:
    """Turns bytes, cut anywhere, into the data of whole events; comments and other fields are dropped."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._data: list[str] = []

    def feed(self, received: bytes) -> Iterator[str]:
        """Take bytes and yield the data of every event they complete."""
        self._rest += received
        *lines, rest = bytes(self._rest).replace(b"\r\n", b"\n").split(b"\n")
        if len(rest) > _LONGEST_LINE:
            raise EventTooLongError
        self._rest = bytearray(rest)
        for line in lines:
            for part in line.split(b"\r"):
                yield from self._take(part)

    def finish(self) -> Iterator[str]:
        """Yield the data of a last event that no empty line ended, as some servers leave it."""
        yield from self._take(bytes(self._rest).rstrip(b"\r"))
        yield from self._take(b"")

    def _take(self, line: bytes) -> Iterator[str]:
        if line.startswith(b"data:"):
            self._data.append(line[5:].removeprefix(b" ").decode("utf-8", "replace"))
        elif not line and self._data:
            yield "\n".join(self._data)
            self._data.clear()
