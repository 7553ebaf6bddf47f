"""What is counted, as Prometheus instruments; each bot has its own registry."""

from __future__ import annotations

from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bot.answering.records import Answer
from bot.models import SpeedReport

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
_TOKENS = (1, 2, 5, 10, 20, 50, 100, 200, 400, 800, 1600, 3200)


class Metrics:
    """The instruments of one bot. Labels hold platforms, outcomes and plugins, never people or texts."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self._has_loaded = False
        self.registry = registry if registry is not None else CollectorRegistry()
        counter, gauge = partial(Counter, registry=self.registry), partial(Gauge, registry=self.registry)
        times = partial(Histogram, buckets=_SECONDS, registry=self.registry)
        self.events = counter("scrubjay_events", "Events delivered by platforms", ["platform", "outcome"])
        self.replies = counter("scrubjay_replies", "Replies handed to platforms", ["platform", "outcome"])
        self.answers = counter("scrubjay_answers", "Answers by outcome: answered, abstained, quoted", ["outcome"])
        self.feedback = counter("scrubjay_feedback", "Judgements of replies", ["value"])
        self.plugin_failures = counter("scrubjay_plugin_failures", "Handlers that raised or ran late", ["plugin"])
        self.lanes = gauge("scrubjay_lanes", "Conversations with work at this moment")
        self.queued = gauge("scrubjay_queued_messages", "Messages that wait for their turn")
        self.unembedded = gauge("scrubjay_embedding_backlog", "Passages that wait for their vector")
        self.adapters = gauge("scrubjay_adapter_up", "Whether an adapter is connected", ["platform"])
        self.handling = times("scrubjay_handling_seconds", "From its turn to its reply")
        self.recall = times("scrubjay_recall_seconds", "Recall for one answer")
        self.first_token = times("scrubjay_first_token_seconds", "From question to first token")
        self.load = times("scrubjay_model_load_seconds", "Loading the language model")
        self.generation = times("scrubjay_generation_seconds", "Writing one answer, from its first token on")
        self.tokens = Histogram(
            "scrubjay_generated_tokens", "Tokens of one answer", buckets=_TOKENS, registry=self.registry
        )

    def count_answer(self, answer: Answer) -> None:
        """Count an answer and its times."""
        outcome = "abstained" if answer.abstained else "quoted" if answer.problem else "answered"
        self.answers.labels(outcome).inc()
        self.recall.observe(answer.timings.recall_ms / 1000)
        if answer.timings.first_token_ms is not None:
            self.first_token.observe(answer.timings.first_token_ms / 1000)
        if answer.timings.speed is not None:
            self.count_generation(answer.timings.speed)

    def count_generation(self, speed: SpeedReport) -> None:
        """Count what a model has written, and what loading it took, the once."""
        self.tokens.observe(speed.generated_tokens)
        self.generation.observe(speed.generation_seconds)
        if speed.load_seconds and not self._has_loaded:
            self._has_loaded = True
            self.load.observe(speed.load_seconds)
