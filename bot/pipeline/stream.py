"""Long and growing replies: split at the seams of the text, and shown no more often than a platform allows."""

from __future__ import annotations

import asyncio
import logging
import re
from bisect import bisect_left
from collections.abc import Callable
from types import TracebackType
from typing import Self

from bot.adapter import Limits, ReplyStream
from bot.events import ConversationKind

logger = logging.getLogger(__name__)

_FENCE = re.compile(r"^ {0,3}(```+|~~~+)(.*)$", re.MULTILINE)
_SEAMS = ("\n\n", "\n", ". ", " ")
_CLOSING_ROOM = 8  # the line break and the marks that close a fence
_OPENER_CHARS = 40  # a longer language tag is not repeated in the next part

Text = str | Callable[[], str]
"""A growing text, or what works it out when it is to be shown."""


def split(text: str, limit: int, length: Callable[[str], int] = len) -> list[str]:
    """Cut a text into parts of at most `limit`, at paragraphs where possible, then lines, sentences and words.

    A code fence that has to be cut is closed in one part and opened again in the next, so each part is
    Markdown of its own. Nothing but blanks at the seams is lost. An empty text has no parts. `length` counts no
    character for less than one.
    """
    parts: list[str] = []
    rest = text.strip()
    while rest:
        fits = len(rest) <= limit and length(rest) <= limit
        part, rest = (rest, "") if fits else _first_part(rest, limit, length)
        parts.append(part)
    return parts


def clip(text: str, limit: int, length: Callable[[str], int] = len) -> str:
    """Return what fits of a text, with an ellipsis where something had to go."""
    return text if length(text) <= limit else text[: _fitting(text, limit - 1, length)] + "…"


def _first_part(text: str, limit: int, length: Callable[[str], int]) -> tuple[str, str]:
    room = _CLOSING_ROOM if _FENCE.search(text[:limit]) else 0
    end = _fitting(text, max(1, limit - room), length)
    cut = _seam(text, end)
    part, rest = text[:cut].rstrip(), text[cut:]
    opener = _open_fence(part)
    if opener is None:
        return part or text[:cut], rest.strip()
    marks, label = opener
    again = f"{marks}{label}" if len(label) <= _OPENER_CHARS else marks
    if len(again) + 1 >= cut:  # too little room to make headway with fences repeated
        return part or text[:cut], rest.strip()
    return f"{part}\n{marks}", f"{again}\n{rest.lstrip(chr(10))}".rstrip()


def _seam(text: str, end: int) -> int:
    least = end // 3
    fences = [fence.start() for fence in _fences(text[:end])]
    for seam in _SEAMS:
        at = text.rfind(seam, least, end)
        while seam == "\n\n" and at > least and bisect_left(fences, at) % 2:  # within a fence
            at = text.rfind(seam, least, at)
        if at > least:
            return at + len(seam)
        if seam == "\n\n" and len(fences) % 2 and fences[-1] > least:
            return fences[-1]
    return end


def _fences(text: str) -> list[re.Match[str]]:
    """Return the fence lines that hold, so that the last one is open when their number is odd."""
    holding: list[re.Match[str]] = []
    for match in _FENCE.finditer(text):
        is_open = len(holding) % 2 == 1
        if is_open and not (match[1].startswith(holding[-1][1]) and not match[2].strip()):
            continue  # inside a fence only its own closing line counts
        holding.append(match)
    return holding


def _open_fence(text: str) -> tuple[str, str] | None:
    fences = _fences(text)
    return (fences[-1][1], fences[-1][2].rstrip()) if len(fences) % 2 else None


def _fitting(text: str, limit: int, length: Callable[[str], int]) -> int:
    """Return how many characters from the start measure at most `limit`, at least one."""
    low, high = 1, max(1, min(len(text), limit))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if length(text[:middle]) <= limit else (low, middle - 1)
    return low


class PacedStream:
    """A growing reply that is shown at a platform's pace, beside the work that makes it.

    `grow` never waits: the latest text wins, the ones between are left out, and not even worked out. Leaving the block
    waits for the change in flight, so that nothing overtakes the final text.
    """

    def __init__(self, stream: ReplyStream, limits: Limits, kind: ConversationKind) -> None:
        self._stream = stream
        self._limits = limits
        self._seconds = limits.edit_seconds_direct if kind == "direct" else limits.edit_seconds_group
        self._text: Text = ""
        self._changed = asyncio.Event()
        self._done = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._show_changes(), name="paced-stream")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._changed.set()
        if kind is not None:
            self._task.cancel()
        await asyncio.wait([self._task])

    def grow(self, text: Text) -> None:
        """Show this, the whole text so far, as soon as the platform allows."""
        self._text = text
        self._changed.set()

    async def _show_changes(self) -> None:
        shown = ""
        while not self._done.is_set():
            await self._changed.wait()
            self._changed.clear()
            if self._done.is_set():
                return
            text = self._text if isinstance(self._text, str) else self._text()
            if text in ("", shown):
                continue
            shown = text
            await self._show(clip(text, self._limits.text_chars, self._limits.length))
            try:
                async with asyncio.timeout(self._seconds):
                    await self._done.wait()
            except TimeoutError:
                continue

    async def _show(self, text: str) -> None:
        try:
            await self._stream.grow(text)
        except Exception:  # whatever a platform raises, the final text is what counts
            logger.warning("A growing reply could not be shown; it goes on", exc_info=True)
