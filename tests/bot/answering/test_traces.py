from __future__ import annotations

import gzip
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from bot.answering.opening import open_tracer
from bot.answering.opentelemetry_traces import OpenTelemetryTracer
from bot.answering.tracing import NO_TRACER
from bot.configuration.operating_settings import TracingSettings
from bot.errors import ConfigError, ModelError
from bot.testing import Chat, ScriptedModel, chat
from plugins.memory import MemoryPlugin

SAID = "The spare key is with Inês"
ASKED = "who has the spare key?"


def trace(ann: Chat) -> InMemorySpanExporter:
    """Collect the spans of a bot's answers."""
    collected, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(collected))
    ann.core.services.answering.answerer.tracer = OpenTelemetryTracer(provider)
    return collected


@asynccontextmanager
async def collector() -> AsyncIterator[tuple[str, list[ExportTraceServiceRequest]]]:
    """Take what is sent by OTLP over HTTP."""
    received: list[ExportTraceServiceRequest] = []

    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        if request.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        received.append(ExportTraceServiceRequest.FromString(body))
        return web.Response()

    app = web.Application()
    app.router.add_post("/v1/traces", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", received
    finally:
        await runner.cleanup()


def names(spans: tuple[ReadableSpan, ...]) -> list[str]:
    return [span.name for span in sorted(spans, key=lambda span: span.start_time or 0)]


async def test_an_answer_is_one_trace_of_its_wait_recall_prompt_first_token_and_sending(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[MemoryPlugin()], model=ScriptedModel("Inês has it [1]")) as ann:
        await ann.says(SAID)
        collected = trace(ann)
        await ann.says(ASKED)
    spans = collected.get_finished_spans()
    assert names(spans) == ["reply", "wait", "answer", "recall", "prompt", "first token", "send"]
    assert len({span.context.trace_id for span in spans if span.context}) == 1
    by_id = {span.context.span_id: span.name for span in spans if span.context}
    within = {span.name: by_id[span.parent.span_id] if span.parent else None for span in spans}
    assert within == {
        "reply": None, "wait": "reply", "answer": "reply", "send": "reply",
        "recall": "answer", "prompt": "answer", "first token": "answer",
    }  # fmt: skip


async def test_it_tells_the_platform_and_the_model_and_nothing_of_what_was_said_or_by_whom(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[MemoryPlugin()], model=ScriptedModel("Inês has it [1]")) as ann:
        await ann.says(SAID)
        collected = trace(ann)
        await ann.says(ASKED)
    told = {span.name: dict(span.attributes or {}) for span in collected.get_finished_spans()}
    assert told["reply"] == {"scrubjay.platform": "test", "scrubjay.conversation": "direct"}
    assert told["answer"]["scrubjay.model"] == "scripted"
    assert told["answer"]["scrubjay.abstained"] is False
    everything = "".join(span.to_json() for span in collected.get_finished_spans())
    assert not [word for word in ("Inês", "key", "spare", "Ann") if word in everything]


async def test_each_answer_is_a_trace_of_its_own_and_one_that_quotes_waits_for_no_token(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[MemoryPlugin()]) as ann:
        collected = trace(ann)
        await ann.says(SAID)
        await ann.says(ASKED)
        await ann.says(ASKED)
    spans = collected.get_finished_spans()
    assert len({span.context.trace_id for span in spans if span.context}) == names(spans).count("reply")
    assert names(spans)[-5:] == ["reply", "wait", "answer", "recall", "send"]


async def test_what_fails_is_marked_with_the_kind_of_error_and_none_of_its_words(tmp_path: Path) -> None:
    failing = ScriptedModel(ModelError("the key of 127.0.0.1 is wrong"))
    async with chat(tmp_path, plugins=[MemoryPlugin()], model=failing) as ann:
        await ann.says(SAID)
        collected = trace(ann)
        await ann.says(ASKED)
    spans = {span.name: span for span in collected.get_finished_spans()}
    assert spans["first token"].status.status_code is StatusCode.ERROR
    assert spans["first token"].status.description == "ModelError"
    assert spans["answer"].status.is_ok
    assert spans["answer"].attributes
    assert spans["answer"].attributes["scrubjay.quoted"] is True
    assert not any("127.0.0.1" in span.to_json() for span in spans.values())


async def test_without_being_asked_to_it_measures_nothing() -> None:
    async with open_tracer(TracingSettings()) as tracer:
        assert tracer is NO_TRACER


async def test_traces_are_sent_to_the_collector_that_is_set_and_the_last_ones_at_the_end(tmp_path: Path) -> None:
    async with (
        collector() as (address, received),
        open_tracer(TracingSettings(enabled=True, endpoint=address)) as tracer,
        chat(tmp_path, plugins=[MemoryPlugin()]) as ann,
    ):
        ann.core.services.answering.answerer.tracer = tracer
        await ann.says(SAID)
        await ann.says(ASKED)
    spans = [span.name for each in received for one in each.resource_spans for s in one.scope_spans for span in s.spans]
    assert {"reply", "wait", "answer", "recall", "send"} <= set(spans)
    resource = received[0].resource_spans[0].resource
    assert ("service.name", "scrubjay") in {(each.key, each.value.string_value) for each in resource.attributes}


async def test_the_standard_variables_say_where_to_and_under_which_name(monkeypatch: pytest.MonkeyPatch) -> None:
    async with collector() as (address, received):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        monkeypatch.setenv("OTEL_SERVICE_NAME", "my bot")
        async with open_tracer(TracingSettings(enabled=True)) as tracer:
            with tracer.span("answer"):
                pass
    resource = received[0].resource_spans[0].resource
    assert ("service.name", "my bot") in {(each.key, each.value.string_value) for each in resource.attributes}


async def test_a_collector_that_is_down_holds_up_no_answer(tmp_path: Path, unused_tcp_port: int) -> None:
    down = TracingSettings(enabled=True, endpoint=f"http://127.0.0.1:{unused_tcp_port}")
    async with open_tracer(down) as tracer, chat(tmp_path, plugins=[MemoryPlugin()]) as ann:
        ann.core.services.answering.answerer.tracer = tracer
        await ann.says(SAID)
        assert "Inês" in "".join(await ann.says(ASKED))


async def test_without_the_library_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "bot.answering.opentelemetry_traces", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(ConfigError, match="scrubjay extras add tracing"):
        async with open_tracer(TracingSettings(enabled=True)):
            pass
