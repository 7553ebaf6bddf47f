"""From phrases to passages: a few sentences each, cut where somebody pauses, and cited by the time they begin at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.reading import Piece, format_duration
from plugins.audio.transcribing import SpokenPhrase

_FULL = 500
"""Characters: what is embedded as one, and short enough to listen to again."""
_ENOUGH = 200
_PAUSE = 2.0
_LONG_PAUSE = 30.0
"""Seconds between two phrases, after which what follows is a passage of its own: at once, or when there is enough."""


@dataclass(slots=True)
class PhrasePassages:
    """Collects phrases into passages."""

    _phrases: list[SpokenPhrase] = field(default_factory=list, init=False)

    def take(self, said: SpokenPhrase) -> Iterator[Piece]:
        """Add a phrase; yield the passage that it doesn't belong to any more."""
        if self._phrases and self._is_full(said):
            yield from self.take_rest()
        self._phrases.append(said)

    def take_rest(self) -> Iterator[Piece]:
        """Yield the passage that is not yet full."""
        if self._phrases:
            yield Piece(self._text, locator=format_duration(self._phrases[0].start))
            self._phrases.clear()

    @property
    def _text(self) -> str:
        return " ".join(phrase.text for phrase in self._phrases)

    def _is_full(self, said: SpokenPhrase) -> bool:
        length, pause = len(self._text), said.start - self._phrases[-1].end
        if length + len(said.text) > _FULL or pause >= _LONG_PAUSE:
            return True
        return length >= _ENOUGH and (pause >= _PAUSE or self._text.endswith((".", "!", "?", "…", "。", "！", "？")))
