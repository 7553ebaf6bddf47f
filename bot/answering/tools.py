"""Functions of plugins that a language model may call, and what they can't reach.

The model chooses its calls in requests of their own, which hold the bot's fixed words, the question of the person who
asks, and what came of earlier calls: never a memory, a file or the history, which strangers may have written. It
answers in another request, which holds those, and in which nothing can be called. So no text but the asker's own can
bring about a call.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from pydantic import JsonValue, ValidationError

from bot.answering.citations import said_on
from bot.errors import ModelError
from bot.hosting.signature import Parameter
from bot.models import CallsTools, LanguageModel, Sampling, ToolSpec, Turn
from bot.models.json_answer import JsonSchema, write_json

logger = logging.getLogger(__name__)

MOST_CALLS = 4
"""In one turn, failed ones included."""
MOST_ROUNDS = 3
RESULT_CHARS = 4000
_DECISION_TOKENS = 300
_RULES = (
    "You can call tools for the person you talk with. Decide which calls, if any, their message asks for. Only call a "
    "tool for what the message says, with arguments taken from it; questions about what was said or written need "
    "none."
)
_JSON_RULES = (
    ' Reply with JSON: {"calls": [{"tool": NAME, "arguments": {…}}]}, or {"calls": []} when nothing is to be called.'
    "\n\nThe tools:\n"
)

ToolMethod = Callable[..., Awaitable[str | None]]
"""A coroutine that is given a Context and its arguments, and returns what the model is told."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A method that a model may call. `trusted` says that its results hold no words of files or strangers.

    One `by_name` is given its arguments as one mapping, and otherwise each at its place.
    """

    name: str
    help: str
    handler: ToolMethod
    parameters: tuple[Parameter, ...] = ()
    trusted: bool = False
    plugin: str = ""
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that was made: with which arguments, what came of it, and whether it failed."""

    tool: str
    plugin: str
    arguments: dict[str, JsonValue]
    result: str
    failed: bool = False

    @property
    def shown(self) -> str:
        """The call and its result on one line."""
        given = ", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in self.arguments.items())
        return f"{self.tool}({given}): {self.result}"


Run = Callable[[Tool, Sequence[object]], Awaitable[tuple[str, bool]]]
"""Runs a tool for the person who asks; returns what to tell the model, and whether it failed. Raises nothing."""


@dataclass(slots=True)
class Toolbox:
    """The tools that one turn may use, and what was called in it."""

    tools: Sequence[Tool]
    run: Run
    calls: list[ToolCall] = field(default_factory=list)

    async def use(self, model: LanguageModel, words: str, now: datetime, sampling: Sampling) -> tuple[ToolCall, ...]:
        """Let a model call what the asker's own `words` ask for; return the calls. A model that fails calls nothing.

        After a call it may go on, as long as nothing came back that somebody else may have written.
        """
        if not self.tools or not model.follows_schemas:
            return ()
        held = replace(sampling, temperature=0.0, max_tokens=_DECISION_TOKENS, stop=())
        for _ in range(MOST_ROUNDS):
            try:
                wanted = await self._ask_for_calls(model, words, now, held)
            except ModelError as error:
                logger.warning("No tools are called: %s", error)
                break
            if not await self._call_all(wanted):
                break
        return tuple(self.calls)

    async def _ask_for_calls(
        self, model: LanguageModel, words: str, now: datetime, sampling: Sampling
    ) -> list[tuple[str, dict[str, JsonValue]]]:
        """Return the calls that the model chooses: in its own way to do so, else as JSON by a schema."""
        if isinstance(model, CallsTools):
            turns = self._turns(words, now, _RULES)
            calls = await model.choose_calls(turns, [spec_of(tool) for tool in self.tools], sampling)
            if calls is not None:
                return [(call.name, _object(call.arguments)) for call in calls]
        listed = "\n".join(json.dumps(_describe(tool), ensure_ascii=False) for tool in self.tools)
        turns = self._turns(words, now, f"{_RULES}{_JSON_RULES}{listed}")
        written = (await write_json(model, turns, schema_of(self.tools), sampling)).get("calls")
        chosen = [each for each in written if isinstance(each, dict)] if isinstance(written, list) else []
        return [(str(each.get("tool")), _fields(each.get("arguments"))) for each in chosen]

    async def _call_all(self, wanted: Sequence[tuple[str, dict[str, JsonValue]]]) -> bool:
        """Make the calls that are wanted; say whether the model may go on with what came of them."""
        by_name = {tool.name: tool for tool in self.tools}
        may_go_on = bool(wanted)
        for name, arguments in wanted:
            if len(self.calls) >= MOST_CALLS:
                return False
            tool = by_name.get(name)
            if tool is None or self._was_made(tool, arguments):
                may_go_on = False
                continue
            values, problem = _arguments(tool, arguments)
            result, failed = await self.run(tool, values) if problem is None else (problem, True)
            self.calls.append(ToolCall(tool.name, tool.plugin, arguments, result[:RESULT_CHARS], failed))
            may_go_on = may_go_on and (tool.trusted or problem is not None)
        return may_go_on

    def _was_made(self, tool: Tool, arguments: dict[str, JsonValue]) -> bool:
        return any(call.tool == tool.name and call.arguments == arguments for call in self.calls)

    def _turns(self, words: str, now: datetime, rules: str) -> tuple[Turn, ...]:
        told = "".join(f"\nAlready called: {call.shown}" for call in self.calls)
        return Turn("system", rules), Turn("user", f"It is {now:%A}, {said_on(now, None)}.{told}\n\n{words}")


def spec_of(tool: Tool) -> ToolSpec:
    """Return a tool as models with a way of their own see it."""
    definitions: dict[str, JsonValue] = {}
    arguments = _fields(_arguments_schema(tool, definitions))
    return ToolSpec(tool.name, tool.help, json.dumps({**arguments, "$defs": definitions} if definitions else arguments))


def schema_of(tools: Sequence[Tool]) -> JsonSchema:
    """Return the schema that a model's choice of calls is held to."""
    definitions: dict[str, JsonValue] = {}
    options: list[JsonValue] = []
    for tool in tools:
        arguments = _arguments_schema(tool, definitions)
        call: JsonValue = {
            "type": "object",
            "properties": {"tool": {"const": tool.name}, "arguments": arguments},
            "required": ["tool", "arguments"],
            "additionalProperties": False,
        }
        options.append(call)
    schema: JsonSchema = {
        "type": "object",
        "properties": {"calls": {"type": "array", "items": {"anyOf": options}, "maxItems": MOST_CALLS}},
        "required": ["calls"],
        "additionalProperties": False,
    }
    return {**schema, "$defs": definitions} if definitions else schema


def _arguments_schema(tool: Tool, definitions: dict[str, JsonValue]) -> JsonValue:
    """Return the schema of a tool's arguments; what they refer to goes to the definitions of the whole."""
    properties: dict[str, JsonValue] = {}
    for parameter in tool.parameters:
        own: dict[str, JsonValue] = parameter.type.json_schema(ref_template=f"#/$defs/{tool.name}.{{model}}")
        inner = own.pop("$defs", {})
        if isinstance(inner, dict):
            definitions.update({f"{tool.name}.{name}": value for name, value in inner.items()})
        described: dict[str, JsonValue] = {"description": parameter.help} if parameter.help else {}
        properties[parameter.name] = {"type": "array", "items": own} if parameter.many else {**own, **described}
    required: list[JsonValue] = [parameter.name for parameter in tool.parameters if parameter.required]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _object(written: str) -> dict[str, JsonValue]:
    """Return the arguments that a model wrote; none where they are not an object."""
    try:
        return _fields(json.loads(written or "{}", strict=False))
    except ValueError:
        return {}


def _fields(value: JsonValue) -> dict[str, JsonValue]:
    return value if isinstance(value, dict) else {}


def _describe(tool: Tool) -> dict[str, JsonValue]:
    arguments = {parameter.name: parameter.help or "" for parameter in tool.parameters}
    return {"tool": tool.name, "does": tool.help, "arguments": {**arguments}}


def _arguments(tool: Tool, given: dict[str, JsonValue]) -> tuple[list[object], str | None]:
    """Return a model's arguments, converted, or what is wrong with them in words for the model."""
    unknown = given.keys() - {parameter.name for parameter in tool.parameters}
    if unknown:
        return [], f"error: {tool.name} has no {', '.join(sorted(unknown))}"
    values: list[object] = []
    named: dict[str, object] = {}
    for parameter in tool.parameters:
        if parameter.name not in given:
            if parameter.required:
                return [], f"error: {parameter.name} is missing"
            if tool.by_name:
                continue
            break  # the method's own defaults stand for this one and those after it
        raw = given[parameter.name]
        try:
            several = raw if parameter.many and isinstance(raw, list) else [raw]
            values += [parameter.type.validate_python(each) for each in several]
            named[parameter.name] = values[-1] if values else None
        except ValidationError as error:
            return [], f"error: {parameter.name}: {error.errors()[0]['msg']}"
    return ([named] if tool.by_name else values), None
