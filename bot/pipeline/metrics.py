"""What is counted, as Prometheus instruments; each bot has its own registry."""

from __future__ import annotations

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
        self.events = Counter(
            "scrubjay_events", "Events delivered by platforms", ["platform", "outcome"], registry=self.registry
        )
        self.replies = Counter(
            "scrubjay_replies", "Replies handed to platforms", ["platform", "outcome"], registry=self.registry
        )
        self.feedback = Counter("scrubjay_feedback", "Judgements of replies", ["value"], registry=self.registry)
        self.plugin_failures = Counter(
            "scrubjay_plugin_failures", "Handlers that raised or ran late", ["plugin"], registry=self.registry
        )
        self.lanes = Gauge("scrubjay_lanes", "Conversations with work at this moment", registry=self.registry)
        self.handling = Histogram(
            "scrubjay_handling_seconds", "From its turn to its reply", buckets=_SECONDS, registry=self.registry
        )
        self.recall = Histogram(
            "scrubjay_recall_seconds", "Recall for one answer", buckets=_SECONDS, registry=self.registry
        )
        self.first_token = Histogram(
            "scrubjay_first_token_seconds", "From question to first token", buckets=_SECONDS, registry=self.registry
        )
        self.tokens = Histogram(
            "scrubjay_generated_tokens", "Tokens of one answer", buckets=_TOKENS, registry=self.registry
        )
        self.load = Histogram(
            "scrubjay_model_load_seconds", "Loading the language model", buckets=_SECONDS, registry=self.registry
        )
        self.queued = Gauge("scrubjay_queued_messages", "Messages that wait for their turn", registry=self.registry)
        self.unembedded = Gauge(
            "scrubjay_embedding_backlog", "Passages that wait for their vector", registry=self.registry
        )
        self.adapters = Gauge(
            "scrubjay_adapter_up", "Whether an adapter is connected", ["platform"], registry=self.registry
        )
        self.answers = Counter(
            "scrubjay_answers", "Answers by outcome: answered, abstained, quoted", ["outcome"], registry=self.registry
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
        if speed.load_seconds and not self._has_loaded:
            self._has_loaded = True
            self.load.observe(speed.load_seconds)
