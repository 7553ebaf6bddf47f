"""From the bytes of tokens to text that can be shown: whole characters, and nothing of a stop text."""

from __future__ import annotations

import codecs
from collections.abc import Sequence


class AnswerText:
    """Collects token bytes and gives out text as soon as it is certain.

    Bytes of a character that is not yet whole are held back, and so is the beginning of what may become a
    stop text. White space before the first word is dropped: tokenizers that mark the start of a word with
    a space begin every answer with one.
    """

    def __init__(self, stops: Sequence[str] = ()) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self._longest = max(map(len, self._stops), default=0)
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._held = ""
        self._begun = False
        self.stopped = False
        """Whether a stop text has come; nothing is given out after it."""

    def feed(self, piece: bytes) -> str:
        """Take the bytes of one token and return the text that is certain now, often nothing or one word."""
        text = self._held + self._decoder.decode(piece)
        if not self._begun:
            text = text.lstrip()
            self._begun = bool(text)
        if not text or self.stopped:
            return ""
        cut = self._first_stop(text)
        if cut >= 0:
            self.stopped = True
            self._held = ""
            return text[:cut]
        hold = self._possible_stop(text)
        self._held = text[len(text) - hold :]
        return text[: len(text) - hold]

    def finish(self) -> str:
        """Return what was held back, now that no more comes; bytes of a broken character are dropped."""
        held, self._held = self._held, ""
        return held

    def _first_stop(self, text: str) -> int:
        """Return where the stop text begins that is complete first, -1 if none is."""
        found = [(at + len(stop), at) for stop in self._stops if (at := text.find(stop)) >= 0]
        return min(found)[1] if found else -1

    def _possible_stop(self, text: str) -> int:
        """Return the length of the longest end of `text` that a stop text begins with."""
        for length in range(min(self._longest - 1, len(text)), 0, -1):
            if any(stop.startswith(text[-length:]) for stop in self._stops):
                return length
        return 0
