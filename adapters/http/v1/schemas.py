"""The bodies of requests below /v1; what OpenAI's API has beside them is passed over, as its clients expect."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from bot.answering import Sampling, ToolSpec, Turn
from bot.errors import CommandError

_MOST_STOPS = 16
_MOST_MESSAGES = 2000
_MOST_TOOLS = 128
_MOST_CALLS = 8


class _Shape(BaseModel):
    """What all share: fields that are not known are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class TextPart(_Shape):
    """A piece of a message's content; only texts can be read."""

    type: str
    text: str | None = None


class FunctionCall(_Shape):
    """A function that the model has asked for, with its arguments as JSON."""

    name: str
    arguments: str = "{}"


class WantedTool(_Shape):
    """A call as the assistant's message had it."""

    id: str = ""
    function: FunctionCall


class ChatMessage(_Shape):
    """One message of a chat."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[TextPart] | None = None
    name: str | None = None
    tool_calls: list[WantedTool] | None = None
    tool_call_id: str | None = None

    @property
    def text(self) -> str:
        """The whole text. Raises CommandError for a picture or a sound."""
        if isinstance(self.content, list):
            if unread := {part.type for part in self.content if part.type not in ("text", "input_text")}:
                raise CommandError(
                    f"messages: content of the type {', '.join(sorted(unread))} can't be read, only text"
                )
            said = "\n".join(part.text or "" for part in self.content)
        else:
            said = self.content or ""
        calls = [f"[calls {call.function.name}({call.function.arguments})]" for call in self.tool_calls or ()]
        return "\n".join(part for part in (said, *calls) if part)

    def turn(self, called: Mapping[str, str]) -> Turn:
        """Return the message as a turn of a prompt; what one of the functions `called` returned is told as data."""
        if self.role in ("system", "developer"):
            return Turn("system", self.text)
        if self.role in ("tool", "function"):
            return Turn(
                "user", f"Result of {self.name or called.get(self.tool_call_id or '') or 'the call'}:\n{self.text}"
            )
        return Turn("assistant" if self.role == "assistant" else "user", self.text)


class FunctionShape(_Shape):
    """A function that the model may ask for; `parameters` is a JSON schema."""

    name: Annotated[str, Field(min_length=1, max_length=64)]
    description: str = ""
    parameters: dict[str, JsonValue] = {}


class ToolShape(_Shape):
    """A tool; only functions are known."""

    type: Literal["function"] = "function"
    function: FunctionShape

    @property
    def spec(self) -> ToolSpec:
        """The tool as models are told of it."""
        schema = self.function.parameters or {"type": "object", "properties": {}}
        return ToolSpec(self.function.name, self.function.description, json.dumps(schema))


class FunctionName(_Shape):
    """The name of a function."""

    name: str


class NamedTool(_Shape):
    """The tool that is to be called."""

    type: Literal["function"] = "function"
    function: FunctionName


class StreamOptions(_Shape):
    """What a stream brings beside the text."""

    include_usage: bool = False


class ResponseFormat(_Shape):
    """What the answer's form is: text, a JSON object, or one by a schema."""

    type: Literal["text", "json_object", "json_schema"] = "text"
    json_schema: dict[str, JsonValue] | None = None

    @property
    def schema_text(self) -> str | None:
        """The schema, as JSON, that the answer is held to."""
        if self.type == "text":
            return None
        wanted = (self.json_schema or {}).get("schema") if self.type == "json_schema" else None
        return json.dumps(wanted or {"type": "object"})


class SamplingShape(_Shape):
    """How the next token is chosen. What is left out is as the settings of the bot have it."""

    temperature: Annotated[float | None, Field(ge=0, le=5)] = None
    top_p: Annotated[float | None, Field(gt=0, le=1)] = None
    top_k: Annotated[int | None, Field(ge=1)] = None
    min_p: Annotated[float | None, Field(ge=0, le=1)] = None
    repeat_penalty: Annotated[float | None, Field(gt=0)] = None
    presence_penalty: Annotated[float, Field(ge=-2, le=2)] = 0
    frequency_penalty: Annotated[float, Field(ge=-2, le=2)] = 0
    seed: Annotated[int | None, Field(ge=0)] = None
    max_tokens: Annotated[int | None, Field(ge=1)] = None
    max_completion_tokens: Annotated[int | None, Field(ge=1)] = None
    stop: str | Annotated[list[str], Field(max_length=_MOST_STOPS)] | None = None
    stream: bool = False
    stream_options: StreamOptions | None = None
    user: str | None = None
    n: Literal[1] | None = None

    def change(self, sampling: Sampling) -> Sampling:
        """Return a sampling with what this request says; the text may then end anywhere, as its tokens do."""
        stops = (self.stop,) if isinstance(self.stop, str) else None if self.stop is None else tuple(self.stop)
        said = {
            "temperature": self.temperature,
            "top_p": self.top_p,
            "top_k": self.top_k,
            "min_p": self.min_p,
            "repeat_penalty": self.repeat_penalty,
            "seed": self.seed,
            "max_tokens": self.max_completion_tokens or self.max_tokens,
            "stop": stops,
        }
        given = {name: value for name, value in said.items() if value is not None}
        return replace(sampling, **given, whole_sentences=False)  # type: ignore[arg-type] # each is of its field's type


class ChatRequest(SamplingShape):
    """The body of /v1/chat/completions."""

    model: str
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=_MOST_MESSAGES)]
    tools: Annotated[list[ToolShape], Field(max_length=_MOST_TOOLS)] | None = None
    tool_choice: Literal["none", "auto", "required"] | NamedTool | None = None
    parallel_tool_calls: bool = True
    response_format: ResponseFormat | None = None

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The messages as turns: the system's in one at the beginning, and the others alternating."""
        called = {tool.id: tool.function.name for message in self.messages for tool in message.tool_calls or ()}
        turns = [message.turn(called) for message in self.messages]
        rules = "\n\n".join(turn.text for turn in turns if turn.role == "system" and turn.text)
        merged: list[Turn] = [Turn("system", rules)] if rules else []
        for turn in turns:
            if turn.role == "system":
                continue
            if merged and merged[-1].role == turn.role:
                merged[-1] = Turn(turn.role, f"{merged[-1].text}\n\n{turn.text}")
            else:
                merged.append(turn)
        if not merged or merged[-1].role != "user" or not merged[-1].text.strip():
            raise CommandError("messages: the last one must be the user's, with a text")
        return tuple(merged)

    @property
    def wanted_tools(self) -> list[ToolSpec]:
        """The tools that may be asked for."""
        specs = [tool.spec for tool in self.tools or ()]
        if isinstance(self.tool_choice, NamedTool):
            name = self.tool_choice.function.name
            specs = [spec for spec in specs if spec.name == name]
            if not specs:
                raise CommandError(f"tool_choice: {name} is none of the tools")
        return [] if self.tool_choice == "none" else specs

    @property
    def must_call(self) -> bool:
        """Whether a call is wanted, not an answer."""
        return self.tool_choice == "required" or isinstance(self.tool_choice, NamedTool)

    @property
    def most_calls(self) -> int:
        """How many calls one answer may ask for."""
        return _MOST_CALLS if self.parallel_tool_calls else 1


class CompletionRequest(SamplingShape):
    """The body of /v1/completions."""

    model: str
    prompt: str | Annotated[list[str], Field(min_length=1, max_length=1)]

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The prompt as the user's turn."""
        prompt = self.prompt if isinstance(self.prompt, str) else self.prompt[0]
        if not prompt.strip():
            raise CommandError("prompt: it is empty")
        return (Turn("user", prompt),)


class EmbeddingRequest(_Shape):
    """The body of /v1/embeddings."""

    model: str
    input: str | Annotated[list[str], Field(min_length=1, max_length=2048)]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = None

    @property
    def texts(self) -> list[str]:
        """The texts."""
        return [self.input] if isinstance(self.input, str) else list(self.input)
