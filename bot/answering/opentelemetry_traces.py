"""Traces of answers by OpenTelemetry, an extra: one for each answer, sent to a collector by OTLP over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.metadata import version

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span as RecordedSpan
from opentelemetry.trace import Status, StatusCode

from bot.answering.tracing import Span, SpanValue, Tracer

_PREFIX = "scrubjay."
_PATH = "/v1/traces"


class OpenTelemetryTracer:
    """Records spans with a provider of the SDK. Of what is raised within one only the class is recorded: no text."""

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer("scrubjay", version("scrubjay"))

    @contextmanager
    def span(self, name: str, **attributes: SpanValue) -> Iterator[Span]:
        """Measure what is done within the block."""
        with self._tracer.start_as_current_span(
            name, attributes=_named(attributes), record_exception=False, set_status_on_exception=False
        ) as recorded:
            try:
                yield _Noting(recorded)
            except BaseException as error:
                recorded.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise


@asynccontextmanager
async def send_traces(endpoint: str | None) -> AsyncIterator[Tracer]:
    """Send spans while the block runs, the last of them as it ends.

    Without an `endpoint` the standard variables say where to (OTEL_EXPORTER_OTLP_ENDPOINT and others). A collector that
    can't be reached is logged, and holds up no answer.
    """
    exporter = OTLPSpanExporter(endpoint=None if endpoint is None else _complete(endpoint))
    named = Resource.create({"service.name": "scrubjay"}).merge(OTELResourceDetector().detect())
    provider = TracerProvider(resource=named, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    try:
        yield OpenTelemetryTracer(provider)
    finally:
        await asyncio.to_thread(provider.shutdown)


class _Noting:
    def __init__(self, recorded: RecordedSpan) -> None:
        self._recorded = recorded

    def note(self, **attributes: SpanValue) -> None:
        self._recorded.set_attributes(_named(attributes))


def _named(attributes: dict[str, SpanValue]) -> dict[str, SpanValue]:
    return {_PREFIX + name: value for name, value in attributes.items()}


def _complete(endpoint: str) -> str:
    """Return where traces are sent on a collector: the standard path, unless another is named."""
    return endpoint if endpoint.rstrip("/").count("/") > 2 else endpoint.rstrip("/") + _PATH
