"""From the bytes of tokens to text that can be shown: whole characters, and nothing of a stop text."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from bot.models.stop_sequences import StopTexts


class AnswerText:
    """Collects token bytes and gives out text as soon as it is certain.

    Bytes of a character that is not yet whole are held back, and so is the beginning of what may become a
    stop text. White space before the first word is dropped: tokenizers that mark the start of a word with
    a space begin every answer with one.
    """

    def __init__(self, stops: Sequence[str] = ()) -> None:
        self._stops = StopTexts(stops)
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._begun = False

    @property
    def stopped(self) -> bool:
        """Whether a stop text has come; nothing is given out after it."""
        return self._stops.stopped

    def feed(self, piece: bytes) -> str:
        """Take the bytes of one token and return the text that is certain now, often nothing or one word."""
        text = self._decoder.decode(piece)
        if not self._begun:
            text = text.lstrip()
            self._begun = bool(text)
        return self._stops.feed(text)

    def finish(self) -> str:
        """Return what was held back, now that no more comes; bytes of a broken character are dropped."""
        return self._stops.finish()
