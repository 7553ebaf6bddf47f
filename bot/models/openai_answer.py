"""One answer of a model server while it comes: its text as it may be shown, and its speed."""

from __future__ import annotations

from time import perf_counter

from bot.models import Sampling, SpeedReport
from bot.models.openai_reply import Chunk
from bot.models.shown_answer import VisibleAnswer


class StreamedAnswer:
    """The text of one answer as its chunks come."""

    def __init__(self, sampling: Sampling, *, hold: bool) -> None:
        self._shown = VisibleAnswer(sampling, sampling.max_tokens, hold=hold)
        self._received = 0
        self._cut = False

    @property
    def stopped(self) -> bool:
        """Whether it is over before the server ended it."""
        return self._shown.stopped

    @property
    def closed_unopened(self) -> bool:
        """Whether the end of a thinking has come without its beginning."""
        return self._shown.closed_unopened

    def feed(self, chunk: Chunk) -> str:
        """Take a chunk and return what may be shown."""
        self._received += bool(chunk.text)  # (servers send a token a chunk)
        self._cut = self._cut or chunk.cut
        return self._shown.feed(chunk.text, self._received)

    def finish(self) -> str:
        """Return the rest."""
        return self._shown.finish(self._received, cut=self._cut)


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
