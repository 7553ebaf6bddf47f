"""/v1/chat/completions: with the memory as the model "scrubjay", or the language model alone under its own name."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from adapters.http.errors import UnknownModelError
from adapters.http.event_stream import EventStreamResponse
from adapters.http.security.authentication import CallerOf
from adapters.http.services import services_of
from adapters.http.v1.chunks import (
    DONE,
    Envelope,
    Fields,
    event,
    memory_fields,
    stream_events,
    tool_fields,
    usage_fields,
)
from adapters.http.v1.schemas import ChatRequest
from adapters.http.v1.writing import WITH_MEMORY, Writing, Written
from bot.answering import WantedCall

router = APIRouter(prefix="/v1", tags=["OpenAI"])


def check_model(request: Request, model: str) -> bool:
    """Say whether a request asks the memory. Raises HTTPException for a model that isn't there."""
    if model == WITH_MEMORY:
        return True
    if model != services_of(request).requests.model:
        raise UnknownModelError(f"There is no model “{model}” here; /v1/models lists those that are.")
    return False


@router.post("/chat/completions")
async def complete_chat(request: Request, body: ChatRequest, caller: CallerOf) -> Response:
    """Answer the last message. The model "scrubjay" answers from the memory and names its sources in "scrubjay"."""
    with_memory = check_model(request, body.model)
    turns, sampling = body.turns, body.change(caller.completions.sampling)
    if body.response_format is not None and not with_memory:
        sampling = replace(sampling, json_schema=body.response_format.schema_text)
    await caller.spend("answers")
    envelope = Envelope("chat.completion.chunk" if body.stream else "chat.completion", body.model, "chatcmpl")
    if tools := body.wanted_tools:
        calls = await caller.completions.choose_calls(
            turns, tools, sampling, must_call=body.must_call, most=body.most_calls
        )
    else:
        calls = ()
    if calls:
        return _call_tools(envelope, calls, streamed=body.stream)
    writing = Writing(caller, turns, sampling, with_memory=with_memory)
    if body.stream:
        with_usage = body.stream_options is not None and body.stream_options.include_usage
        return EventStreamResponse(_stream(envelope, writing, with_usage=with_usage))
    return JSONResponse(await _whole(envelope, writing))


async def _whole(envelope: Envelope, writing: Writing) -> Fields:
    async with writing:
        text = await writing.text()
    written = writing.written
    message = {"role": "assistant", "content": text}
    choice: Fields = {"index": 0, "message": message, "logprobs": None, "finish_reason": written.finish_reason}
    return envelope.wrap([choice], usage=usage_fields(written.usage), **memory_fields(written.answer))


def _stream(envelope: Envelope, writing: Writing, *, with_usage: bool) -> AsyncGenerator[str]:
    def usage(written: Written) -> Fields:
        return envelope.wrap([], usage=usage_fields(written.usage))

    return stream_events(
        writing,
        first=envelope.wrap([_delta({"role": "assistant", "content": ""})]),
        piece=lambda text: envelope.wrap([_delta({"content": text})]),
        last=lambda written: envelope.wrap([_delta({}, written.finish_reason)], **memory_fields(written.answer)),
        usage=usage if with_usage else None,
    )


def _call_tools(envelope: Envelope, calls: tuple[WantedCall, ...], *, streamed: bool) -> Response:
    if not streamed:
        message = {"role": "assistant", "content": None, "tool_calls": tool_fields(calls, streamed=False)}
        choice: Fields = {"index": 0, "message": message, "logprobs": None, "finish_reason": "tool_calls"}
        return JSONResponse(envelope.wrap([choice]))

    async def events() -> AsyncGenerator[str]:
        yield event(envelope.wrap([_delta({"role": "assistant", "tool_calls": tool_fields(calls, streamed=True)})]))
        yield event(envelope.wrap([_delta({}, "tool_calls")]))
        yield DONE

    return EventStreamResponse(events())


def _delta(delta: Fields, finish_reason: str | None = None) -> Fields:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
