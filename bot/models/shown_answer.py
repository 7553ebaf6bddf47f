"""A model's answer as it is shown while it grows, the same for every engine."""

from __future__ import annotations

from bot.models import Sampling
from bot.models.stop_sequences import StopTexts
from bot.models.visible_text import VisibleText
from bot.models.whole_sentences import WholeSentences


class VisibleAnswer:
    """Leaves out thinking and leaked control tokens, ends at a stop text, and at the limit with a whole sentence.

    Stop texts count in the answer alone: thinking may well hold a blank line. `limit` is in tokens. With `thinking` the
    model has begun to think before its first word; with `hold` nothing is shown before that may be over. An answer that
    is data, by `Sampling.json_schema`, may end anywhere.
    """

    def __init__(self, sampling: Sampling, limit: int, *, thinking: bool = False, hold: bool = False) -> None:
        self._visible = VisibleText(thinking=thinking, hold=hold)
        self._stops = StopTexts(sampling.stop)
        self._sentences = WholeSentences(limit) if sampling.whole_sentences and sampling.json_schema is None else None

    @property
    def stopped(self) -> bool:
        """Whether it is over before the model ended it."""
        return self._visible.stopped or self._stops.stopped

    @property
    def closed_unopened(self) -> bool:
        """Whether the end of a thinking has come without its beginning."""
        return self._visible.closed_unopened

    def feed(self, text: str, generated: int) -> str:
        """Take text after `generated` tokens in all, and return what may be shown."""
        shown = self._stops.feed(self._visible.feed(text))
        return shown if self._sentences is None else self._sentences.feed(shown, generated)

    def finish(self, generated: int, *, cut: bool) -> str:
        """Return the rest; `cut` says that the limit ended it."""
        rest = self._stops.feed(self._visible.finish()) + self._stops.finish()
        if self._sentences is None:
            return rest
        return self._sentences.feed(rest, generated) + self._sentences.finish(cut=cut and not self.stopped)
