"""An answer that is data: a model held to a JSON schema, and what it wrote, read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace

from pydantic import JsonValue

from bot.answering.closing import closable
from bot.errors import ModelError
from bot.models import LanguageModel, Prompt, Sampling, Turn

JsonSchema = dict[str, JsonValue]


async def write_json(
    model: LanguageModel,
    turns: Sequence[Turn],
    schema: JsonSchema,
    sampling: Sampling,
    *,
    background: bool = False,
) -> dict[str, JsonValue]:
    """Have a model write an object by this schema. Servers that know no schemas may ignore it, so check what comes.

    Raises ModelError when the model can't follow schemas, fails, or writes no object.
    """
    if not model.follows_schemas:
        raise ModelError(f"The model {model.name} can't write by a schema.")
    held = replace(sampling, json_schema=json.dumps(schema))
    text = ""
    prompt = Prompt(tuple(turns), turns[-1].text, background=background)
    async with aclosing(closable(model.stream(prompt, held))) as pieces:
        async for piece in pieces:
            text += piece
    return _read(text)


def _read(text: str) -> dict[str, JsonValue]:
    """Return the object in a text; some servers put it in a code fence, or words before it."""
    start, end = text.find("{"), text.rfind("}")
    try:
        value = json.loads(text[start : end + 1], strict=False)  # llama.cpp's grammar lets control characters in
    except ValueError as error:
        raise ModelError(f"The model was to write JSON, and wrote {text.strip()[:200]!r}.") from error
    if not isinstance(value, dict):
        raise ModelError(f"The model was to write an object, and wrote {text.strip()[:200]!r}.")
    return value
