"""What is asked of a server: the body of a request for a completion."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence

from bot.models import Picture, Sampling, ToolSpec, Turn
from bot.models.templates import defuse_all
from bot.models.visible_text import turn_text


def request_body(
    model: str | None, turns: Sequence[Turn], sampling: Sampling, *, extra_fields: bool
) -> dict[str, object]:
    """Return the request for a streamed completion; what is not set is left to the server."""
    body: dict[str, object] = {
        "model": model,
        "messages": [{"role": turn.role, "content": _content(turn)} for turn in turns],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": sampling.temperature,
        "max_tokens": sampling.max_tokens,
    }
    optional: dict[str, object] = {"top_p": sampling.top_p, "seed": sampling.seed, "stop": _stops(sampling)}
    if extra_fields:
        optional |= _extra_fields(sampling)
    if sampling.json_schema is not None:
        optional["response_format"] = _response_format(sampling.json_schema)
    return body | {key: value for key, value in optional.items() if value not in (None, [])}


def _content(turn: Turn) -> str | list[dict[str, object]]:
    """Return a turn's text; with pictures, as parts (https://platform.openai.com/docs/guides/images-vision)."""
    text = defuse_all(turn_text(turn))
    if not turn.pictures:
        return text
    shown: list[dict[str, object]] = [
        {"type": "image_url", "image_url": {"url": _data_url(picture)}} for picture in turn.pictures
    ]
    return [*shown, {"type": "text", "text": text}]


def _data_url(picture: Picture) -> str:
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode('ascii')}"


def _stops(sampling: Sampling) -> list[str]:
    """Return the stop texts for the server; blank ones are for its answer alone, and it may think in paragraphs."""
    return [stop for stop in sampling.stop if stop.strip()]


def whole(body: dict[str, object]) -> dict[str, object]:
    """Return the same request for an answer that comes at once."""
    return {key: value for key, value in body.items() if key != "stream_options"} | {"stream": False}


def _extra_fields(sampling: Sampling) -> dict[str, object]:
    """Return what OpenAI's API lacks, by the names of llama-server; other servers ignore what they don't know.

    vLLM knows the first two. Its own `repetition_penalty` is not sent: it punishes words of the prompt, and
    with them the names and dates that an answer is to repeat.
    """
    return {
        "top_k": sampling.top_k,
        "min_p": sampling.min_p,
        "repeat_penalty": sampling.repeat_penalty,
        "repeat_last_n": sampling.repeat_last_n,
    }


def _response_format(schema: str) -> dict[str, object]:
    """Return the request for an answer by a schema (https://platform.openai.com/docs/guides/structured-outputs).

    Not a "strict" one: that takes a part of JSON Schema only, and what comes is validated here in any case.
    """
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": json.loads(schema), "strict": False}}


def describe_function(tool: ToolSpec) -> dict[str, object]:
    """Return a function as the tools API has it."""
    about = {"name": tool.name, "description": tool.help, "parameters": json.loads(tool.schema)}
    return {"type": "function", "function": about}
