"""Tells messages from the lines within them where the two end differently: iPhones end a message with CR LF.

Within a message they write a lone LF, so that a header which follows one was pasted and is somebody's words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from adapters.exports.whatsapp.headers import HeaderShape

LONE_LINE_FEED: Final = "\x1e"
"""Stands for the end of a line within a message while a text is cut into messages."""
_STRAY = 20
"""One line in so many may break the rule: people paste texts that have CR LF in them."""


def ends_messages_with_crlf(text: str, shape: HeaderShape) -> bool:
    """Tell whether messages end with CR LF and the lines within them with LF; `text` has its line ends as they are."""
    after = {True: [0, 0], False: [0, 0]}
    crlf: bool | None = None
    for line in text.rstrip("\r\n").split("\n"):
        if crlf is not None:
            after[crlf][shape.dates.match("\n" + line) is None] += 1
        crlf = line.endswith("\r")
    (headers, others), (pasted, _) = after[True], after[False]
    return headers > 0 and pasted <= headers and others <= headers // _STRAY


def mark_lone(blocks: Iterable[str]) -> Iterator[str]:
    """Yield blocks that still have CR LF, with a lone LF made into `LONE_LINE_FEED` and CR LF into LF."""
    for block in blocks:
        if block.count("\n") == block.count("\r\n"):
            yield block.replace("\r\n", "\n")
            continue
        yield "\n".join(part.replace("\n", LONE_LINE_FEED) for part in block.split("\r\n"))


def restore(bodies: list[str]) -> list[str]:
    """Return bodies with their own ends of lines; in most blocks there is none to restore."""
    if LONE_LINE_FEED not in "".join(bodies):
        return bodies
    return [body.replace(LONE_LINE_FEED, "\n") for body in bodies]


def count_lines(text: str) -> int:
    """Count the ends of lines in a text, of both kinds."""
    return text.count("\n") + text.count(LONE_LINE_FEED)
