"""What a server's reply says: the text and token counts in it, and the words for its failures."""

from __future__ import annotations

import json
from dataclasses import dataclass

import httpx

from bot.models import WantedCall

_SHOWN = 200

JsonObject = dict[str, object]


@dataclass(frozen=True, slots=True)
class Chunk:
    """One event of a streamed completion; what it does not say is empty, False or None.

    `cut` says that the answer has reached its token limit.
    """

    text: str = ""
    finished: bool = False
    cut: bool = False
    error: str = ""
    prompt_tokens: int | None = None
    reused_tokens: int | None = None
    generated_tokens: int | None = None


def read_chunk(data: str) -> Chunk | None:
    """Return what an event's data says, None if it is not a JSON object.

    Reads streamed deltas and whole messages alike: some servers answer at once although asked to stream.
    """
    try:
        reply = json.loads(data)
    except ValueError:
        return None
    if not isinstance(reply, dict):
        return None
    if reply.get("error"):
        return Chunk(error=error_message(data))
    choices = reply.get("choices")
    choice = _object(choices[0] if isinstance(choices, list) and choices else None)
    content = _object(choice.get("delta") or choice.get("message")).get("content")
    usage = _object(reply.get("usage"))
    return Chunk(
        text=content if isinstance(content, str) else "",
        finished=bool(choice.get("finish_reason")),
        cut=choice.get("finish_reason") == "length",
        prompt_tokens=_number(usage.get("prompt_tokens")),
        reused_tokens=_number(_object(usage.get("prompt_tokens_details")).get("cached_tokens")),
        generated_tokens=_number(usage.get("completion_tokens")),
    )


def read_calls(body: str) -> tuple[WantedCall, ...] | None:
    """Return the functions that a whole reply asks for; None when it is not a model's reply."""
    try:
        reply = _object(json.loads(body))
    except ValueError:
        return None
    choices = reply.get("choices")
    if not isinstance(choices, list) or not choices:
        return None
    wanted = _object(_object(choices[0]).get("message")).get("tool_calls")
    functions = [_object(_object(each).get("function")) for each in wanted] if isinstance(wanted, list) else []
    return tuple(WantedCall(str(each.get("name")), _write_arguments(each.get("arguments"))) for each in functions)


def _write_arguments(arguments: object) -> str:
    """Return arguments as JSON; some servers send the object itself."""
    return arguments if isinstance(arguments, str) else json.dumps(arguments or {})


def error_message(body: str) -> str:
    """Return what an error reply says, short and on one line, whether it is the API's JSON or anything else."""
    try:
        said = _object(json.loads(body))
    except ValueError:
        return excerpt(body)
    error = said.get("error", said.get("message", said.get("detail")))
    message = _object(error).get("message", error)
    return excerpt(message if isinstance(message, str) else body)


def excerpt(text: str) -> str:
    """Return the beginning of a text on one line, without what a terminal would act on."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text[: 4 * _SHOWN]).split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def _object(value: object) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def advice_for(status: int) -> str:
    """Return the sentence that says what to do about a failing status."""
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return "Set model.api_key to a key that it accepts."
    if status == httpx.codes.NOT_FOUND:
        return "Look whether model.base_url (it usually ends in /v1) and model.name are right."
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return "It is busy or the key's quota is used up: wait, then ask again."
    if httpx.codes.is_redirect(status):
        return "Set model.base_url to the address it points to."
    if httpx.codes.is_client_error(status):
        return "Look whether model.name and model.context_size fit what it serves."
    return "Look into the server's log, then ask again."
