"""One answer of a model server while it comes: its text as it may be shown, and its speed."""

from __future__ import annotations

from time import perf_counter

from bot.models import Sampling, SpeedReport
from bot.models.openai_reply import Chunk
from bot.models.visible_text import VisibleText
from bot.models.whole_sentences import WholeSentences


class StreamedAnswer:
    """One answer as it comes: without thinking and leaked control tokens, and with a whole sentence at its limit."""

    def __init__(self, sampling: Sampling, *, hold: bool) -> None:
        self._visible = VisibleText(hold=hold)
        self._sentences = WholeSentences(sampling.max_tokens)
        self._is_data = sampling.json_schema is not None
        self._received = 0
        self._cut = False

    @property
    def stopped(self) -> bool:
        """Whether a leaked control token has ended it."""
        return self._visible.stopped

    @property
    def closed_unopened(self) -> bool:
        """Whether the end of a thinking has come without its beginning."""
        return self._visible.closed_unopened

    def feed(self, chunk: Chunk) -> str:
        """Take a chunk and return what may be shown."""
        self._received += bool(chunk.text)  # (servers send a token a chunk)
        self._cut = self._cut or chunk.cut
        piece = self._visible.feed(chunk.text)
        return piece if self._is_data else self._sentences.feed(piece, self._received)

    def finish(self) -> str:
        """Return the rest."""
        rest = self._visible.finish()
        if self._is_data:
            return rest
        return self._sentences.feed(rest, self._received) + self._sentences.finish(cut=self._cut and not self.stopped)


class Meter:
    """Measures one answer; servers that count tokens make it a report."""

    def __init__(self) -> None:
        self._started = perf_counter()
        self._first: float | None = None
        self._counted = Chunk()

    def take(self, chunk: Chunk) -> None:
        """Take note of a chunk."""
        if chunk.text and self._first is None:
            self._first = perf_counter()
        if chunk.prompt_tokens is not None:
            self._counted = chunk

    def report(self) -> SpeedReport | None:
        """Return what was measured until now; None where the server counts no tokens."""
        if self._counted.prompt_tokens is None:
            return None
        ended = perf_counter()
        first = self._first or ended
        return SpeedReport(
            prompt_tokens=self._counted.prompt_tokens,
            reused_tokens=self._counted.reused_tokens or 0,
            generated_tokens=self._counted.generated_tokens or 0,
            first_token_seconds=first - self._started,
            prompt_seconds=first - self._started,
            generation_seconds=ended - first,
        )
