"""Every route of the HTTP API, sent what no client sends: an answer that says so, never a fault of the server."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from tests.adapters.web_bot import web_bot

Json = dict[str, Any]
_VALUES = (
    r'"\ud83d ferry"', r'"\u0000"', '""', '"%00"', '"' + "a " * 100_000 + '"', '"' + "(" * 2000 + '"',
    "1e308", "NaN", "-1", "0", "9223372036854775808", "1" + "0" * 30, "null", "true", "[]", "{}", "[-1]",
    "[99999999999999999999]", "[" * 50_000 + "]" * 50_000, '"9999-12-31T23:59:59Z"', '"0001-01-01T00:00:00Z"',
)  # fmt: skip
"""What each field of a body is set to, and bodies themselves."""
_PARAMETERS = ("-1", "0", "abc", "NaN", "1e400", "9" * 20, "9223372036854775807", "%00", "%ED%A0%80", "a" * 5000)
_METHODS = ("get", "post", "put", "patch", "delete")
_GOOD: Json = {"string": "hello", "integer": 1, "number": 1.0, "boolean": True, "array": [1]}


async def send_everything() -> tuple[int, int]:
    """Return how many requests were sent to how many routes. Raises AssertionError where one made a fault."""
    with tempfile.TemporaryDirectory(prefix="scrubjay-requests-") as folder:
        async with web_bot(Path(folder)) as web:
            program = await web.program()
            described: Json = (await program.get("/openapi.json")).json()
            cases = [case for path in described["paths"] for case in _cases(described, path)]
            for method, address, body in cases:
                await _send(program, method, address, body)
            assert (await program.post("/api/recall", json={"question": "anything?"})).status_code == 200
    return len(cases), len(described["paths"])


async def _send(program: httpx.AsyncClient, method: str, address: str, body: str | None) -> None:
    headers = {} if body is None else {"Content-Type": "application/json"}
    answer = await program.request(method, address, content=body, headers=headers)
    what = f"{method} {address[:100]} {(body or '')[:100]}: {answer.status_code} {answer.text[:200]}"
    assert answer.status_code < 500, what
    assert answer.status_code not in (401, 403, 429), f"it was not even looked at: {what}"


def _cases(described: Json, path: str) -> Iterator[tuple[str, str, str | None]]:
    """Yield what is sent to one route: method, address, body."""
    for method in _METHODS:
        operation: Json = described["paths"][path].get(method, {})
        for parameter in operation.get("parameters", []):
            for value in _PARAMETERS:
                yield method, _address(path, parameter, value), None
        schema = _schema_of(described, operation)
        for body in _bodies(schema) if schema else ():
            yield method, _address(path), body


def _address(path: str, parameter: Json | None = None, value: str = "1") -> str:
    """Return the address with one parameter of this value, and 1 for the others."""
    if parameter is not None and parameter["in"] == "path":
        path = path.replace(f"{{{parameter['name']}}}", value)
    path = "/".join("1" if part.startswith("{") else part for part in path.split("/"))
    return f"{path}?{parameter['name']}={value}" if parameter is not None and parameter["in"] == "query" else path


def _schema_of(described: Json, operation: Json) -> Json | None:
    """Return what the body of a request is to be like; None where there is none in JSON."""
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body is None:
        return None
    schema: Json = body["schema"]
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Json = described["components"]["schemas"][name] if name else schema
    return found


def _bodies(schema: Json) -> Iterator[str]:
    """Yield bodies in which each field in its turn is wrong, with what is required beside it; and wrong bodies."""
    fields: Json = schema.get("properties", {})
    required = {name: _GOOD.get(fields[name].get("type", "")) for name in schema.get("required", [])}
    for field in fields:
        others = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in required.items() if name != field]
        for value in _VALUES:
            yield "{" + ", ".join([*others, f"{json.dumps(field)}: {value}"]) + "}"
    yield from _VALUES
