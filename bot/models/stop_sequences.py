"""Texts that end an answer."""

from __future__ import annotations

from collections.abc import Sequence


class StopTexts:
    """Gives text on until a stop text comes; the beginning of what may become one is held back."""

    def __init__(self, stops: Sequence[str] = ()) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self._longest = max(map(len, self._stops), default=0)
        self._held = ""
        self.stopped = False
        """Whether a stop text has come; nothing is given out after it."""

    def feed(self, piece: str) -> str:
        """Take a piece and return what of the text is certain."""
        if self.stopped:
            return ""
        text = self._held + piece
        cut = self._first_stop(text)
        if cut >= 0:
            self.stopped = True
            self._held = ""
            return text[:cut]
        hold = self._possible_stop(text)
        self._held = text[len(text) - hold :]
        return text[: len(text) - hold]

    def finish(self) -> str:
        """Return what was held back, now that no more comes."""
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
