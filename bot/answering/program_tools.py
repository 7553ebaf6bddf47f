"""Functions of a program that asks for a completion: which of them the language model wants called.

Nothing is called here. The program makes the calls, and tells the model in its next request what came of them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from pydantic import JsonValue

from bot.models import CallsTools, LanguageModel, Sampling, ToolSpec, Turn, WantedCall
from bot.models.json_answer import JsonSchema, write_json

MOST_CALLS = 8
"""Of one answer."""
_DECISION_TOKENS = 400
_REFERENCE = "$ref"
_DEFINITIONS = ("$defs", "definitions")
_RULES = (
    "You can call functions. Decide which calls, if any, the last message needs now; what was called before stands in "
    'the conversation with its result. Reply with JSON: {"calls": [{"tool": NAME, "arguments": {…}}]}, or '
    '{"calls": []} when the message can be answered without another call.\n\nThe functions:\n'
)


async def choose_calls(
    model: LanguageModel,
    turns: Sequence[Turn],
    tools: Sequence[ToolSpec],
    sampling: Sampling,
    *,
    must_call: bool = False,
    most: int = MOST_CALLS,
) -> tuple[WantedCall, ...]:
    """Return what a model wants called: in its own way to ask for that, else as JSON that a schema holds it to.

    Only the functions that are offered come back, `most` at most. A model that can do neither wants none, unless it
    `must_call`: then it is a ModelError, as every failure.
    """
    calls = None
    if isinstance(model, CallsTools):
        calls = await model.choose_calls(turns, tools, sampling, must_call=must_call)
    if calls is None and (model.follows_schemas or must_call):
        calls = await _choose_by_schema(model, turns, tools, sampling, (int(must_call), most))
    names = {tool.name for tool in tools}
    return tuple(call for call in calls or () if call.name in names)[:most]


async def _choose_by_schema(
    model: LanguageModel, turns: Sequence[Turn], tools: Sequence[ToolSpec], sampling: Sampling, count: tuple[int, int]
) -> tuple[WantedCall, ...]:
    listed = "\n".join(
        json.dumps({"tool": tool.name, "does": tool.help, "arguments": json.loads(tool.schema)}, ensure_ascii=False)
        for tool in tools
    )
    rules = f"{_RULES}{listed}"
    said = list(turns)
    if said[0].role == "system":
        rules = f"{said.pop(0).text}\n\n{rules}"
    held = replace(sampling, temperature=0.0, max_tokens=max(sampling.max_tokens, _DECISION_TOKENS), stop=())
    written = (await write_json(model, [Turn("system", rules), *said], schema_of_calls(tools, count), held)).get(
        "calls"
    )
    chosen = [each for each in written if isinstance(each, dict)] if isinstance(written, list) else []
    return tuple(
        WantedCall(str(each.get("tool")), json.dumps(each.get("arguments") or {}, ensure_ascii=False))
        for each in chosen
    )


def schema_of_calls(tools: Sequence[ToolSpec], count: tuple[int, int]) -> JsonSchema:
    """Return the schema of a choice of calls, between so many; what a function's schema refers to moves to the top."""
    definitions: dict[str, JsonValue] = {}
    options: list[JsonValue] = []
    for tool in tools:
        arguments = json.loads(tool.schema)
        for place in _DEFINITIONS:
            for name, definition in (arguments.pop(place, None) or {}).items():
                definitions[f"{tool.name}.{name}"] = _refer_to_top(definition, tool.name)
        options.append(
            {
                "type": "object",
                "properties": {"tool": {"const": tool.name}, "arguments": _refer_to_top(arguments, tool.name)},
                "required": ["tool", "arguments"],
                "additionalProperties": False,
            }
        )
    least, most = count
    schema: JsonSchema = {
        "type": "object",
        "properties": {
            "calls": {"type": "array", "items": {"anyOf": options}, "minItems": least, "maxItems": most},
        },
        "required": ["calls"],
        "additionalProperties": False,
    }
    return {**schema, "$defs": definitions} if definitions else schema


def _refer_to_top(schema: JsonValue, tool: str) -> JsonValue:
    """Return a schema whose references find the definitions where they have moved to."""
    if isinstance(schema, list):
        return [_refer_to_top(each, tool) for each in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {key: _refer_to_top(value, tool) for key, value in schema.items()}
    target = schema.get(_REFERENCE)
    for place in _DEFINITIONS:
        if isinstance(target, str) and target.startswith(f"#/{place}/"):
            changed[_REFERENCE] = f"#/$defs/{tool}.{target.removeprefix(f'#/{place}/')}"
    return changed
