"""One thing that the model is asked for: an answer that grows. All but `cancel` runs in the model's thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import perf_counter

from bot.models import Sampling, SpeedReport
from bot.models.answer_text import AnswerText
from bot.models.llama.engine import EncodedPrompt, LlamaEngine
from bot.models.llama.sampler import sampler_chain
from bot.models.shown_answer import VisibleAnswer
from bot.models.visible_text import opens_thinking


@dataclass(slots=True)
class Times:
    """When an answer was asked for, and when its prompt was evaluated and its first token chosen; 0 for not yet."""

    asked: float = field(default_factory=perf_counter)
    begun: float = 0.0
    read: float = 0.0
    first: float = 0.0


class Generation:
    """An answer that grows: gives text to `give`, and at last its report, an error or neither to `end`."""

    def __init__(
        self,
        prompt: EncodedPrompt,
        sampling: Sampling,
        limit: int,
        *,
        background: bool,
        give: Callable[[str], None],
        end: Callable[[SpeedReport | None, Exception | None], None],
        waits: Callable[[int], None] | None = None,
    ) -> None:
        self.prompt = prompt
        self.background = background
        self.reused = 0  # tokens of the prompt that were evaluated already
        self._sampling = sampling
        self._limit = limit
        self._give = give
        self._end = end
        self._waits = waits
        self._cancelled = threading.Event()
        self._resources = ExitStack()
        self._chain = 0
        self._generated = 0
        self._times = Times()
        self._told = 0

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for it any more."""
        return self._cancelled.is_set()

    @property
    def longest(self) -> int:
        """How many tokens prompt and answer may have together."""
        return len(self.prompt.tokens) + self._limit

    def cancel(self) -> None:
        """Stop at the next token; from any thread."""
        self._cancelled.set()

    def begin(self, engine: LlamaEngine) -> None:
        """Prepare to generate. Raises ModelError for a schema that can't be made a grammar."""
        self._times.begun = perf_counter()
        self._load_seconds = engine.load_seconds
        self.wait(0)
        sampling = self._sampling
        chain = sampler_chain(engine.library, engine.vocabulary, engine.context_size, sampling)
        self._chain = self._resources.enter_context(chain)
        stops = (stop for stop in engine.template.stops if not engine.vocabulary.shows(stop))
        self._text = AnswerText(tuple(stops))
        self._shown = VisibleAnswer(sampling, self._limit, thinking=opens_thinking(self.prompt.opening))

    def choose(self, engine: LlamaEngine, index: int) -> int | None:
        """Choose the next token after the step at `index` of the last batch, and give out what is certain of the text.

        Returns None at the end.
        """
        now = perf_counter()
        self._times.read = self._times.read or now
        token: int = engine.library.api.llama_sampler_sample(self._chain, engine.context.pointer, index)
        if token in engine.vocabulary.ends:
            self._close(cut=False)
            return None
        self._generated += 1
        self._times.first = self._times.first or perf_counter()
        self._grow(self._text.feed(engine.vocabulary.piece(token)))
        ended, is_last = self._text.stopped or self._shown.stopped, self._generated >= self._limit
        if ended or is_last:
            self._close(cut=not ended)
            return None
        return token

    def wait(self, before: int) -> None:
        """Tell whoever asked how many are served before, when that has changed."""
        if self._waits is not None and before != self._told:
            self._told = before
            self._waits(before)

    def finish(self, error: Exception | None = None) -> None:
        """End: free the sampler, and tell whoever waits."""
        self._resources.close()
        self._end(None if error or self.cancelled else self._report(), error)

    def _grow(self, text: str) -> None:
        # What a grammar holds to a schema is data from the first sign to the last.
        is_data = self._sampling.json_schema is not None
        if shown := text if is_data else self._shown.feed(text, self._generated):
            self._give(shown)

    def _close(self, *, cut: bool) -> None:
        self._grow(self._text.finish())
        if rest := self._shown.finish(self._generated, cut=cut):
            self._give(rest)

    def _report(self) -> SpeedReport:
        ended, times = perf_counter(), self._times
        return SpeedReport(
            prompt_tokens=len(self.prompt.tokens),
            reused_tokens=self.reused,
            generated_tokens=self._generated,
            first_token_seconds=(times.first or ended) - times.asked,
            prompt_seconds=(times.read or ended) - times.begun,
            generation_seconds=ended - (times.read or ended),
            waited_seconds=times.begun - times.asked,
            load_seconds=self._load_seconds,
        )
