"""From the JSON schema of a tool's arguments to parameters as the bot checks and shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import TypeAdapter, WithJsonSchema

from bot.adapter import Parameter

_TYPES: Mapping[str, Any] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "array": list,
    "object": dict,
}
_MOST_NAME_CHARS = 64
_UNFIT = re.compile(r"[^A-Za-z0-9_-]+")


def parameters_of(schema: Mapping[str, object]) -> tuple[Parameter, ...]:
    """Return a parameter for each property; the server itself checks what the type alone does not."""
    properties, required = schema.get("properties"), schema.get("required")
    known = properties if isinstance(properties, dict) else {}
    needed = required if isinstance(required, list) else []
    return tuple(_parameter(name, each, required=name in needed) for name, each in known.items())


def tool_name(server: str, tool: str) -> str:
    """Return what a server's tool is called here: names of several servers don't clash."""
    return _UNFIT.sub("_", f"{server}_{tool}")[:_MOST_NAME_CHARS]


def _parameter(name: str, schema: object, *, required: bool) -> Parameter:
    described = schema if isinstance(schema, dict) else {}
    kind = _TYPES.get(str(described.get("type")), Any)
    kept: Any = Annotated[kind, WithJsonSchema(described)]
    adapter: TypeAdapter[object] = TypeAdapter(kept)
    return Parameter(
        name=name,
        type=adapter,
        help=str(described.get("description", "")),
        required=required,
    )
