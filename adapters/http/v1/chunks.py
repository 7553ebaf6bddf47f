"""The objects that a completion is sent as, whole or in chunks, as OpenAI's API has them."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from adapters.http.v1.writing import Writing, Written
from bot.adapter import Usage
from bot.answering import Answer, WantedCall
from bot.errors import ScrubjayError

DONE = "data: [DONE]\n\n"
_PING = ": ping\n\n"
_CHUNK_MARK = "\x00"

Fields = dict[str, object]


@dataclass(frozen=True, slots=True)
class Envelope:
    """What every object of one completion carries."""

    kind: str
    model: str
    prefix: str
    id: str = field(default_factory=lambda: uuid4().hex)
    created: int = field(default_factory=lambda: int(time.time()))

    def wrap(self, choices: Sequence[Fields], **more: object) -> Fields:
        """Return an object with these choices."""
        head = {"id": f"{self.prefix}-{self.id}", "object": self.kind, "created": self.created, "model": self.model}
        return {**head, "choices": choices, **more}


def usage_fields(usage: Usage) -> Fields:
    """Return the tokens as clients read them."""
    total = usage.prompt_tokens + usage.completion_tokens
    return {"prompt_tokens": usage.prompt_tokens, "completion_tokens": usage.completion_tokens, "total_tokens": total}


def memory_fields(answer: Answer | None) -> Fields:
    """Return the extension field "scrubjay": on what an answer rests; nothing where no memory was asked."""
    if answer is None:
        return {}
    cited = dict(zip((source.n for source in answer.sources), answer.cited, strict=False))
    sources = [
        {
            "n": source.n,
            "id": cited.get(source.n),
            "text": source.text,
            "author": source.author,
            "said_at": source.said_at.isoformat(),
            "conversation": source.conversation,
            "platform": source.platform,
            "kind": source.kind,
            "score": round(source.score, 4),
            "link": source.link,
            "locator": source.locator,
        }
        for source in answer.sources
    ]
    return {"scrubjay": {"sources": sources, "abstained": answer.abstained, "problem": answer.problem}}


def tool_fields(calls: Sequence[WantedCall], *, streamed: bool) -> list[Fields]:
    """Return the calls that the model wants."""
    made: list[Fields] = [
        {
            "id": f"call_{uuid4().hex[:24]}",
            "type": "function",
            "function": {"name": call.name, "arguments": call.arguments},
        }
        for call in calls
    ]
    return [{"index": number, **call} for number, call in enumerate(made)] if streamed else made


def event(fields: Mapping[str, object]) -> str:
    """Return one server-sent event."""
    return f"data: {json.dumps(fields, ensure_ascii=False, separators=(',', ':'))}\n\n"


def text_template(fields: Mapping[str, object]) -> Callable[[str], str]:
    """Return what makes the event of a piece of text; all but the piece is written as JSON once."""
    before, after = event(fields).split(json.dumps(_CHUNK_MARK))
    return lambda piece: f"{before}{json.dumps(piece, ensure_ascii=False)}{after}"


async def stream_events(
    writing: Writing,
    *,
    first: Fields | None,
    piece: Callable[[str], Fields],
    last: Callable[[Written], Fields],
    usage: Callable[[Written], Fields] | None,
) -> AsyncGenerator[str]:
    """Yield the events of a completion that is being written, up to the end mark. A model that fails ends it."""
    made = text_template(piece(_CHUNK_MARK))
    async with writing:
        if first is not None:
            yield event(first)
        try:
            async for text in writing.pieces():
                yield made(text) if text else _PING
        except ScrubjayError as error:
            yield event({"error": {"message": str(error), "type": "server_error", "param": None, "code": None}})
            return
        yield event(last(writing.written))
        if usage is not None:
            yield event(usage(writing.written))
        yield DONE
