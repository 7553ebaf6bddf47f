"""Growing replies: shown no more often than a platform allows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from types import TracebackType
from typing import Self

from bot.adapter import Limits, ReplyStream
from bot.events import ConversationKind
from bot.pipeline.splitting import clip_text

logger = logging.getLogger(__name__)

Text = str | Callable[[], str]
"""A growing text, or what works it out when it is to be shown."""


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
            await self._show(clip_text(text, self._limits.text_chars, self._limits.length))
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
