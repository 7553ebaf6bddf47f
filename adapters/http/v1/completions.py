"""/v1/completions: the older form, a prompt and its text; the prompt is put to the model as a user's message."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from adapters.http.event_stream import EventStreamResponse
from adapters.http.security.authentication import CallerOf
from adapters.http.v1.chat_completions import check_model
from adapters.http.v1.chunks import Envelope, Fields, memory_fields, stream_events, usage_fields
from adapters.http.v1.schemas import CompletionRequest
from adapters.http.v1.writing import Writing, Written

router = APIRouter(prefix="/v1", tags=["OpenAI"])


@router.post("/completions")
async def complete(request: Request, body: CompletionRequest, caller: CallerOf) -> Response:
    """Write what follows a prompt."""
    with_memory = check_model(request, body.model)
    turns, sampling = body.turns, body.change(caller.completions.sampling)
    await caller.spend("answers")
    envelope = Envelope("text_completion", body.model, "cmpl")
    writing = Writing(caller, turns, sampling, with_memory=with_memory)
    if not body.stream:
        async with writing:
            text = await writing.text()
        done = writing.written
        more = memory_fields(done.answer)
        whole = envelope.wrap([_choice(text, done.finish_reason)], usage=usage_fields(done.usage), **more)
        return JSONResponse(whole)

    def usage(written: Written) -> Fields:
        return envelope.wrap([], usage=usage_fields(written.usage))

    events = stream_events(
        writing,
        first=None,
        piece=lambda text: envelope.wrap([_choice(text, None)]),
        last=lambda written: envelope.wrap([_choice("", written.finish_reason)], **memory_fields(written.answer)),
        usage=usage if body.stream_options is not None and body.stream_options.include_usage else None,
    )
    return EventStreamResponse(events)


def _choice(text: str, finish_reason: str | None) -> Fields:
    return {"index": 0, "text": text, "logprobs": None, "finish_reason": finish_reason}
